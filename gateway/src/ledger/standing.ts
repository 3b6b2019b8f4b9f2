// What payers have at a moment: the same sums that a hold enforces (decision 7).
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import { availableIn, hasEnded } from './burn-order.ts';
import type { Standing, State } from './ledger.ts';
import type { Grant } from './rows.ts';

/** Available and held of these accounts as if every due expiry had been written, though nothing is (rule 19). */
export function standingOf(state: Pick<State, 'account' | 'grants'>, sources: readonly string[], at: number): Standing {
  const rows = sources.map((account) => ({
    account,
    available: availableIn(state.grants(account), at),
    held: state.account(account)?.held ?? microcredits(0),
  }));
  return {
    available: sum(rows.map((row) => row.available)),
    held: sum(rows.map((row) => row.held)),
    sources: rows,
    nextExpiryAt: earliest(
      sources.flatMap((account) => state.grants(account)).filter((grant) => !hasEnded(grant, at)),
      'expiresAt',
    ),
  };
}

/** What a hold on these accounts could take now. */
export function availableAcross(
  state: { grants(account: string): readonly Grant[] },
  sources: readonly string[],
  at: number,
): Microcredits {
  let available = 0;
  for (const source of sources) available += availableIn(state.grants(source), at);
  return microcredits(available);
}

/** The earliest of these moments, or null where there is none. */
export function earliest(grants: readonly Grant[], moment: 'effectiveAt' | 'expiresAt'): number | null {
  let found: number | null = null;
  for (const grant of grants) {
    const at = grant[moment];
    if (at !== null && (found === null || at < found)) found = at;
  }
  return found;
}

function sum(amounts: readonly Microcredits[]): Microcredits {
  return microcredits(amounts.reduce<number>((total, amount) => total + amount, 0));
}
