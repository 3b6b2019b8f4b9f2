// Ends what is free of grants that have ended. It runs first in every command on an account, so that no balance ever includes
// an expired grant, whether or not the sweep ran; and again after a release, so that what comes back to a grant that has ended
// meanwhile ends in the same commit (rule 5).
import { microcredits, subtract, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { freeOf, hasEnded } from './burn-order.ts';
import type { Draft } from './draft.ts';
import { append } from './entry.ts';
import type { ExpireCommand } from './commands.ts';
import type { ExpireOutcome } from './outcomes.ts';
import { rollOver } from './roll-over.ts';

export function expire(draft: Draft, command: ExpireCommand): ExpireOutcome {
  return { ok: true, expired: expireDue(draft, command.account) };
}

/**
 * Writes one `expire` entry for each grant of the account that has ended and has something free, and what of it rolls over. What is held
 * of it stays held.
 */
export function expireDue(draft: Draft, account: string): Microcredits {
  let expired = 0;
  for (const grant of draft.grants(account)) {
    if (!hasEnded(grant, draft.at)) continue;
    const free = freeOf(grant);
    if (free === 0) continue;
    const row = draft.editGrant(grant);
    row.ended = microcredits(row.ended + free);
    append(draft, account, 'expire', subtract(ZERO, free), { grantId: grant.id });
    rollOver(draft, row, free);
    expired += free;
  }
  return microcredits(expired);
}
