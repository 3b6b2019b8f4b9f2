// How a hold ends with a charge: the same for a settle and for a lapse.
import assert from 'node:assert/strict';
import { microcredits, MICROCREDITS_MAX, subtract, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { availableAcross } from './available.ts';
import { closeClaim } from './claim.ts';
import { tellCrossing } from './crossing.ts';
import { endDigest } from './digest.ts';
import { countedIn, draw, giveBack, total } from './draw.ts';
import type { Draft } from './draft.ts';
import { ABSORBED, append } from './entry.ts';
import { expireDue } from './expire.ts';
import { drawExtra, endExtra, payersOf } from './extra.ts';
import type { Settlement, StoredAnswer } from './commands.ts';
import type { Call, Part } from './rows.ts';
import { count } from './roll-up.ts';
import { toRollOver } from './roll-over.ts';

/**
 * Ends an open call. The charge is drawn from the call's own hold and what is free by then (rule 4), the rest goes back to where
 * it came from, and what comes back to a grant that has ended ends too (rule 5). What the upstream used past the hold is the
 * operator's (rule 6). Extra credits pay last, and what the call leaves of them ends with it.
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
  const payers = payersOf(call);
  for (const account of payers) expireDue(draft, account);
  giveBack(draft, call);
  const parts = drawCharge(draft, call, charge);
  spendInWindows(draft, call, charge, parts);
  const ended = endCall(draft, call, {
    state,
    charge,
    chargedParts: parts,
    free,
    absorbed,
    endedAt: draft.at,
    ended: settlement.ended,
    availableAfter: availableAfter(draft, call),
  });
  writeEntries(draft, ended);
  endExtra(draft, call);
  for (const account of payers) expireDue(draft, account);
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

function drawCharge(draft: Draft, call: Call, charge: Microcredits): Part[] {
  const parts = draw(draft, call.sources, call.heldAt, charge);
  const rest = subtract(charge, total(parts));
  if (rest > 0) parts.push(drawExtra(draft, call, rest));
  return parts;
}

function spendInWindows(draft: Draft, call: Call, charge: Microcredits, parts: readonly Part[]): void {
  for (const id of call.windows) {
    const window = draft.editWindow(id);
    const before = window.spent;
    window.spent = microcredits(before + countedIn(id, charge, parts));
    tellCrossing(draft, call, id, before, window.spent);
  }
}

/** What the sources have left, with what is about to roll over from what was given back to grants that have ended. */
function availableAfter(draft: Draft, { sources }: Call): Microcredits {
  let rolling = 0;
  for (const source of sources) rolling += toRollOver(draft, source);
  return microcredits(Math.min(MICROCREDITS_MAX, availableAcross(draft, sources, draft.at) + rolling));
}

/** One `charge` entry per account that pays, in draw order, and one `absorb` entry for what the operator bears. */
function writeEntries(draft: Draft, call: Call): void {
  const about = { callId: call.id, callDigest: call.digest };
  for (const account of payersOf(call)) {
    const parts = call.chargedParts.filter((part) => part.account === account);
    if (parts.length > 0) append(draft, account, 'charge', subtract(ZERO, total(parts)), { ...about, parts });
  }
  if (call.absorbed > 0) append(draft, ABSORBED, 'absorb', call.absorbed, about);
}
