// What a sweep must find at a moment: leases that have passed, and grants that are over;
// and where a ledger's clock starts that is opened over what is written.
import type { Books } from './books.ts';
import { freeOf, isOver } from './grants.ts';

export function dueOf(books: Books, at: number) {
  const lapsed = books.calls.filter((call) => call.state === 'open' && call.leaseUntil <= at).map((call) => call.id);
  const ended = books.grants.filter((grant) => isOver(grant, at) && freeOf(books, grant) > 0n);
  return { lapsed: lapsed.toSorted(), expired: [...new Set(ended.map((grant) => grant.account))].toSorted() };
}

/** The newest moment that a row tells of. A charge of nothing has no entry, a change of records has none either. */
export function lastAtOf({ entries, calls, audits, events }: Books): number {
  const moments = [...entries, ...audits, ...events].map((row) => row.at);
  return Math.max(0, ...moments, ...calls.map((call) => call.heldAt));
}
