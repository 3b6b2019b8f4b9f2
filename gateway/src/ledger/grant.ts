// A grant is an immutable allocation. Making one is idempotent by its id; voiding ends it and never rewrites it.
import { isDeepStrictEqual } from 'node:util';
import { microcredits, MICROCREDITS_MAX, subtract, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { hasEnded, freeOf } from './burn-order.ts';
import type { Draft } from './draft.ts';
import { ABSORBED, append, isKeepable } from './entry.ts';
import { expireDue } from './expire.ts';
import type { GrantCommand, VoidCommand } from './commands.ts';
import { makeGrant } from './make-grant.ts';
import type { GrantOutcome, VoidOutcome } from './outcomes.ts';
import type { Grant } from './rows.ts';
import { tellGrantMade, tellGrantVoided } from './tell.ts';

/** A repeat answers with the grant as it is now; the same id with other content is refused. */
export function grant(draft: Draft, command: GrantCommand): GrantOutcome {
  const made = draft.grant(command.id);
  if (made !== undefined) {
    if (isSame(made, command)) return { ok: true, grant: made, repeated: true };
    return { ok: false, refusal: 'grant_mismatch', message: `Grant ${command.id} was made with other content.` };
  }
  const problem = problemOf(draft, command);
  if (problem !== undefined) return { ok: false, refusal: 'grant_invalid', place: problem[0], message: problem[1] };
  expireDue(draft, command.account);
  const { type: _, audit, terms = null, ...content } = command;
  const row = makeGrant(draft, { ...content, terms, effectiveAt: command.effectiveAt ?? draft.at });
  if (audit !== undefined) draft.changes.audits.push({ ...audit, at: draft.at });
  tellGrantMade(draft, row);
  return { ok: true, grant: row, repeated: false };
}

/** Ends what is free of a grant now; what is held of it ends when it is released (rule 5). */
export function voidGrant(draft: Draft, command: VoidCommand): VoidOutcome {
  const found = draft.grant(command.grantId);
  if (found === undefined) return { ok: false, refusal: 'grant_unknown' };
  expireDue(draft, found.account);
  if (hasEnded(found, draft.at)) return { ok: false, refusal: 'grant_ended' };
  const { row, voided } = endNow(draft, found, `${command.reason} (${command.by})`);
  if (command.audit !== undefined) draft.changes.audits.push({ ...command.audit, at: draft.at });
  tellGrantVoided(draft, row, voided, command.reason);
  return { ok: true, grant: row, voided };
}

/** Voids what is free of a grant, whoever asks for it. */
export function endNow(draft: Draft, found: Grant, note: string): { row: Grant; voided: Microcredits } {
  const row = draft.editGrant(found);
  const voided = freeOf(row);
  row.voidedAt = draft.at;
  row.ended = microcredits(row.ended + voided);
  // Written also where nothing is free, because the chain is what says that a grant was voided, and when.
  append(draft, row.account, 'void', subtract(ZERO, voided), { grantId: row.id, note });
  return { row, voided };
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
    made.by === command.by &&
    isDeepStrictEqual(made.terms, command.terms ?? null)
  );
}

/** Where it is, and what would be right. */
function problemOf(
  draft: Draft,
  command: GrantCommand,
): [Extract<GrantOutcome, { refusal: 'grant_invalid' }>['place'], string] | undefined {
  const { id, account, amount, priority, effectiveAt, expiresAt, terms } = command;
  if (id === '') return ['id', 'a grant needs one'];
  if (![id, account, command.reason, command.by].every(isKeepable)) return ['reason', 'a character can not be kept'];
  if (isOwnId(id))
    return ['id', `ids like "${id}" are those of allowances and of extra credits, which the ledger gives by itself`];
  if (!mayBeGranted(account)) return ['account', `nothing can be granted to "${account}"`];
  if (!Number.isSafeInteger(amount) || amount <= 0) return ['amount', 'more than 0 would be right'];
  if (draft.account(account).balance + amount > MICROCREDITS_MAX)
    return ['amount', 'the account would hold more than 1,000,000,000 credits'];
  if (terms?.period !== undefined || terms?.seat !== undefined) return ['id', 'only an allowance is given for a period'];
  if (!Number.isSafeInteger(priority)) return ['priority', 'a whole number would be right'];
  if (effectiveAt !== null && !isMoment(effectiveAt)) return ['effectiveAt', 'a time from 1970 on would be right'];
  if (expiresAt === null) return undefined;
  if (!isMoment(expiresAt)) return ['expiresAt', 'a time to come would be right'];
  if (expiresAt <= draft.at) return ['expiresAt', 'the grant would have ended already; a time to come would be right'];
  if (effectiveAt !== null && expiresAt <= effectiveAt)
    return ['expiresAt', 'the grant would end before it begins; a time after effectiveAt would be right'];
  return undefined;
}

/** Ids of grants that the ledger makes by itself. Anybody else's grant under one of them would stand in the way of the real one. */
export function isOwnId(id: string): boolean {
  return /^(?:extra|lifetime|pool|user|seat):/.test(id);
}

/** Extra credits are made by the call that draws them, and the operator's own account only absorbs. */
export function mayBeGranted(account: string): boolean {
  return account !== '' && account !== ABSORBED && !account.startsWith('extra:');
}

function isMoment(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0;
}
