// A grant is an immutable allocation. Making one is idempotent by its id; voiding ends it and never rewrites it.
import { MICROCREDITS_MAX, subtract, ZERO } from '@tollgate/shared/credits';
import { hasEnded, freeOf } from './burn-order.ts';
import { grantDigest } from './digest.ts';
import type { Draft } from './draft.ts';
import { ABSORBED, append, isKeepable } from './entry.ts';
import { expireDue } from './expire.ts';
import type { GrantCommand, VoidCommand } from './commands.ts';
import type { GrantOutcome, VoidOutcome } from './outcomes.ts';
import type { Grant } from './rows.ts';

/** A repeat answers with the grant as it is now; the same id with other content is refused. */
export function grant(draft: Draft, command: GrantCommand): GrantOutcome {
  const made = draft.grant(command.id);
  if (made !== undefined) {
    if (isSame(made, command)) return { ok: true, grant: made, repeated: true };
    return { ok: false, refusal: 'grant_mismatch', message: `Grant ${command.id} was made with other content.` };
  }
  const message = problemOf(draft, command);
  if (message !== undefined) return { ok: false, refusal: 'grant_invalid', message };
  expireDue(draft, command.account);
  const { type: _, ...content } = command;
  const row: Grant = {
    ...content,
    effectiveAt: command.effectiveAt ?? draft.at,
    voidedAt: null,
    spent: ZERO,
    held: ZERO,
    ended: ZERO,
  };
  draft.changes.grants.push(row);
  append(draft, row.account, 'grant', row.amount, { grantId: row.id, note: row.reason, callDigest: grantDigest(row) });
  return { ok: true, grant: row, repeated: false };
}

/** Ends what is free of a grant now; what is held of it ends when it is released (rule 5). */
export function voidGrant(draft: Draft, command: VoidCommand): VoidOutcome {
  const found = draft.grant(command.grantId);
  if (found === undefined) return { ok: false, refusal: 'grant_unknown' };
  expireDue(draft, found.account);
  if (hasEnded(found, draft.at)) return { ok: false, refusal: 'grant_ended' };
  const row: Grant = { ...found };
  draft.changes.grants.push(row);
  const voided = freeOf(row);
  row.voidedAt = draft.at;
  row.ended = (row.ended + voided) as Grant['ended'];
  // Written also where nothing is free, because the chain is what says that a grant was voided, and when.
  append(draft, row.account, 'void', subtract(ZERO, voided), { grantId: row.id, note: `${command.reason} (${command.by})` });
  return { ok: true, grant: row, voided };
}

function isSame(made: Grant, command: GrantCommand): boolean {
  return (
    made.account === command.account &&
    made.kind === command.kind &&
    made.amount === command.amount &&
    made.priority === command.priority &&
    // Null asks for "from now", whose moment a repeat can not know.
    (command.effectiveAt === null || made.effectiveAt === command.effectiveAt) &&
    made.expiresAt === command.expiresAt &&
    made.reason === command.reason &&
    made.by === command.by
  );
}

function problemOf(draft: Draft, command: GrantCommand): string | undefined {
  const { id, account, amount, priority, effectiveAt, expiresAt } = command;
  if (id === '') return 'A grant needs an id.';
  if (![id, account, command.reason, command.by].every(isKeepable)) return 'A text has a character that can not be kept.';
  if (account === '' || account === ABSORBED) return `Account "${account}" can not be granted to.`;
  if (!Number.isSafeInteger(amount) || amount <= 0) return 'The amount must be above zero.';
  if (draft.account(account).balance + amount > MICROCREDITS_MAX)
    return 'The account would hold more than 1,000,000,000 credits.';
  if (!Number.isSafeInteger(priority)) return 'The priority must be a whole number.';
  if (effectiveAt !== null && !isMoment(effectiveAt)) return 'The effective date is not a moment.';
  if (expiresAt === null) return undefined;
  if (!isMoment(expiresAt)) return 'The expiry date is not a moment.';
  if (expiresAt <= draft.at) return 'The grant would have expired already.';
  if (effectiveAt !== null && expiresAt <= effectiveAt) return 'The grant would expire before it is effective.';
  return undefined;
}

function isMoment(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0;
}
