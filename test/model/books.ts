// The books of the model: plain lists and bigints, every balance added up anew each time it is asked for. Nothing here knows the
// engine; it is written from the prose of the rules of money alone, so that a mistake in one is not repeated in the other.
import type { Settlement, StoredAnswer } from '../../gateway/src/ledger/commands.ts';
import type { CallAbout, CallState, EntryKind, GrantKind, RollupDelta } from '../../gateway/src/ledger/rows.ts';

export interface BookGrant {
  id: string;
  account: string;
  kind: GrantKind;
  amount: bigint;
  priority: number;
  effectiveAt: number;
  expiresAt: number | null;
  voidedAt: number | null;
  spent: bigint;
  ended: bigint;
  reason: string;
  by: string;
}

export interface BookPart {
  account: string;
  grant: string;
  amount: bigint;
}

export interface BookCall {
  id: string;
  state: CallState;
  heldAt: number;
  hold: bigint;
  parts: BookPart[];
  windows: string[];
  sources: readonly string[];
  owner: string;
  leaseUntil: number;
  job: string | null;
  claim: string | null;
  claimUntil: number | null;
  about: CallAbout;
  onLapse: Settlement;
  charge: bigint | null;
  chargedParts: BookPart[];
  free: bigint;
  absorbed: bigint;
  endedAt: number | null;
  ended: Readonly<Record<string, unknown>> | null;
  availableBefore: bigint;
  availableAfter: bigint | null;
}

export interface BookEntry {
  account: string;
  number: number;
  kind: EntryKind;
  delta: bigint;
  before: bigint;
  after: bigint;
  at: number;
  callId: string | null;
  grantId: string | null;
  parts: BookPart[];
}

interface BookClaim {
  id: string;
  callId: string;
  fingerprint: string;
  expiresAt: number;
  done: boolean;
}

export interface Books {
  grants: BookGrant[];
  calls: BookCall[];
  entries: BookEntry[];
  claims: BookClaim[];
  answers: Map<string, StoredAnswer>;
  /** One for each charged call; added up by hour and names where they are compared. */
  rollups: RollupDelta[];
  late: { callId: string; at: number; settlement: Settlement }[];
  corrections: Map<string, { content: string; entry: BookEntry }>;
}

export function emptyBooks(): Books {
  return { grants: [], calls: [], entries: [], claims: [], answers: new Map(), rollups: [], late: [], corrections: new Map() };
}

export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

/** The sum of its entries. */
function balanceOf(books: Books, account: string): bigint {
  return sum(books.entries.filter((entry) => entry.account === account).map((entry) => entry.delta));
}

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
function burnOrder(books: Books, account: string): BookGrant[] {
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

/** Writes one entry under the ones before it. */
export function book(books: Books, entry: Omit<BookEntry, 'number' | 'before' | 'after'>): BookEntry {
  const before = balanceOf(books, entry.account);
  const number = books.entries.filter((other) => other.account === entry.account).length + 1;
  const written = { ...entry, number, before, after: before + entry.delta };
  books.entries.push(written);
  return written;
}

/** Ends what is free in every grant of the account whose time has come; what is held of it stays held. Returns what ended. */
export function expireDue(books: Books, account: string, at: number): bigint {
  let expired = 0n;
  for (const grant of burnOrder(books, account)) {
    const free = freeOf(books, grant);
    if (!isOver(grant, at) || free === 0n) continue;
    grant.ended += free;
    expired += free;
    book(books, { account, kind: 'expire', delta: -free, at, callId: null, grantId: grant.id, parts: [] });
  }
  return expired;
}

/** Takes an amount account by account in draw order and grant by grant in burn order: `own` parts, and what is free where it may. */
export function draw(
  books: Books,
  sources: readonly string[],
  amount: bigint,
  may: (grant: BookGrant) => boolean,
  own: BookPart[],
) {
  const parts: BookPart[] = [];
  let rest = amount;
  for (const one of sources.flatMap((account) => burnOrder(books, account))) {
    const kept = own.find((part) => part.grant === one.id)?.amount ?? 0n;
    const there = kept + (may(one) ? freeOf(books, one) : 0n);
    const taken = there < rest ? there : rest;
    if (taken > 0n) parts.push({ account: one.account, grant: one.id, amount: taken });
    rest -= taken;
  }
  if (rest !== 0n) throw new Error(`${rest} could not be drawn`);
  return parts;
}

/** The balance and what is held of one account. */
export function accountOf(books: Books, id: string) {
  const held = sum(books.grants.filter((one) => one.account === id).map((one) => heldOf(books, one.id)));
  return { id, balance: balanceOf(books, id), held, entries: books.entries.filter((entry) => entry.account === id).length };
}
