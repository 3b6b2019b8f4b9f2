// The canonical form of rows, and its hashes (rule 21). A row's canonical form is the JSON of an array of its fields in the order
// below; parts are `[account, grant, amount]`. JSON is injective over such arrays, so two rows that differ in one value differ in
// their text. The digest is SHA-256 over that text in UTF-8, as base64url. The engine writes with these functions and verify
// checks with them.
import { hash } from 'node:crypto';
import type { StoredAnswer } from './commands.ts';
import type { Account, Call, Claim, Entry, Grant, Part } from './rows.ts';

/**
 * The digest of a call row. An ended call hashes the digest that it had while open before the fields of its end, so that an
 * end does not need to write the whole call out again.
 */
export function callDigest(call: Call): string {
  return call.state === 'open' ? holdDigest(call) : endDigest(call, holdDigest(call));
}

/** Over everything that is fixed at the hold or by a renewal. */
export function holdDigest(call: Call): string {
  const { about, onLapse } = call;
  return sha256([
    call.id,
    call.heldAt,
    call.hold,
    flat(call.parts),
    call.windows,
    call.sources,
    call.owner,
    call.leaseUntil,
    call.job,
    call.claim,
    call.claimUntil,
    about.workspace,
    about.key,
    about.service,
    about.operation,
    about.reason,
    about.cardVersion,
    about.more,
    onLapse.charge,
    onLapse.free,
    onLapse.absorbed,
    onLapse.ended,
    call.availableBefore,
    // Rows that have none are hashed as before there were any.
    ...(call.limits.length > 0 || call.passed.length > 0 ? [call.limits, call.passed.map(({ cap, mode }) => [cap, mode])] : []),
  ]);
}

/** Over the digest of the call while it was open and everything that its end added. */
export function endDigest(call: Call, whileOpen: string): string {
  return sha256([
    whileOpen,
    call.state,
    call.charge,
    flat(call.chargedParts),
    call.free,
    call.absorbed,
    call.endedAt,
    call.ended,
    call.availableAfter,
  ]);
}

/** Over the fields of a grant that never change; its `grant` or `correct` entry carries it. */
export function grantDigest(grant: Grant): string {
  const { id, account, kind, amount, priority, effectiveAt, expiresAt, reason, by, terms } = grant;
  return sha256([id, account, kind, amount, priority, effectiveAt, expiresAt, reason, by, ...(terms === null ? [] : [terms])]);
}

export function claimDigest(claim: Claim): string {
  return sha256([claim.id, claim.callId, claim.fingerprint, claim.expiresAt, claim.done, claim.answer]);
}

export function answerDigest(answer: StoredAnswer): string {
  return sha256([answer.status, answer.headers, answer.body]);
}

/** Over the hash of the account's entry before it, `''` before the first, and the entry's fields. */
export function entryHash(before: Account['chain'], entry: Entry): string {
  return sha256([
    before,
    entry.account,
    entry.number,
    entry.kind,
    entry.delta,
    entry.before,
    entry.after,
    entry.at,
    entry.callId,
    entry.grantId,
    flat(entry.parts),
    entry.note,
    entry.callDigest,
  ]);
}

/** SHA-256 over the JSON of these fields, as base64url: 43 characters. */
export function sha256(fields: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(fields), 'base64url');
}

function flat(parts: readonly Part[]): (string | number)[][] {
  return parts.map((part) => [part.account, part.grant, part.amount]);
}
