import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';
import { sharedHashes } from './chain.ts';
import type { Step } from './generate.ts';
import { onSqlite } from './on-sqlite.ts';
import { play } from './play.ts';
import { commandOf } from '../statements/event.ts';

const seed = Number(process.env['TOLLGATE_MODEL_SEED'] ?? Date.now() % 1_000_000_000);

test(
  `the ledger on SQLite does what the model does, through restarts and in batches, seed ${seed}`,
  { timeout: 300_000 },
  async () => {
    const how = { seed, commands: 5_000, perHistory: 500, together: 12, rowsEvery: 40, restartEvery: 50, shortens: true };
    expect(await campaign(onSqlite, how)).toBeUndefined();
  },
);

test(`the same in deep queues, seed ${seed}`, { timeout: 300_000 }, async () => {
  const how = { seed, commands: 2_000, perHistory: 500, together: 60, rowsEvery: 20, restartEvery: 10, shortens: true };
  expect(await campaign(onSqlite, how)).toBeUndefined();
});

test('rule 21: every entry in the file is chained to the ones before it', async () => {
  expect(await sharedHashes(onSqlite)).toEqual([]);
});

test('a call that is renewed and ended in one batch is kept as it was renewed', async () => {
  const at = (text: string) => commandOf(text.split(' ')[0] ?? '', text.split(' ').slice(1), { now: 0 });
  const rest = [
    { waitMs: 0, commands: [at('grant g1 100 to a'), at('hold c1 40 from a lease 60s')] },
    { waitMs: 5, commands: [at('renew c1 lease 40m job x lapse 30'), at('settle c1 20')] },
  ].map((step): Step => ({ ...step, restart: true }));
  const { failure } = await play(onSqlite, { next: () => rest.shift(), rowsEvery: 1 });
  expect(failure).toBeUndefined();
});
