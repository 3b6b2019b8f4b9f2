// What a sweep must find at a moment: leases that have passed, and grants that are over.
import type { Books } from './books.ts';
import { freeOf, isOver } from './grants.ts';

export function dueOf(books: Books, at: number) {
  const lapsed = books.calls.filter((call) => call.state === 'open' && call.leaseUntil <= at).map((call) => call.id);
  const ended = books.grants.filter((grant) => isOver(grant, at) && freeOf(books, grant) > 0n);
  return { lapsed: lapsed.toSorted(), expired: [...new Set(ended.map((grant) => grant.account))].toSorted() };
}
