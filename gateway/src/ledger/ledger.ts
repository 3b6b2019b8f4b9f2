// The port that a store implements, and what the rest of the gateway uses. The engine (engine.ts) is a pure function over these shapes;
// the queue (commit.ts) makes batches durable (decisions 3 and 4).
import type { Microcredits } from '@tollgate/shared/credits';
import type { Command, HoldCommand, Settlement, StoredAnswer } from './commands.ts';
import type { CapStanding, OutcomeOf } from './outcomes.ts';
import type {
  Account,
  Allowance,
  Audit,
  Call,
  CapWindow,
  Claim,
  Entry,
  Grant,
  LedgerEvent,
  RollupDelta,
  StoredRecord,
} from './rows.ts';

/** The rows that a command may look at. Reads only; the engine never changes what it is given. */
export interface State {
  account(id: string): Account | undefined;
  grant(id: string): Grant | undefined;
  /** The account's grants that are not wholly spent or ended, in burn order. */
  grants(account: string): readonly Grant[];
  call(id: string): Call | undefined;
  window(id: string): CapWindow | undefined;
  claim(id: string): Claim | undefined;
  /** An entry already made for this correction id, for repeats. */
  correction(id: string): Entry | undefined;
  allowance(id: string): Allowance | undefined;
  record(kind: string, id: string): StoredRecord | undefined;
  /** The id of the record of this kind that is found by this other name. */
  lookup(kind: string, lookup: string): string | undefined;
}

/** What one command, or one batch of them, does to the rows. Whole rows after the change, newest last; never a partial row. */
export interface Changes {
  accounts: Account[];
  grants: Grant[];
  /** New calls and ended calls alike. */
  calls: Call[];
  windows: CapWindow[];
  claims: Claim[];
  claimsGone: string[];
  answers: { claim: string; answer: StoredAnswer }[];
  entries: Entry[];
  rollups: RollupDelta[];
  /** Settles that came after a lapse, kept for reconciling. */
  late: { callId: string; at: number; settlement: Settlement }[];
  allowances: Allowance[];
  records: StoredRecord[];
  audits: (Audit & { at: number })[];
  /** One whose id was kept before is left out by the store. */
  events: LedgerEvent[];
}

/** What the ledger asks of a store. Stores implement it and are the only files that name tables. */
export interface LedgerStore {
  /** The rows that these commands touch, as of the last durable batch. Rejects where the store can not answer. */
  load(commands: readonly Command[]): Promise<State>;
  /**
   * Makes a batch durable, all of it or nothing, before it resolves. After a rejection nobody knows whether it happened: the
   * store forgets what it kept in memory and the next `load` reads again. Only `StaleState` says that nothing happened.
   */
  write(changes: Changes): Promise<void>;
  /** Ids of open calls whose lease passed before `at`, oldest first. */
  lapsed(at: number, most: number): Promise<readonly string[]>;
  /** Accounts with a grant that has expired by `at` and is not ended. */
  expired(at: number, most: number): Promise<readonly string[]>;
  /** The answer kept with a claim. */
  answer(claim: string): Promise<StoredAnswer | undefined>;
}

/** What the rest of the gateway uses. */
export interface Ledger {
  /**
   * Runs one command; resolves once its batch is on disk. `later`: it is of little hurry, and no call waits for more than a few of these.
   * @throws {LedgerUnavailable} when the store did not take the batch: it may or may not have happened (promise 6).
   */
  run<C extends Command>(command: C, options?: { later?: boolean }): Promise<OutcomeOf<C>>;
  /** What a command would say now, by the same engine, without doing it: for dry runs and estimates (decision 7). */
  rehearse<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** What a hold of nothing on these sources, caps and terms would find now: due expiries and allowances applied, without a write. */
  standing(asked: Pick<HoldCommand, 'sources'> & Partial<Pick<HoldCommand, 'caps' | 'terms'>>): Promise<Standing>;
  /** The ledger's clock, epoch milliseconds; never runs backwards, also not over a restart: it starts at the store's last moment. */
  now(): number;
  close(): Promise<void>;
}

/** Available = granted − expired − voided − spent − held, over grants that are effective now (rule 19). */
export interface Standing {
  available: Microcredits;
  held: Microcredits;
  /** In draw order, each with its live grants in burn order as they stand now. */
  sources: readonly { account: string; available: Microcredits; held: Microcredits; grants: readonly Grant[] }[];
  caps: readonly CapStanding[];
  /** What is left of the limit of extra credits, named apart (rule 19); null where the plan has none. */
  extra: { limit: Microcredits; spent: Microcredits; held: Microcredits; left: Microcredits } | null;
  /** When the next grant of these sources ends; null where none does. */
  nextExpiryAt: number | null;
}

/** The store could not make a batch durable, or could not answer. */
export class LedgerUnavailable extends Error {
  override name = 'LedgerUnavailable';
}

/** A batch was decided on rows that were not the newest, and was refused whole: load again and decide anew. */
export class StaleState extends Error {
  override name = 'StaleState';
}
