// What there is on several accounts at a moment: the same sums for a hold, its receipt and a balance (decision 7).
import { microcredits, MICROCREDITS_MAX, type Microcredits } from '@tollgate/shared/credits';
import { availableIn } from './burn-order.ts';
import type { Grant } from './rows.ts';

/** What a hold on these accounts could take now. Several that are full are told as the most that can be told. */
export function availableAcross(
  state: { grants(account: string): readonly Grant[] },
  sources: readonly string[],
  at: number,
): Microcredits {
  let available = 0;
  for (const source of sources) available += availableIn(state.grants(source), at);
  return microcredits(Math.min(MICROCREDITS_MAX, available));
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
