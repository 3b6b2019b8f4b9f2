// A hold sets aside the most that a call can cost, before it is forwarded. Every scope is decided at once, all or nothing (rule 1).
import assert from 'node:assert/strict';
import { microcredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { freeOf, hasEnded } from './burn-order.ts';
import { holdInWindows, tightest, windowId } from './caps.ts';
import { makeClaim, refuseClaimed } from './claim.ts';
import { holdDigest } from './digest.ts';
import type { Draft } from './draft.ts';
import { expireDue } from './expire.ts';
import type { HoldCommand } from './commands.ts';
import type { HoldOutcome } from './outcomes.ts';
import type { Call, Part } from './rows.ts';
import { availableAcross, earliest } from './standing.ts';

/** Refusals come in this order: a repeated call, the claim, then caps and accounts together. */
export function hold(draft: Draft, command: HoldCommand): HoldOutcome {
  const { callId, amount, sources, caps } = command;
  checkCommand(command);
  if (draft.call(callId) !== undefined) return { ok: false, refusal: 'call_repeated', callId };
  const claimed = refuseClaimed(draft, command.claim);
  if (claimed !== undefined) return claimed;
  for (const source of sources) expireDue(draft, source);
  const before = availableAcross(draft, sources, draft.at);
  const short = refuseShort(draft, command, before);
  if (short !== undefined) return short;
  // From here on the hold must succeed.
  const parts = setAside(draft, sources, amount);
  const standings = holdInWindows(draft, caps, amount);
  const call = openCall(draft, command, parts, before);
  draft.changes.calls.push(call);
  if (command.claim !== null) makeClaim(draft, command.claim, callId);
  return { ok: true, call, available: microcredits(before - amount), caps: standings };
}

/** What a caller must have got right: what fails here is a bug, not a refusal. */
function checkCommand({ amount, sources, onLapse, leaseMs }: HoldCommand): void {
  assert(Number.isSafeInteger(amount) && amount >= 0, `a hold of ${amount}`);
  assert(onLapse.charge >= 0 && onLapse.charge <= amount, 'a lapse would charge more than the hold');
  assert(leaseMs > 0, 'a lease must last');
  assert(new Set(sources).size === sources.length, 'a source is named twice');
}

/** Names the scope that leaves least; of equals a cap before the accounts. A hold of nothing always fits. */
function refuseShort(draft: Draft, command: HoldCommand, available: Microcredits): HoldOutcome | undefined {
  const { amount: needed, sources, caps } = command;
  if (needed === 0) return undefined;
  const binding = tightest(draft, caps);
  if (Math.min(binding?.left ?? available, available) >= needed) return undefined;
  if (binding !== undefined && binding.left <= available) {
    const { cap, left } = binding;
    const scope = { ...cap.scope, cap: cap.id };
    return { ok: false, refusal: 'insufficient_credits', scope, needed, available: left, resetsAt: cap.until };
  }
  const pool = sources.find((source) => source.startsWith('pool:')) ?? sources[0] ?? '';
  const scope = { kind: 'organization', id: pool.slice(pool.indexOf(':') + 1), cap: null };
  return { ok: false, refusal: 'insufficient_credits', scope, needed, available, resetsAt: nextEffectiveAt(draft, sources) };
}

/** The accounts reset when a grant that was already given becomes effective. */
function nextEffectiveAt(draft: Draft, sources: readonly string[]): number | null {
  const coming = sources.flatMap((source) =>
    draft.grants(source).filter((grant) => grant.effectiveAt > draft.at && !hasEnded(grant, draft.at)),
  );
  return earliest(coming, 'effectiveAt');
}

/** Takes the amount in draw order, and within an account in burn order, and remembers both (rule 1). */
function setAside(draft: Draft, sources: readonly string[], amount: Microcredits): Part[] {
  const parts: Part[] = [];
  let left: number = amount;
  for (const source of sources) {
    if (left === 0) break;
    const before = left;
    for (const grant of draft.grants(source)) {
      if (left === 0) break;
      if (grant.effectiveAt > draft.at || hasEnded(grant, draft.at)) continue;
      const taken = microcredits(Math.min(left, freeOf(grant)));
      if (taken === 0) continue;
      const row = draft.editGrant(source, grant.id);
      row.held = microcredits(row.held + taken);
      parts.push({ account: source, grant: grant.id, amount: taken });
      left -= taken;
    }
    if (left === before) continue;
    const account = draft.editAccount(source);
    account.held = microcredits(account.held + before - left);
  }
  assert(left === 0, `${left} of ${amount} could not be held`);
  return parts;
}

function openCall(draft: Draft, command: HoldCommand, parts: Part[], availableBefore: Microcredits): Call {
  const call: Call = {
    id: command.callId,
    state: 'open',
    heldAt: draft.at,
    hold: command.amount,
    parts,
    windows: command.caps.map(windowId),
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
    digest: '',
  };
  call.digest = holdDigest(call);
  return call;
}
