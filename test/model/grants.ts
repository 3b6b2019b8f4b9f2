// What accounts have: grants, what is free in them, which go first and when they end, all of it added up from the books.
import { balanceOf, book, least, organizationOfAccount, sum, tell } from './books.ts';
import type { BookGrant, BookPart, Books } from './books.ts';

/** What the open calls hold of one grant. */
export function heldOf(books: Books, grant: string): bigint {
  let held = 0n;
  for (const call of books.calls) {
    if (call.state !== 'open') continue;
    for (const part of call.parts) if (part.grant === grant) held += part.amount;
  }
  return held;
}

/** What is left of a grant when what is spent, ended and held is taken away (rule 19). */
export function freeOf(books: Books, grant: BookGrant): bigint {
  return grant.amount - grant.spent - grant.ended - heldOf(books, grant.id);
}

export function isOver(grant: BookGrant, at: number): boolean {
  return grant.voidedAt !== null || (grant.expiresAt !== null && grant.expiresAt <= at);
}

/** The account's grants in burn order: priority, earlier expiry with "never" last, earlier effective, id. */
export function burnOrder(books: Books, account: string): BookGrant[] {
  const end = (grant: BookGrant) => grant.expiresAt ?? Infinity;
  return books.grants
    .filter((grant) => grant.account === account)
    .sort((a, b) => {
      if (a.priority !== b.priority) return a.priority - b.priority;
      if (end(a) !== end(b)) return end(a) - end(b);
      if (a.effectiveAt !== b.effectiveAt) return a.effectiveAt - b.effectiveAt;
      return a.id < b.id ? -1 : 1;
    });
}

/** What can be spent of these accounts now: free in grants that are effective and not over. */
export function availableOf(books: Books, accounts: readonly string[], at: number): bigint {
  const grants = books.grants.filter(
    (grant) => accounts.includes(grant.account) && grant.effectiveAt <= at && !isOver(grant, at),
  );
  return sum(grants.map((grant) => freeOf(books, grant)));
}

/** The balance and what is held of one account. */
export function accountOf(books: Books, id: string) {
  const held = sum(books.grants.filter((one) => one.account === id).map((one) => heldOf(books, one.id)));
  return { id, balance: balanceOf(books, id), held, entries: books.entries.filter((entry) => entry.account === id).length };
}

export function grantRow(books: Books, id: string) {
  const found = books.grants.find((one) => one.id === id);
  return { ...found, held: heldOf(books, id) };
}

type Given = Omit<BookGrant, 'voidedAt' | 'spent' | 'ended'>;

/** A new grant with its entry. */
export function give(books: Books, grant: Given, at: number, callId: string | null = null): BookGrant {
  const row = { ...grant, voidedAt: null, spent: 0n, ended: 0n };
  books.grants.push(row);
  const { account, amount: delta, id: grantId } = grant;
  book(books, { account, kind: 'grant', delta, at, callId, grantId, parts: [] });
  return row;
}

export function tellOfGrant(books: Books, type: 'grant.made' | 'grant.voided', grant: BookGrant, at: number): void {
  const id = type === 'grant.made' ? `grant:${grant.id}` : `void:${grant.id}`;
  tell(books, { id, type, organization: organizationOfAccount(grant.account), workspace: null, at, data: {} });
}

/**
 * Ends what is free in every grant of the account whose time has come; what is held of it stays held. What its plan lets go on goes on
 * at once. Returns what ended.
 */
export function expireDue(books: Books, account: string, at: number): bigint {
  let expired = 0n;
  for (const grant of burnOrder(books, account)) {
    const free = freeOf(books, grant);
    if (!isOver(grant, at) || free === 0n) continue;
    grant.ended += free;
    expired += free;
    book(books, { account, kind: 'expire', delta: -free, at, callId: null, grantId: grant.id, parts: [] });
    if (grant.voidedAt === null) rollOver(books, grant, free, at);
  }
  return expired;
}

/** At most so much of an account goes on at a time: what is left of earlier rollovers counts in it, free or held. */
function rollOver(books: Books, grant: BookGrant, expired: bigint, at: number): void {
  const rollover = grant.terms?.rollover;
  if (rollover === undefined || (rollover.expiresAt !== null && rollover.expiresAt <= at)) return;
  const live = books.grants.filter(
    (one) => one.account === grant.account && one.kind === 'rollover' && !isOver(one, at) && one.effectiveAt <= at,
  );
  const left = sum(live.map((one) => one.amount - one.spent - one.ended));
  const amount = least(expired, BigInt(rollover.most) - left);
  if (amount <= 0n) return;
  const dates = { effectiveAt: at, expiresAt: rollover.expiresAt };
  const id = `${grant.id}+${grant.ended}`;
  const words = { reason: 'rollover', by: 'plan', terms: null };
  give(books, { id, account: grant.account, kind: 'rollover', amount, priority: 10, ...dates, ...words }, at);
}

/** Takes an amount from these grants in their order: `own` parts, and what is free where it may. */
export function draw(
  books: Books,
  grants: readonly BookGrant[],
  amount: bigint,
  may: (grant: BookGrant) => boolean,
  own: readonly BookPart[],
): BookPart[] {
  const parts: BookPart[] = [];
  let rest = amount;
  for (const one of grants) {
    const kept = own.find((part) => part.grant === one.id)?.amount ?? 0n;
    const there = kept + (may(one) ? freeOf(books, one) : 0n);
    const taken = least(there, rest);
    if (taken > 0n) parts.push({ account: one.account, grant: one.id, amount: taken });
    rest -= taken;
  }
  if (rest !== 0n) throw new Error(`${rest} could not be drawn`);
  return parts;
}

/** The grants of several accounts, account by account in draw order and within each in burn order. */
export function inDrawOrder(books: Books, accounts: readonly string[]): BookGrant[] {
  return accounts.flatMap((account) => burnOrder(books, account));
}

/** Notes what was taken as spent. */
export function spend(books: Books, parts: readonly BookPart[]): void {
  for (const part of parts) {
    for (const one of books.grants) if (one.id === part.grant) one.spent += part.amount;
  }
}
