// What people are told of, written in the commit of what it tells of. An event's id says what happened and to what, so that the store
// can keep it once however often it is come to.
import { organizationOf } from '../people/ids.ts';
import type { Microcredits } from '@tollgate/shared/credits';
import type { Draft } from './draft.ts';
import type { Grant } from './rows.ts';

export function tellGrantMade(draft: Draft, { id, account, kind, amount, effectiveAt, expiresAt, reason }: Grant): void {
  tellAccount(draft, account, `grant:${id}`, 'grant.made', { grant: id, account, kind, amount, effectiveAt, expiresAt, reason });
}

export function tellGrantVoided(draft: Draft, { id, account, kind }: Grant, voided: Microcredits, reason: string): void {
  tellAccount(draft, account, `void:${id}`, 'grant.voided', { grant: id, account, kind, amount: voided, reason });
}

/** The allowance of a period was given for the first time in it. */
export function tellCycleTurned(draft: Draft, { account, id, amount }: Grant, from: number, until: number): void {
  tellAccount(draft, account, `cycle:${account}@${from}`, 'cycle.turned', { account, from, until, grant: id, amount });
}

function tellAccount(draft: Draft, account: string, id: string, type: string, data: Record<string, unknown>): void {
  // `user:<organization>/<user>` and `pool:<organization>` alike.
  const owner = account.slice(account.indexOf(':') + 1);
  draft.changes.events.push({ id, type, organization: organizationOf(owner, owner), workspace: null, at: draft.at, data });
}
