// The books of the model: plain lists and bigints, every sum added up anew each time it is asked for. Nothing here knows the engine;
// it is written from the prose of the rules of money alone, so that a mistake in one is not repeated in the other.
import type { Settlement, StoredAnswer } from '../../gateway/src/ledger/commands.ts';
import type {
  Audit,
  CallAbout,
  CallState,
  EntryKind,
  GrantKind,
  GrantTerms,
  LedgerEvent,
  Passed,
  RollupDelta,
  StoredRecord,
} from '../../gateway/src/ledger/rows.ts';

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
  terms: GrantTerms | null;
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
  limits: number[];
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
  passed: Passed[];
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

/** The period that an allowance, of an account or of a seat, is in. */
export interface BookPeriod {
  id: string;
  from: number;
  until: number;
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
  periods: BookPeriod[];
  /** What was given of allowances, by the periods (`<id>@<from>`) that it counts in: the account's, and the seat's if any. */
  given: { periods: string[]; amount: bigint }[];
  records: StoredRecord[];
  audits: (Audit & { at: number })[];
  events: LedgerEvent[];
}

export function emptyBooks(): Books {
  return {
    grants: [],
    calls: [],
    entries: [],
    claims: [],
    answers: new Map(),
    rollups: [],
    late: [],
    corrections: new Map(),
    periods: [],
    given: [],
    records: [],
    audits: [],
    events: [],
  };
}

/** Books to try something in: what is done with grants, entries, periods and events there is not done here. Calls are the same ones. */
export function asideOf(books: Books): Books {
  const { grants, entries, periods, given, events } = books;
  return {
    ...books,
    grants: grants.map((grant) => ({ ...grant })),
    entries: [...entries],
    periods: periods.map((period) => ({ ...period })),
    given: [...given],
    events: [...events],
  };
}

export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Notes an event, once for each id. */
export function tell(books: Books, event: LedgerEvent): void {
  if (!books.events.some((one) => one.id === event.id)) books.events.push(event);
}

/** Writes one entry under the ones before it. */
export function book(books: Books, entry: Omit<BookEntry, 'number' | 'before' | 'after'>): BookEntry {
  const before = balanceOf(books, entry.account);
  const number = books.entries.filter((other) => other.account === entry.account).length + 1;
  const written = { ...entry, number, before, after: before + entry.delta };
  books.entries.push(written);
  return written;
}

/** The sum of its entries. */
export function balanceOf(books: Books, account: string): bigint {
  return sum(books.entries.filter((entry) => entry.account === account).map((entry) => entry.delta));
}

/** `acme` of `pool:acme`, `extra:acme` and `user:acme/ann`. */
export function organizationOfAccount(account: string): string {
  return account.split(':')[1]?.split('/')[0] ?? '';
}
