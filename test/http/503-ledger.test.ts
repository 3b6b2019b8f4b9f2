// Fail closed (promise 6): a ledger that does not answer gets every call 503, nothing is forwarded, and it recovers without a restart.
// Calls that were under way keep their holds and settle then (rule 11).
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import sqlite3 from 'sqlite3';
import { afterAll, expect, test } from 'vitest';
import { arrivals, balanceOf, callsOf, endedAt, expectNoHold, receiptOf, until } from './books.ts';
import { SHORT } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ settings: SHORT });
afterAll(() => kit.close());

/** Takes SQLite's own write lock on the store's file, as a backup tool or a curious person would. */
async function lockStore(): Promise<() => Promise<void>> {
  const database = new sqlite3.Database(kit.storeFile);
  await once(database, 'open');
  const run = (sql: string): Promise<void> =>
    new Promise((resolve, reject) => database.run(sql, (error) => (error === null ? resolve() : reject(error))));
  await run('BEGIN IMMEDIATE');
  return async () => {
    await run('ROLLBACK');
    await new Promise((resolve) => database.close(resolve));
  };
}

const ok = (mark: string, fault = ''): Promise<Response> =>
  kit.call('/plain/ok', { headers: { 'x-demo-call': mark, 'x-demo-fault': fault } });

test('locked: 503 that may be tried again, nothing forwarded; free again: 200, without a restart', async () => {
  const pid = kit.pid();
  const unlock = await lockStore();
  const refused = await Promise.all([ok('locked'), ok('locked'), ok('locked')]);
  for (const answer of refused) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('x-should-retry')).toBeNull();
    expect(await answer.json()).toMatchObject({ code: 'ledger_unavailable', status: 503 });
  }
  expect(arrivals(kit, 'locked')).toEqual([]);
  // A dry run writes nothing, and so can still be answered.
  const dry = await kit.call('/plain/ok', { headers: { 'credits-dry-run': '?1' } });
  expect(await dry.json()).toMatchObject({ would: 'admit', quote: 1 });
  await unlock();
  expect((await ok('free')).status).toBe(200);
  expect(kit.pid()).toBe(pid);
});

test('a call that was forwarded before gets its answer without a cost; it settles when the ledger answers again', async () => {
  const calling = ok('under-way', 'slow=400');
  await until('the arrival', () => Promise.resolve(arrivals(kit, 'under-way')[0]));
  const unlock = await lockStore();
  const answer = await calling;
  expect(answer.status).toBe(200);
  expect(answer.headers.get('credits-cost')).toBeNull();
  expect(await answer.json()).toEqual({ ok: true, service: 'demo' });
  await endedAt(kit, 'under-way');
  await unlock();
  expect(await receiptOf(kit, answer.headers.get('credits-call'))).toMatchObject({ state: 'settled', charge: 1 });
  await expectNoHold(kit);
});

test('a stream whose lease can not be renewed is cut before the lease ends, and charged when the ledger answers again (rule 3)', async () => {
  const stream = kit.call('/plain/rows?n=3000&format=csv', { headers: { 'x-demo-fault': 'drip=250', 'x-demo-call': 'leased' } });
  const text = stream.then((answer) => answer.text());
  await stream;
  const startedMs = performance.now();
  const unlock = await lockStore();
  await expect(text).rejects.toThrow();
  // The lease is 3 s and was renewed at the latest a second before; the cut comes well before it is over.
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  await unlock();
  const receipt = await receiptOf(kit, (await stream).headers.get('credits-call'));
  expect(receipt).toMatchObject({ state: 'settled', end: 'cut', why: 'lease_lost' });
  expect(receipt.charge).toBeGreaterThan(0);
  await expectNoHold(kit);
});

test('a disk without room: 503, nothing forwarded, nothing lost; with room: 200, without a restart', async () => {
  const limit = (size: string): number | null => spawnSync('prlimit', ['--pid', String(kit.pid()), `--fsize=${size}:`]).status;
  const before = await balanceOf(kit);
  // A file may grow no further. Only Linux can say so to another process; elsewhere a lock has shown the same already.
  if (limit('4096') !== 0) return;
  const refused = await Promise.all(Array.from({ length: 10 }, () => ok('full')));
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503));
  expect(arrivals(kit, 'full')).toEqual([]);
  limit('unlimited');
  await until('that it works again', async () => ((await ok('room')).status === 200 ? true : undefined));
  const admitted = arrivals(kit, 'room').length;
  expect((await balanceOf(kit)).available).toBe(before.available - admitted);
  await expectNoHold(kit);
});

test('a second process on the store is refused with a clear word, and the first one goes on', async () => {
  const main = fileURLToPath(new URL('../../gateway/src/main.ts', import.meta.url));
  const second = spawnSync(process.execPath, [main, 'start', '--config', kit.configFile], { encoding: 'utf8', timeout: 20_000 });
  expect(second.status).toBeGreaterThan(0);
  expect(second.stderr).toContain('in use by another Tollgate');
  expect(second.stderr).not.toMatch(/\bat .*\.ts:\d+/);
  expect((await ok('first')).status).toBe(200);
});

test('what was refused is not in the books', async () => {
  const states = (await callsOf(kit)).map((call) => call.state as string);
  expect(new Set(states)).toEqual(new Set(['settled']));
  expect(states).toHaveLength(arrivals(kit).length);
});
