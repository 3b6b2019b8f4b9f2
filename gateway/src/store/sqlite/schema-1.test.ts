// A store of the first schema, with rows that the version of then has written: it opens, adds up, and is spent on as before.
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microcredits } from '@tollgate/shared/credits';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashKey, type Key } from '../../keys/key.ts';
import { verify } from '../../ledger/verify.ts';
import { connect } from './connection.ts';
import { StoreTooOld } from './migrate.ts';
import { holdOf, reopen, settlementOf } from './sample-store.ts';
import { openSnapshot } from './snapshot.ts';
import { openStoppedStore } from './stopped-store.ts';

const SECRET = 'a-secret-of-the-first-gateway-0123456789';
const AFTER = 1_763_600_700_000;

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-schema-1-'));
  const connection = await connect(join(folder, 'old.db'), 'write', 0);
  for (const name of ['migrations/0001_ledger.sql', 'rows-of-schema-1.sql']) {
    await connection.exec(await readFile(new URL(name, import.meta.url), 'utf8'));
  }
  await connection.run('PRAGMA user_version = 1');
  await connection.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async ({ task }) => {
  file = join(folder, `${task.id}.db`);
  await copyFile(join(folder, 'old.db'), file);
});

async function opened() {
  const sample = await reopen(file, { organization: 'acme' });
  sample.clock.now = AFTER;
  return sample;
}

async function problems(): Promise<string[]> {
  const snapshot = await openSnapshot(file);
  const found = await Array.fromAsync(verify(snapshot, { at: AFTER, overdueMs: 60_000 }));
  await snapshot.close();
  return found.map(({ table, id, problem }) => `${table} ${id}: ${problem}`);
}

test('it adds up as soon as it is open', async () => {
  const { close } = await opened();
  await close();
  expect(await problems()).toEqual([]);
});

test('its keys are found by what a client presents, and belong to the first organization', async () => {
  const { store, close } = await opened();
  const record = await store.recordByLookup('key', hashKey(SECRET, `tg_spend_${'a'.repeat(32)}`));
  expect(record?.body as unknown as Key).toMatchObject({
    id: 'web',
    organization: 'acme',
    workspace: 'acme/main',
    contexts: [],
    labels: { team: 'x' },
    caps: [{ window: 'day', limit: 5_000_000 }],
    bypass: false,
  });
  const keys = await store.records('key', { organization: 'acme' });
  expect(keys.map(({ id, version }) => [id, version])).toEqual([
    ['lab', 1],
    ['old', 1],
    ['operator', 1],
    ['web', 1],
  ]);
  expect(keys.find(({ id }) => id === 'old')?.body).toMatchObject({ revokedAt: 1_763_600_400_500 });
  expect((await store.records('workspace', { prefix: 'acme/' })).map(({ body }) => body?.['name'])).toEqual(['main', 'research']);
  await close();
});

test('what a workspace made stays its own', async () => {
  const { store, close } = await opened();
  expect(await store.ownerOf('dune', 'exec-1')).toBe('acme/research');
  expect(await store.claimOwned('dune', 'exec-1', 'acme/main', 'c-9', AFTER)).toBe(false);
  expect(await store.claimOwned('dune', 'exec-2', 'acme/main', 'c-9', AFTER)).toBe(true);
  await close();
  expect(await problems()).toEqual([]);
});

test('it is spent on: new calls, and the job that was open', async () => {
  const { store, ledger, close } = await opened();
  const about = { ...holdOf('', 0).about, workspace: 'acme/main' };
  expect(await ledger.run(holdOf('c-5', 500, { sources: ['pool:acme'], about }))).toMatchObject({ ok: true, available: 999_450 });
  const settle = { type: 'settle', owner: 'p1', answer: null } as const;
  expect(await ledger.run({ ...settle, callId: 'c-5', settlement: settlementOf(500) })).toMatchObject({ ok: true });
  expect(await ledger.run({ ...settle, callId: 'c-3', settlement: settlementOf(30) })).toMatchObject({
    ok: true,
    repeated: false,
  });
  expect(await ledger.run({ ...settle, callId: 'c-1', settlement: settlementOf(250) })).toMatchObject({
    ok: true,
    repeated: true,
  });
  expect((await store.grantsOf('pool:acme')).map(({ id, spent, ended, terms }) => [id, spent, ended, terms])).toEqual([
    ['g-expires', 130, 170, null],
    ['g-main', 550, 0, null],
    ['g-spent', 150, 0, null],
  ]);
  expect(await store.answer('main/query.execute/abc')).toMatchObject({ status: 200 });
  await close();
  expect(await problems()).toEqual([]);
});

test.each([
  [`UPDATE keys SET scope = 'operate' WHERE id = 'web'`, 'records key web'],
  [`DELETE FROM keys WHERE id = 'old'`, 'meta records'],
  [`UPDATE meta SET sum = sum + 1 WHERE name = 'keys'`, 'meta records'],
  [`UPDATE owned SET workspace = 'main' WHERE id = 'exec-1'`, 'owned exec-1'],
  [`DELETE FROM owned WHERE id = 'exec-2'`, 'meta owned'],
  [`UPDATE grants SET spent = 149 WHERE id = 'g-spent'`, 'grants g-spent'],
])('what somebody has done to it by hand is still found: %s', async (sql, where) => {
  const connection = await connect(file, 'write', 0);
  await connection.run(sql);
  await connection.close();
  const { close } = await opened();
  await close();
  expect((await problems()).join('; ')).toContain(where);
});

test('without the name of an organization nothing is touched, and a reader says what to do', async () => {
  await expect(reopen(file)).rejects.toThrow('could not be brought to schema');
  await expect(openStoppedStore(file)).rejects.toThrow(StoreTooOld);
  const { store, close } = await opened();
  expect(await store.call('c-1')).toMatchObject({ charge: microcredits(250), limits: [], passed: [] });
  await close();
});
