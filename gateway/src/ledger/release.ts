// Ending a hold without a charge: the call provably did not reach the upstream (rule 8), or its status is not charged (rule 13).
import { ZERO } from '@tollgate/shared/credits';
import { endCall } from './charge.ts';
import { dropClaim } from './claim.ts';
import { giveBack } from './draw.ts';
import type { Draft } from './draft.ts';
import { expireDue } from './expire.ts';
import { endExtra, payersOf } from './extra.ts';
import type { ReleaseCommand } from './commands.ts';
import type { EndOutcome } from './outcomes.ts';
import { count } from './roll-up.ts';
import { mayEnd } from './settle.ts';
import { availableAcross } from './available.ts';

/** Everything goes back to where it came from; what comes back to a grant that has ended ends too (rule 5). */
export function release(draft: Draft, command: ReleaseCommand): EndOutcome {
  const call = draft.call(command.callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'released') return { ok: true, call, repeated: true };
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (!mayEnd(call, command.owner)) return { ok: false, refusal: 'not_owner' };
  const payers = payersOf(call);
  for (const account of payers) expireDue(draft, account);
  giveBack(draft, call);
  endExtra(draft, call);
  for (const account of payers) expireDue(draft, account);
  const released = endCall(draft, call, {
    state: 'released',
    charge: null,
    chargedParts: [],
    free: ZERO,
    absorbed: ZERO,
    endedAt: draft.at,
    ended: { ...command.ended, reason: command.reason },
    availableAfter: availableAcross(draft, call.sources, draft.at),
  });
  dropClaim(draft, call);
  count(draft, released);
  return { ok: true, call: released, repeated: false };
}
