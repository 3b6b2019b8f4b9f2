// Whose allowance is shown to a payer, in the balance and beside what a schedule costs.
import type { CapCheck } from '../ledger/commands.ts';
import { poolAccount } from '../payer/allowances.ts';
import type { Payer } from '../payer/payer.ts';
import type { Laid } from '../payer/terms.ts';

/**
 * The watch that counts the user's own allowance, else that of the organization: `null` for a user without one of their own who is kept
 * out of the pool, as what others have is none of theirs; `undefined` where nothing comes again.
 */
export function allowanceWatched(
  { organization, user }: Payer,
  { caps, sources }: Pick<Laid, 'caps' | 'sources'>,
): CapCheck | null | undefined {
  const watched = caps.filter(({ mode }) => mode === 'watch');
  const own = watched.find(({ scope }) => scope.kind === 'user');
  if (own !== undefined) return own;
  return user !== null && !sources.includes(poolAccount(organization.id)) ? null : watched[0];
}
