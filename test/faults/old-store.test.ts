// A gateway that is started on the store of one that knew no organizations yet: its keys work, and it adds up.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../gateway/src/store/sqlite/connection.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const STORE = join(import.meta.dirname, '../../gateway/src/store/sqlite');
/** That of the gateway which made the keys of rows-of-schema-1.sql. */
const SECRET = 'a-secret-of-the-first-gateway-0123456789';
const keyOf = (scope: string, letter: string): string => `tg_${scope}_${letter.repeat(32)}`;

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ credits: 0, settings: 'organization: acme' });
  await kit.end('SIGTERM');
  for (const suffix of ['', '-wal', '-shm', '.mark']) rmSync(`${kit.storeFile}${suffix}`, { force: true });
  writeFileSync(join(kit.folder, 'tollgate.secret'), SECRET);
  const connection = await connect(kit.storeFile, 'write', 0);
  for (const name of ['migrations/0001_ledger.sql', 'rows-of-schema-1.sql']) {
    await connection.exec(readFileSync(join(STORE, name), 'utf8'));
  }
  await connection.run('PRAGMA user_version = 1');
  await connection.close();
  await kit.start();
});
afterAll(() => kit.close());

const call = async (key: string) => {
  const answer = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};

test('its keys spend where they did, and a revoked one does not', async () => {
  expect((await call(keyOf('spend', 'a'))).body).toMatchObject({ code: 'insufficient_credits', available: 0.99995 });
  const granted = await kit.api('POST', 'grants', { id: 'more', amount: 5, reason: 'more' }, keyOf('operate', 'd'));
  expect(granted.body.grant).toMatchObject({ account: 'pool:acme' });
  const first = await call(keyOf('spend', 'a'));
  expect(first.status).toBe(200);
  expect(first.headers.get('credits-context')).toBe('acme/main');
  expect((await call(keyOf('spend', 'b'))).headers.get('credits-context')).toBe('acme/research');
  expect((await call(keyOf('spend', 'c'))).status).toBe(401);
});

test('its operator sees its workspaces, its calls and nothing that does not add up', async () => {
  const operate = keyOf('operate', 'd');
  const asked = async (path: string) => (await kit.api('GET', path, undefined, operate)).body;
  expect((await asked('workspaces')).workspaces).toMatchObject([{ name: 'main' }, { name: 'research' }]);
  expect((await asked('calls')).calls.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['c-1', 'c-2', 'c-3', 'c-4']),
  );
  // Its sweep ends what was open a year ago.
  await expect.poll(() => asked('verify')).toEqual({ ok: true, findings: [], more: false });
});
