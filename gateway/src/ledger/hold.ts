// A hold sets aside the most that a call can cost, before it is forwarded. Every scope is decided at once, all or nothing (rule 1).
import assert from 'node:assert/strict';
import { least, subtract, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { holdInWindows, passedBy, windowId } from './caps.ts';
import { makeClaim, refuseClaimed } from './claim.ts';
import type { HoldCommand } from './commands.ts';
import { holdDigest } from './digest.ts';
import type { Draft } from './draft.ts';
import { setAside } from './draw.ts';
import { extraAccountOf, extraWindowId } from './extra-window.ts';
import { holdExtra } from './extra.ts';
import type { HoldOutcome } from './outcomes.ts';
import { bringUpToDate, refuseShort } from './room.ts';
import type { Call, Part } from './rows.ts';
import { availableAcross } from './available.ts';

/** Refusals come in this order: a repeated call, the claim, a layout whose time has passed, then caps and accounts together. */
export function hold(draft: Draft, command: HoldCommand): HoldOutcome {
  const { callId, amount, sources, caps, terms } = command;
  checkCommand(command);
  if (draft.call(callId) !== undefined) return { ok: false, refusal: 'call_repeated', callId };
  const claimed = refuseClaimed(draft, command.claim);
  if (claimed !== undefined) return claimed;
  if (hasPassed(terms, draft.at)) return { ok: false, refusal: 'terms_passed', at: draft.at };
  bringUpToDate(draft, command);
  const before = availableAcross(draft, sources, draft.at);
  const short = refuseShort(draft, command, before);
  if (short !== undefined) return short;
  // From here on the hold must succeed.
  const passed = passedBy(draft, caps, terms?.bypass === true, amount);
  const own = least(amount, before);
  const parts = setAside(draft, sources, own);
  if (own < amount) parts.push(holdMissing(draft, command, subtract(amount, own)));
  const standings = holdInWindows(draft, caps, amount, parts);
  const call = openCall(draft, command, { parts, passed, availableBefore: before });
  draft.changes.calls.push(call);
  if (command.claim !== null) makeClaim(draft, command.claim, callId);
  return { ok: true, call, available: subtract(before, own), caps: standings };
}

/** What a caller must have got right: what fails here is a bug, not a refusal. */
function checkCommand({ amount, sources, caps, onLapse, leaseMs }: HoldCommand): void {
  assert(Number.isSafeInteger(amount) && amount >= 0, `a hold of ${amount}`);
  assert(onLapse.charge >= 0 && onLapse.charge <= amount, 'a lapse would charge more than the hold');
  assert(leaseMs > 0, 'a lease must last');
  assert(new Set(sources).size === sources.length, 'a source is named twice');
  assert(!caps.some(({ id }) => extraAccountOf(id) !== undefined), 'a cap is named like extra credits');
}

/** A window, a raise or a cycle of the layout has turned. */
function hasPassed(terms: HoldCommand['terms'], at: number): boolean {
  const until = terms?.until ?? null;
  return until !== null && at >= until;
}

/** What the sources do not have is extra credits, which were found to be there. */
function holdMissing(draft: Draft, { callId, about, terms }: HoldCommand, amount: Microcredits): Part {
  assert(terms !== undefined && terms.extra !== null, `${amount} are missing`);
  return holdExtra(draft, terms.extra, { id: callId, key: about.key }, amount);
}

type Decided = Pick<Call, 'parts' | 'passed' | 'availableBefore'>;

function openCall(draft: Draft, command: HoldCommand, { parts, passed, availableBefore }: Decided): Call {
  const { windows, limits } = windowsOf(command, parts);
  const call: Call = {
    id: command.callId,
    state: 'open',
    heldAt: draft.at,
    hold: command.amount,
    parts,
    windows,
    limits,
    sources: command.sources,
    owner: command.owner,
    leaseUntil: draft.at + command.leaseMs,
    job: null,
    claim: command.claim?.id ?? null,
    claimUntil: command.claim === null ? null : draft.at + command.claim.keepMs,
    about: command.about,
    onLapse: command.onLapse,
    charge: null,
    chargedParts: [],
    free: ZERO,
    absorbed: ZERO,
    endedAt: null,
    ended: null,
    availableBefore,
    availableAfter: null,
    passed,
    digest: '',
  };
  call.digest = holdDigest(call);
  return call;
}

/** The windows of the caps, and that of extra credits only where the call draws some. */
function windowsOf({ caps, terms }: HoldCommand, parts: readonly Part[]): Pick<Call, 'windows' | 'limits'> {
  const windows = caps.map(windowId);
  const limits = caps.map(({ limit }) => limit);
  const extra = terms?.extra ?? null;
  if (extra !== null && parts.at(-1)?.account === extra.account) {
    windows.push(extraWindowId(extra));
    limits.push(extra.limit);
  }
  return { windows, limits };
}
