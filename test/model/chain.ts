// Whether each entry's hash takes in the one before it (rule 21), seen from outside: two histories that differ in their first entry
// alone and agree in every later one must not have a single hash in common.
import { microcredits } from '@tollgate/shared/credits';
import type { GrantCommand } from '../../gateway/src/ledger/commands.ts';
import type { Opens } from './play.ts';

/** The hashes that the two histories share: none, where entries are chained. */
export async function sharedHashes(open: Opens): Promise<string[]> {
  const [first, second] = [await hashes(open, 1), await hashes(open, 2)];
  return first.filter((hash) => second.includes(hash));
}

async function hashes(open: Opens, firstAt: number): Promise<string[]> {
  let at = firstAt;
  const subject = await open(() => at);
  for (const id of ['g1', 'g2', 'g3']) {
    await subject.ledger.run(grant(id));
    at = 10;
  }
  const { entries } = await subject.rows();
  await subject.close();
  return entries.map((entry) => entry.hash);
}

function grant(id: string): GrantCommand {
  const dates = { effectiveAt: 0, expiresAt: null };
  return {
    type: 'grant',
    id,
    account: 'pool:a',
    kind: 'top-up',
    amount: microcredits(5),
    priority: 0,
    ...dates,
    reason: 'bought',
    by: 'op',
  };
}
