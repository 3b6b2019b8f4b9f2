// Taking an amount from grants for good, and giving back what a hold had set aside.
import assert from 'node:assert/strict';
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import { freeOf, hasEnded } from './burn-order.ts';
import type { Draft } from './draft.ts';
import { countedAccountOf } from './extra-window.ts';
import type { Call, Part } from './rows.ts';

/**
 * Spends up to `amount` from what is free in these accounts, in draw order and within each in burn order, over grants that were
 * effective at `effectiveBy`. Expiries must have been applied, so that a grant that has ended has nothing free but what its own
 * hold has just given back. That this is first in line for its own call, and that everything free counts, is rule 4.
 * The caller writes the entries.
 */
export function draw(draft: Draft, accounts: readonly string[], effectiveBy: number, amount: Microcredits): Part[] {
  const parts: Part[] = [];
  let left: number = amount;
  for (const account of accounts) {
    if (left === 0) break;
    for (const grant of draft.grants(account)) {
      if (left === 0) break;
      if (grant.effectiveAt > effectiveBy) continue;
      const taken = microcredits(Math.min(left, freeOf(grant)));
      if (taken === 0) continue;
      const row = draft.editGrant(grant);
      row.spent = microcredits(row.spent + taken);
      parts.push({ account, grant: grant.id, amount: taken });
      left -= taken;
    }
  }
  return parts;
}

/** Sets aside what a hold takes, in draw order and within an account in burn order: all of it, because it was found to be there (rule 1). */
export function setAside(draft: Draft, sources: readonly string[], amount: Microcredits): Part[] {
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
      const row = draft.editGrant(grant);
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

/** Returns the whole hold to where it came from: each part to its grant, the amount to the windows of `heldAt` (rule 2). */
export function giveBack(draft: Draft, call: Call): void {
  for (const part of call.parts) {
    const grant = draft.editGrant(draft.liveGrant(part.account, part.grant));
    grant.held = microcredits(grant.held - part.amount);
    const account = draft.editAccount(part.account);
    account.held = microcredits(account.held - part.amount);
  }
  for (const id of call.windows) {
    const window = draft.editWindow(id);
    window.held = microcredits(window.held - countedIn(id, call.hold, call.parts));
  }
}

/** What of an amount counts in a window: all of it, and in one of extra credits, of a pool or of a person only what is drawn from that account. */
export function countedIn(window: string, amount: Microcredits, parts: readonly Part[]): Microcredits {
  const account = countedAccountOf(window);
  return account === undefined ? amount : total(parts.filter((part) => part.account === account));
}

export function total(parts: readonly Part[]): Microcredits {
  let sum = 0;
  for (const part of parts) sum += part.amount;
  return microcredits(sum);
}
