import { expect, test } from 'vitest';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import { campaign } from './campaign.ts';
import { sharedHashes } from './chain.ts';
import { inMemory, inMemoryOverlapping } from './in-memory.ts';

// Both can be set to play a failure again or to look longer: the seed is printed with every failure.
const seed = Number(process.env['TOLLGATE_MODEL_SEED'] ?? Date.now() % 1_000_000_000);
const commands = Number(process.env['TOLLGATE_MODEL_COMMANDS'] ?? 100_000);

test(`the engine does what the model does, seed ${seed}`, { timeout: 300_000 }, async () => {
  const how = { seed, commands, perHistory: 250, together: 6, rowsEvery: 20, restartEvery: 50, shortens: true };
  expect(await campaign(inMemory(openLedger), how)).toBeUndefined();
});

test(`in deep queues, where batches are decided on top of each other, seed ${seed}`, { timeout: 300_000 }, async () => {
  const how = { seed, commands: 10_000, perHistory: 500, together: 60, rowsEvery: 20, restartEvery: 50, shortens: true };
  expect(await campaign(inMemoryOverlapping(openLedger), how)).toBeUndefined();
});

test('rule 21: every entry is chained to the ones before it', async () => {
  expect(await sharedHashes(inMemory(openLedger))).toEqual([]);
});
