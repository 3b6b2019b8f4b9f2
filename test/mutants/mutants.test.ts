import { expect, test } from 'vitest';
import { campaign } from '../model/campaign.ts';
import { sharedHashes } from '../model/chain.ts';
import { inMemory } from '../model/in-memory.ts';
import type { OpenLedger } from '../model/in-memory.ts';
import { mutate } from './mutate.ts';
import { CALL_MUTANTS } from './mutants.ts';
import { CREDIT_MUTANTS } from './credit-mutants.ts';
import { RULE_MUTANTS } from './rule-mutants.ts';

const MUTANTS = [...CALL_MUTANTS, ...CREDIT_MUTANTS, ...RULE_MUTANTS];

// The seed is fixed, so that a mutant that is caught today is caught tomorrow.
// Far fewer commands than the suite plays.
const HOW = { seed: 1, commands: 20_000, perHistory: 250, together: 6, rowsEvery: 10, restartEvery: 50, shortens: false };

test.each(MUTANTS)('the model catches: $name', { timeout: 60_000 }, async (mutant) => {
  expect(await caught(await mutate(mutant)), 'it was not caught').toBeDefined();
});

test('the model finds nothing in a copy without a change', { timeout: 60_000 }, async () => {
  expect(
    await caught(await mutate({ name: 'none', file: 'engine.ts', find: 'const DECIDE', put: 'const DECIDE' }), {
      ...HOW,
      commands: 5_000,
    }),
  ).toBeUndefined();
});

test('there are ninety mutants, each with its own name', () => {
  expect(new Set(MUTANTS.map((mutant) => mutant.name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.length).toBeGreaterThanOrEqual(90);
});

async function caught(openLedger: OpenLedger, how = HOW): Promise<string | undefined> {
  try {
    const shared = await sharedHashes(inMemory(openLedger));
    if (shared.length > 0) return `entries that are not chained: ${shared.join(' ')}`;
  } catch (error) {
    return `the chain can not be looked at: ${String(error)}`;
  }
  return await campaign(inMemory(openLedger), how);
}
