// Evidence of loss (rule 21): a store that has lost its tail, or was put back to an older copy, looks whole in itself. The mark beside it
// tells, and the gateway does not start without a word.
import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { withDatabase } from '../hammer/ledger-rows.ts';
import { HAMMER_CARD } from '../hammer/race.ts';
import { makeCalls } from './calm-calls.ts';
import { keepStore, runTollgate, type KeptStore } from './kept-store.ts';

// The mark lags at most a second; what is older must be seen.
const MARK_MS = 1_500;
const FRAME_BYTES = 4_096 + 24;

let kit: GatewayKit;
let older: KeptStore;
let newest: KeptStore;

beforeAll(async () => {
  kit = await startGateway({ card: HAMMER_CARD, upstream: ['--pace-ms', '0'], settings: 'log: error' });
  await makeCalls(kit, 0, 15);
  await kit.end('SIGKILL');
  // A backup is the database without its mark.
  older = keepStore(kit, 'older', ['', '-wal']);
  await kit.start();
  await makeCalls(kit, 100, 25);
  await sleep(MARK_MS);
  await kit.end('SIGKILL');
  newest = keepStore(kit, 'newest');
});
afterAll(() => kit.close());

const WAL = (): string => `${kit.storeFile}-wal`;

const losses: readonly (readonly [string, () => void])[] = [
  ['the last frame of the WAL', () => truncateSync(WAL(), statSync(WAL()).size - FRAME_BYTES)],
  ['the last byte of the WAL', () => truncateSync(WAL(), statSync(WAL()).size - 1)],
  ['half of the WAL', () => truncateSync(WAL(), Math.floor(statSync(WAL()).size / 2))],
  ['all of the WAL', () => truncateSync(WAL(), 0)],
  ['the WAL itself', () => rmSync(WAL())],
  ['everything since an older backup', () => older.restore()],
];

test.each(losses)('a store that lost %s does not start, and says why', async (_, lose) => {
  newest.restore();
  lose();
  const { code, output } = await runTollgate(kit, 'start');
  expect(code).toBe(1);
  expect(output).toMatch(/behind its high-water mark: at \S+ it had \d+ commits and \d+ entries, now it has \d+ and \d+/);
  expect(output).toContain('--accept-loss');
  expect(output).not.toMatch(/^\s+at /m);
});

test('a store without its mark’s content does not start', async () => {
  newest.restore();
  writeFileSync(`${kit.storeFile}.mark`, '{"comm');
  const { code, output } = await runTollgate(kit, 'start');
  expect(code).toBe(1);
  expect(output).toContain('is not a mark');
});

test('a store that lost nothing starts', async () => {
  newest.restore();
  expect(await runTollgate(kit, 'start')).toMatchObject({ code: null });
});

test('an accepted loss is an entry, after which the store starts and adds up as any other', async () => {
  newest.restore();
  older.restore();
  await kit.start(['--accept-loss']);
  expect((await kit.api('GET', 'verify')).body).toMatchObject({ ok: true });
  const answers = await makeCalls(kit, 200, 3);
  expect(answers.map(({ status }) => status)).not.toContain(503);
  await kit.end('SIGTERM');
  const entries = await withDatabase(kit.storeFile, (all) => all("SELECT note FROM entries WHERE kind = 'accept-loss'"));
  expect(entries).toEqual([{ note: expect.stringMatching(/it had \d+ commits/) as string }]);
  expect(await runTollgate(kit, 'start')).toMatchObject({ code: null });
});
