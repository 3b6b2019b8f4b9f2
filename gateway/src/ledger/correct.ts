// Corrections are new entries, never edits (rule 21). In the payer's favour one is a new grant (rule 5).
import assert from 'node:assert/strict';
import { MICROCREDITS_MAX, subtract, ZERO } from '@tollgate/shared/credits';
import { availableIn } from './burn-order.ts';
import { grantDigest } from './digest.ts';
import { draw, total } from './draw.ts';
import type { Draft } from './draft.ts';
import { append, isKeepable } from './entry.ts';
import { expireDue } from './expire.ts';
import type { CorrectCommand } from './commands.ts';
import type { CorrectOutcome } from './outcomes.ts';
import { isOwnId, mayBeGranted } from './grant.ts';
import type { Entry, Grant } from './rows.ts';
import { tellGrantMade } from './tell.ts';

/**
 * A positive amount becomes a `promo` grant under the correction's id, without expiry; a negative one is drawn in burn order from
 * what is free, whole or not at all. A repeat answers with the entry already made.
 */
export function correct(draft: Draft, command: CorrectCommand): CorrectOutcome {
  const { id, account, amount, callId } = command;
  const made = draft.correction(id);
  if (made !== undefined) {
    const same = made.account === account && made.delta === amount && made.callId === callId && made.note === noteOf(command);
    return same ? { ok: true, entry: made, repeated: true } : { ok: false, refusal: 'correction_mismatch' };
  }
  // The id names a grant, and that grant is another one.
  if (draft.grant(id) !== undefined) return { ok: false, refusal: 'correction_mismatch' };
  if (isInvalid(draft, command)) return { ok: false, refusal: 'correction_invalid' };
  expireDue(draft, account);
  const outcome = amount > 0 ? give(draft, command) : take(draft, command);
  if (outcome.ok && command.audit !== undefined) draft.changes.audits.push({ ...command.audit, at: draft.at });
  return outcome;
}

function isInvalid(draft: Draft, { id, account, amount, reason, by }: CorrectCommand): boolean {
  if (![id, account, reason, by].every(isKeepable)) return true;
  if (id === '' || isOwnId(id) || !mayBeGranted(account)) return true;
  if (!Number.isSafeInteger(amount) || amount === 0) return true;
  return Math.abs(amount) > MICROCREDITS_MAX || draft.account(account).balance + amount > MICROCREDITS_MAX;
}

function give(draft: Draft, command: CorrectCommand): CorrectOutcome {
  const { id, account, amount, callId, reason, by } = command;
  const row: Grant = {
    id,
    account,
    kind: 'promo',
    amount,
    priority: 0,
    effectiveAt: draft.at,
    expiresAt: null,
    voidedAt: null,
    spent: ZERO,
    held: ZERO,
    ended: ZERO,
    reason,
    by,
    terms: null,
  };
  draft.addGrant(row);
  tellGrantMade(draft, row);
  const about = { callId, grantId: id, note: noteOf(command), callDigest: grantDigest(row) };
  return { ok: true, entry: append(draft, account, 'correct', amount, about), repeated: false };
}

function take(draft: Draft, command: CorrectCommand): CorrectOutcome {
  const { id, account, amount, callId } = command;
  const wanted = subtract(ZERO, amount);
  const available = availableIn(draft.grants(account), draft.at);
  if (available < wanted) return { ok: false, refusal: 'insufficient_credits', available };
  const parts = draw(draft, [account], draft.at, wanted);
  assert.equal(total(parts), wanted, 'a correction could not be drawn');
  return {
    ok: true,
    entry: append(draft, account, 'correct', amount, { callId, grantId: id, parts, note: noteOf(command) }),
    repeated: false,
  };
}

function noteOf({ reason, by }: CorrectCommand): Entry['note'] {
  return `${reason} (${by})`;
}
