// Leases: a process keeps its holds alive while their calls live (rule 3); a job's hold has a deadline in place of a lease (rule 17).
import assert from 'node:assert/strict';
import { holdDigest } from './digest.ts';
import type { Draft } from './draft.ts';
import type { RenewCommand } from './commands.ts';
import type { RenewOutcome } from './outcomes.ts';
import type { Call } from './rows.ts';

/**
 * Calls that are not open, or not this owner's, are `gone`. A renewal that names no job leaves the deadline of a hold that is
 * parked under one as it is: a deadline is not a lease.
 */
export function renew(draft: Draft, command: RenewCommand): RenewOutcome {
  assert(command.leaseMs > 0, 'a lease must last');
  const renewed: string[] = [];
  const gone: string[] = [];
  for (const id of command.callIds) {
    const call = draft.call(id);
    if (call === undefined || call.state !== 'open' || call.owner !== command.owner) {
      gone.push(id);
      continue;
    }
    renewed.push(id);
    if (call.job !== null && command.job === null) continue;
    const onLapse = command.onLapse ?? call.onLapse;
    // Above the hold its lapse could never be charged, and the hold would stay open for ever.
    assert(onLapse.charge >= 0 && onLapse.charge <= call.hold, 'a lapse would charge more than the hold');
    const row: Call = { ...call, leaseUntil: draft.at + command.leaseMs, job: command.job, onLapse };
    row.digest = holdDigest(row);
    draft.changes.calls.push(row);
  }
  return { ok: true, renewed, gone };
}
