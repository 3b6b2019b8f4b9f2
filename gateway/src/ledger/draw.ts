// Taking an amount from grants for good, and giving back what a hold had set aside.
import assert from 'node:assert/strict';
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import { freeOf } from './burn-order.ts';
import type { Draft } from './draft.ts';
import type { Call, Part } from './rows.ts';

/**
 * Spends `amount` from what is free in these accounts, in draw order and within each in burn order, over grants that were
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
      const row = draft.editGrant(account, grant.id);
      row.spent = microcredits(row.spent + taken);
      parts.push({ account, grant: grant.id, amount: taken });
      left -= taken;
    }
  }
  assert(left === 0, `${left} of ${amount} could not be drawn`);
  return parts;
}

/** Returns the whole hold to where it came from: each part to its grant, the amount to the windows of `heldAt` (rule 2). */
export function giveBack(draft: Draft, call: Call): void {
  for (const part of call.parts) {
    const grant = draft.editGrant(part.account, part.grant);
    grant.held = microcredits(grant.held - part.amount);
    const account = draft.editAccount(part.account);
    account.held = microcredits(account.held - part.amount);
  }
  for (const id of call.windows) {
    const window = draft.editWindow(id);
    window.held = microcredits(window.held - call.hold);
  }
}
