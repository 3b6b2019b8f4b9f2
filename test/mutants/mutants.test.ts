import { expect, test } from 'vitest';
import { campaign } from '../model/campaign.ts';
import { sharedHashes } from '../model/chain.ts';
import { inMemory } from '../model/in-memory.ts';
import type { OpenLedger } from '../model/in-memory.ts';
import { mutate } from './mutate.ts';
import { MUTANTS } from './mutants.ts';

// The seed is fixed, so that a mutant that is caught today is caught tomorrow.
const HOW = { seed: 1, commands: 5_000, perHistory: 250, together: 6, rowsEvery: 10, restartEvery: 0, shortens: false };

test.each(MUTANTS)('the model catches: $name', { timeout: 60_000 }, async (mutant) => {
  expect(await caught(await mutate(mutant)), 'it was not caught').toBeDefined();
});

test('the model finds nothing in a copy without a change', { timeout: 60_000 }, async () => {
  expect(
    await caught(await mutate({ name: 'none', file: 'engine.ts', find: 'const DECIDE', put: 'const DECIDE' })),
  ).toBeUndefined();
});

test('there are twenty mutants, each with its own name', () => {
  expect(new Set(MUTANTS.map((mutant) => mutant.name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
});

async function caught(openLedger: OpenLedger): Promise<string | undefined> {
  const found = await campaign(inMemory(openLedger), HOW);
  if (found !== undefined) return found;
  const shared = await sharedHashes(inMemory(openLedger));
  return shared.length === 0 ? undefined : `entries that are not chained: ${shared.join(' ')}`;
}
