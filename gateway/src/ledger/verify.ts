// Verify re-adds everything from the rows (rule 21): every chain, balance, grant, call, cap window, roll-up and claim. A row that was
// changed, deleted or added by anything but the ledger leaves something that no longer adds up. It reads page by page, so that the
// size of the store does not matter to its memory.
import type { Account, Allowance, Call, CapWindow, Claim, Entry, Grant, RollupDelta } from './rows.ts';
import { verifyAccounts } from './verify-accounts.ts';
import { verifyCalls } from './verify-calls.ts';
import { verifyClaims } from './verify-claims.ts';

/** Something that does not add up. */
export interface Finding {
  table: string;
  /** Which row. */
  id: string;
  /** For people: what is there and what would be right. */
  problem: string;
}

/** Rows in pages of the store's choice. A page is never empty. */
export type Pages<T> = AsyncIterable<readonly T[]>;

/**
 * What verify asks of a store: one snapshot of everything. Orders by a text are those of its UTF-8 bytes. A row that can not be read
 * is left out, and is among the store's own findings.
 */
export interface VerifyStore {
  /** Asked last. What only the store can tell: broken constraints, unreadable rows, rows without the row they belong to, wrong tallies. */
  findings(): Promise<Finding[]>;
  /** By id. */
  accounts(): Pages<Account>;
  /** By account, then number. */
  entries(): Pages<Entry>;
  /** By account, then id. */
  grants(): Pages<Grant>;
  /** What open calls hold of each grant, by account. */
  holdings(): Pages<{ account: string; grant: string; held: number }>;
  /** In any order, with what the entries say of each. */
  calls(): Pages<CallToVerify>;
  /** Each window with what its calls add up to; null on the side that is missing. */
  windows(): Pages<{ id: string; row: CapWindow | null; sum: { spent: number; held: number } | null }>;
  /** Each bucket of the roll-ups with what its calls add up to. */
  rollups(): Pages<{ id: string; row: RollupSum | null; sum: RollupSum | null }>;
  /** Each claim with its call, and the digest of the answer that is kept with it. */
  claims(): Pages<{ claim: Claim; call: Pick<Call, 'claim' | 'claimUntil' | 'state'> | null; answerDigest: string }>;
  /** Each allowance with what the grants of its period add up to, which name it in their terms: an account's as `period`, a seat's as `seatPeriod`. */
  allowances(): Pages<{ row: Allowance; sum: number }>;
}

export type RollupSum = Pick<RollupDelta, 'calls' | 'charge' | 'free' | 'absorbed'>;

export interface CallToVerify {
  call: Call;
  /** Sums of its entries: of `charge` as a positive amount, and of `absorb`. */
  charged: number;
  absorbed: number;
  /** Whether each of these entries carries the digest of this call. */
  isTied: boolean;
  /** The call that the claim's row names; null where there is no such row. */
  claimedBy: string | null;
}

export interface VerifyOptions {
  /** The ledger's clock, epoch milliseconds. */
  at: number;
  /** How long after its lease a hold may still be open: the sweep comes at intervals and waits after an outage. */
  overdueMs: number;
}

/** Everything that does not add up, as it is found; nothing where all is well. */
export async function* verify(store: VerifyStore, options: VerifyOptions): AsyncGenerator<Finding> {
  yield* verifyAccounts(store);
  yield* verifyCalls(store, options);
  yield* verifyClaims(store);
  yield* verifyWindows(store);
  yield* verifyRollups(store);
  yield* verifyAllowances(store);
  // Last, because rows that could not be read while streaming are among them.
  yield* await store.findings();
}

async function* verifyWindows(store: VerifyStore): AsyncGenerator<Finding> {
  for await (const page of store.windows()) {
    for (const { id, row, sum } of page) {
      const problem = difference(row, sum, ['spent', 'held']);
      if (problem !== undefined) yield { table: 'cap_windows', id, problem };
    }
  }
}

async function* verifyRollups(store: VerifyStore): AsyncGenerator<Finding> {
  for await (const page of store.rollups()) {
    for (const { id, row, sum } of page) {
      const problem = difference(row, sum, ['calls', 'charge', 'free', 'absorbed']);
      if (problem !== undefined) yield { table: 'rollups', id, problem };
    }
  }
}

/** What was given of an allowance in its period is what its grants say (rule 18). */
async function* verifyAllowances(store: VerifyStore): AsyncGenerator<Finding> {
  for await (const page of store.allowances()) {
    for (const { row, sum } of page) {
      if (row.granted === sum) continue;
      yield { table: 'allowances', id: row.id, problem: `granted is ${row.granted}, the grants of its period add up to ${sum}` };
    }
  }
}

/** How a row differs from what its calls add up to. */
function difference<Name extends string>(
  row: Readonly<Record<Name, number>> | null,
  sum: Readonly<Record<Name, number>> | null,
  names: readonly Name[],
): string | undefined {
  if (sum === null) return 'no call belongs to it';
  if (row === null) return 'it is missing';
  const wrong = names.filter((name) => row[name] !== sum[name]);
  return wrong.length === 0
    ? undefined
    : wrong.map((name) => `${name} is ${row[name]}, its calls add up to ${sum[name]}`).join('; ');
}
