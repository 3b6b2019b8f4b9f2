import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GatewayKit } from '../kit/gateway.ts';
import { withDatabase } from '../hammer/ledger-rows.ts';
import { flipBits } from './bit-flips.ts';
import { startFullStore } from './full-store.ts';
import { keepStore, runTollgate, type KeptStore } from './kept-store.ts';
import { columnsOf, type Column } from './tamper.ts';
import { tamperEvery } from './tamper-every.ts';

let kit: GatewayKit;
let kept: KeptStore;

beforeAll(async () => {
  kit = await startFullStore();
  kept = keepStore(kit, 'kept');
});
afterAll(() => kit.close());

test('a store that nobody touched adds up', async () => {
  expect(await runTollgate(kit, 'verify')).toMatchObject({ code: 0 });
});

/** One column of each table, another one in each; `npm run hammer` takes all of them. */
function oneOfEach(columns: readonly Column[]): Column[] {
  const tables = Object.values(Object.groupBy(columns, ({ table }) => table));
  return tables.flatMap((own = [], at) => own.slice((at * 3) % own.length).slice(0, 1));
}

test('a changed value in any table is found by the command', async () => {
  const columns = await columnsOf(kit.storeFile);
  expect(new Set(columns.map(({ table }) => table)).size).toBeGreaterThan(17);
  expect(await tamperEvery(kit, kept, oneOfEach(columns))).toEqual([]);
});

test('a hold whose lease was moved into the past is still found after a gateway has ended it', async () => {
  kept.restore();
  await withDatabase(kit.storeFile, (all) => all('UPDATE holds SET lease_until = 1'), 'write');
  await kit.start();
  await expect.poll(async () => (await kit.api('GET', 'calls?state=open')).body.calls).toEqual([]);
  expect((await kit.api('GET', 'verify')).body).toMatchObject({ ok: false });
  await kit.end('SIGKILL');
});

test('a bit that turned over in the WAL or the file is refused or found, or made no difference', async () => {
  kept.restore();
  await kit.start();
  await kit.call('/plain/ok');
  // What is younger than the mark may go unseen (rule 21).
  await sleep(1_500);
  await kit.end('SIGKILL');
  const { silent, refused, found } = await flipBits(kit, 8, 1);
  expect(silent).toEqual([]);
  expect(refused + found).toBeGreaterThan(0);
});
