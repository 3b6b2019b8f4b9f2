// Ending a hold with its charge. Only what opened a hold may end it (rule 3); a job's may be ended by any process, because the call
// that reports it finished may reach another one (rule 17).
import { chargeCall } from './charge.ts';
import type { Draft } from './draft.ts';
import type { LapseCommand, SettleCommand } from './commands.ts';
import type { EndOutcome } from './outcomes.ts';
import type { Call } from './rows.ts';

/**
 * A repeat answers with the call as it was settled. A settle that comes after a lapse is refused, and listed for reconciling
 * (rule 3).
 */
export function settle(draft: Draft, command: SettleCommand): EndOutcome {
  const { callId, owner, settlement, answer } = command;
  const call = draft.call(callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'settled') return { ok: true, call, repeated: true };
  if (call.state === 'lapsed') draft.changes.late.push({ callId, at: draft.at, settlement });
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (!mayEnd(call, owner)) return { ok: false, refusal: 'not_owner' };
  if (settlement.charge > call.hold) return { ok: false, refusal: 'charge_above_hold' };
  return { ok: true, call: chargeCall(draft, call, 'settled', settlement, answer), repeated: false };
}

/** Charges what the hold said would be charged where nobody sees the end (rule 10), once its lease or deadline has passed. */
export function lapse(draft: Draft, command: LapseCommand): EndOutcome {
  const call = draft.call(command.callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'lapsed') return { ok: true, call, repeated: true };
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (draft.at < call.leaseUntil) return { ok: false, refusal: 'lease_alive' };
  return { ok: true, call: chargeCall(draft, call, 'lapsed', call.onLapse, null), repeated: false };
}

export function mayEnd(call: Call, owner: string): boolean {
  return call.owner === owner || call.job !== null;
}
