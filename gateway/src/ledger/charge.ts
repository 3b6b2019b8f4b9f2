// How a hold ends with a charge: the same for a settle and for a lapse.
import assert from 'node:assert/strict';
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import { closeClaim } from './claim.ts';
import { endDigest } from './digest.ts';
import { draw, giveBack } from './draw.ts';
import type { Draft } from './draft.ts';
import { ABSORBED, append } from './entry.ts';
import { expireDue } from './expire.ts';
import type { Settlement, StoredAnswer } from './commands.ts';
import type { Call, Part } from './rows.ts';
import { count } from './roll-up.ts';
import { availableAcross } from './standing.ts';

/**
 * Ends an open call. The charge is drawn from the call's own hold and what is free by then (rule 4), the rest goes back to where
 * it came from, and what comes back to a grant that has ended ends too (rule 5). What the upstream used past the hold is the
 * operator's (rule 6).
 */
export function chargeCall(
  draft: Draft,
  call: Call,
  state: 'settled' | 'lapsed',
  settlement: Settlement,
  answer: StoredAnswer | null,
): Call {
  const { charge, free, absorbed } = settlement;
  assert(charge >= 0 && charge <= call.hold, `a charge of ${charge} on a hold of ${call.hold}`);
  assert(free >= 0 && absorbed >= 0, 'an amount below zero');
  for (const source of call.sources) expireDue(draft, source);
  giveBack(draft, call);
  const parts = draw(draft, call.sources, call.heldAt, charge);
  spendInWindows(draft, call, charge);
  const ended = endCall(draft, call, {
    state,
    charge,
    chargedParts: parts,
    free,
    absorbed,
    endedAt: draft.at,
    ended: settlement.ended,
    availableAfter: microcredits(availableAcross(draft, call.sources, draft.at)),
  });
  writeEntries(draft, ended);
  for (const source of call.sources) expireDue(draft, source);
  closeClaim(draft, call, answer);
  count(draft, ended);
  return ended;
}

type End = Pick<Call, 'state' | 'charge' | 'chargedParts' | 'free' | 'absorbed' | 'endedAt' | 'ended' | 'availableAfter'>;

/** The call's last row: a hold ends exactly once (promise 2). */
export function endCall(draft: Draft, call: Call, end: End): Call {
  assert(call.state === 'open', `call ${call.id} has already ended`);
  const row: Call = { ...call, ...end };
  row.digest = endDigest(row, call.digest);
  draft.changes.calls.push(row);
  return row;
}

function spendInWindows(draft: Draft, call: Call, charge: Microcredits): void {
  for (const id of call.windows) {
    const window = draft.editWindow(id);
    window.spent = microcredits(window.spent + charge);
  }
}

/** One `charge` entry per account that pays, in draw order, and one `absorb` entry for what the operator bears. */
function writeEntries(draft: Draft, call: Call): void {
  const about = { callId: call.id, callDigest: call.digest };
  for (const account of call.sources) {
    const parts = call.chargedParts.filter((part) => part.account === account);
    if (parts.length > 0) append(draft, account, 'charge', -total(parts), { ...about, parts });
  }
  if (call.absorbed > 0) append(draft, ABSORBED, 'absorb', call.absorbed, about);
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.amount, 0);
}
