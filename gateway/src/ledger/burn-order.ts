// Which grants pay first, and what is free in them.
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import type { Grant } from './rows.ts';

/** Burn order is total: priority, earlier expiry (never last), earlier effective, id. */
export function burnOrder(a: Grant, b: Grant): number {
  return (
    a.priority - b.priority ||
    compareExpiry(a.expiresAt, b.expiresAt) ||
    a.effectiveAt - b.effectiveAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Puts a grant where it belongs in a list that is in burn order: an account of extra credits has one for each open call. */
export function insertInOrder(list: Grant[], row: Grant): void {
  let from = 0;
  let until = list.length;
  while (from < until) {
    const middle = (from + until) >> 1;
    const there = list[middle];
    if (there !== undefined && burnOrder(there, row) < 0) from = middle + 1;
    else until = middle;
  }
  list.splice(from, 0, row);
}

/** What is neither spent, ended nor held. Of a grant that has ended it is what a release has just given back. */
export function freeOf(grant: Grant): Microcredits {
  return microcredits(grant.amount - grant.spent - grant.ended - grant.held);
}

/** Expired or voided: nothing new is drawn from it. */
export function hasEnded(grant: Grant, at: number): boolean {
  return grant.voidedAt !== null || (grant.expiresAt !== null && grant.expiresAt <= at);
}

/** What a new hold may take from these grants of one account at this moment (rule 19). */
export function availableIn(grants: readonly Grant[], at: number): Microcredits {
  let available = 0;
  for (const grant of grants) if (grant.effectiveAt <= at && !hasEnded(grant, at)) available += freeOf(grant);
  return microcredits(available);
}

/** True while a grant can still matter to a hold or an end: something of it is free or held. */
export function isLive(grant: Grant): boolean {
  return grant.spent + grant.ended < grant.amount;
}

function compareExpiry(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}
