// An `Idempotency-Key` is claimed in the commit of its call's hold, done with its call's end, and free again after a release
// (rule 22).
import { answerDigest, claimDigest } from './digest.ts';
import type { Draft } from './draft.ts';
import type { HoldCommand, StoredAnswer } from './commands.ts';
import type { HoldOutcome } from './outcomes.ts';
import type { Call, Claim } from './rows.ts';

/** The refusal of a hold whose claim is in use. A claim past its time counts as absent. */
export function refuseClaimed(draft: Draft, wanted: HoldCommand['claim']): HoldOutcome | undefined {
  if (wanted === null) return undefined;
  const claim = draft.claim(wanted.id);
  if (claim === undefined || claim.expiresAt <= draft.at) return undefined;
  const { callId } = claim;
  if (claim.fingerprint !== wanted.fingerprint) return { ok: false, refusal: 'claim_mismatch', callId };
  return { ok: false, refusal: claim.done ? 'claim_done' : 'claim_running', callId };
}

export function makeClaim(draft: Draft, wanted: NonNullable<HoldCommand['claim']>, callId: string): void {
  const { id, fingerprint, keepMs } = wanted;
  write(draft, { id, callId, fingerprint, expiresAt: draft.at + keepMs, done: false, answer: '', digest: '' });
}

/** Marks the claim of a charged call as done, with its answer where that is kept. */
export function closeClaim(draft: Draft, call: Call, answer: StoredAnswer | null): void {
  const claim = claimOf(draft, call);
  if (claim === undefined) return;
  write(draft, { ...claim, done: true, answer: answer === null ? '' : answerDigest(answer) });
  if (answer !== null) draft.changes.answers.push({ claim: claim.id, answer });
}

/** A release does not burn the key. */
export function dropClaim(draft: Draft, call: Call): void {
  const claim = claimOf(draft, call);
  if (claim !== undefined) draft.changes.claimsGone.push(claim.id);
}

/** Another call may have taken the key over, once it was past its time. */
function claimOf(draft: Draft, call: Call): Claim | undefined {
  const claim = call.claim === null ? undefined : draft.claim(call.claim);
  return claim?.callId === call.id ? claim : undefined;
}

function write(draft: Draft, claim: Claim): void {
  draft.changes.claims.push({ ...claim, digest: claimDigest(claim) });
}
