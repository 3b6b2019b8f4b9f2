// What of an allowance goes on when it expires, where the plan says so: at most so much of an account at a time, and until then
// (FEATURES C2). A grant that was voided does not go on.
import { microcredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { freeOf, hasEnded } from './burn-order.ts';
import type { Draft } from './draft.ts';
import { makeGrant } from './make-grant.ts';
import type { Grant } from './rows.ts';

/** Follows the `expire` entry that ended `expired` of this grant. */
export function rollOver(draft: Draft, grant: Grant, expired: Microcredits): void {
  const amount = goesOn(draft, grant, expired, keptOf(draft, grant.account));
  if (amount === 0) return;
  makeGrant(draft, {
    // What has ended of a grant only grows, so that each part of it goes on once.
    id: `${grant.id}+${grant.ended}`,
    account: grant.account,
    kind: 'rollover',
    amount,
    priority: ROLLOVER_PRIORITY,
    effectiveAt: draft.at,
    expiresAt: grant.terms?.rollover?.expiresAt ?? null,
    reason: 'rollover',
    by: 'plan',
    terms: null,
  });
}

/** What will go on of this account once what is free of its ended grants has been expired, which it must be next. */
export function toRollOver(draft: Draft, account: string): Microcredits {
  let kept: number | undefined;
  let going = 0;
  for (const grant of draft.grants(account)) {
    if (grant.terms?.rollover === undefined || !hasEnded(grant, draft.at)) continue;
    kept ??= keptOf(draft, account);
    going += goesOn(draft, grant, freeOf(grant), kept + going);
  }
  return microcredits(going);
}

function goesOn(draft: Draft, { terms, voidedAt }: Grant, expired: Microcredits, kept: number): Microcredits {
  const rule = terms?.rollover;
  if (rule === undefined || voidedAt !== null) return ZERO;
  if (rule.expiresAt !== null && rule.expiresAt <= draft.at) return ZERO;
  return microcredits(Math.max(0, Math.min(expired, rule.most - kept)));
}

/** What is left of the account's rollover grants that have not ended. */
function keptOf(draft: Draft, account: string): number {
  let kept = 0;
  for (const grant of draft.grants(account)) {
    if (grant.kind === 'rollover' && !hasEnded(grant, draft.at)) kept += grant.amount - grant.spent - grant.ended;
  }
  return kept;
}

const ROLLOVER_PRIORITY = 10;
