// The ledger's words: its commands, their outcomes, the rows they touch, and the port that a store implements.
// The engine (engine.ts) is a pure function over these shapes; the queue (commit.ts) makes batches durable (decisions 3 and 4).
import type { Microcredits } from '@tollgate/shared/credits';

// ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A balance. `balance` = granted − expired − voided − spent; `held` is what open holds have set aside of it (rule 19). */
export interface Account {
  /** `pool:<organization>`, later `user:<id>`; `absorbed` is the operator's own and only ever grows in what it absorbed. */
  id: string;
  balance: Microcredits;
  held: Microcredits;
  /** Number and hash of its last entry: the end of its chain (rule 21). 0 and '' before the first. */
  entries: number;
  chain: string;
}

export type GrantKind = 'allowance' | 'lifetime' | 'top-up' | 'promo' | 'rollover';

/** An immutable allocation with what is left of it: `amount` = `spent` + `ended` + `held` + free. */
export interface Grant {
  id: string;
  account: string;
  kind: GrantKind;
  amount: Microcredits;
  /** Lower burns first. */
  priority: number;
  /** Epoch milliseconds by the ledger's clock. */
  effectiveAt: number;
  /** Ended from this moment on; `null` never. */
  expiresAt: number | null;
  voidedAt: number | null;
  spent: Microcredits;
  held: Microcredits;
  /** Expired or voided. */
  ended: Microcredits;
  /** What a repeat of its id is compared by, beside the fields above. */
  reason: string;
  by: string;
}

/** What a hold or a charge took from one grant. */
export interface Part {
  account: string;
  grant: string;
  amount: Microcredits;
}

export type CallState = 'open' | 'settled' | 'released' | 'lapsed';

/** One row per call: its hold while it is open, its charge once it ended. A hold ends exactly once (promise 2). */
export interface Call {
  id: string;
  state: CallState;
  /** The plan, card version and every window of a call are those of this moment, by the ledger's clock (rule 2). */
  heldAt: number;
  hold: Microcredits;
  parts: readonly Part[];
  /** The windows it counts in, as held. */
  windows: readonly string[];
  /** Accounts in draw order. */
  sources: readonly string[];
  /** The process that opened it and alone may end it (rule 3); a job may be ended by any. */
  owner: string;
  leaseUntil: number;
  /** Set while the hold stays open under a job's id, with the deadline as its lease (rule 17). */
  job: string | null;
  /** The idempotency claim that it holds, if any, and until when that claim is kept. */
  claim: string | null;
  claimUntil: number | null;
  about: CallAbout;
  /** What it is charged when its lease passes without an end (rule 10). */
  onLapse: Settlement;
  /** Null while open and when released. */
  charge: Microcredits | null;
  chargedParts: readonly Part[];
  /** What its free parts would have cost, and what the operator bore (rule 6); both 0 while open. */
  free: Microcredits;
  absorbed: Microcredits;
  endedAt: number | null;
  /** What was stored at its end: facts, flags, fingerprint of the answer; `{ reason }` for a release. JSON-able. */
  ended: Readonly<Record<string, unknown>> | null;
  /** Sum of the sources' available credits just before the hold and after the end: what a receipt shows. */
  availableBefore: Microcredits;
  availableAfter: Microcredits | null;
  /** Hash of the row's other fields, so that a changed row is found by verify. */
  digest: string;
}

/** What roll-ups and lists group by; fixed at the hold. */
export interface CallAbout {
  workspace: string;
  key: string;
  service: string;
  operation: string;
  reason: string;
  cardVersion: string;
  /** Anything else that can not be filled in later: fingerprint, parent, labels, method, path. JSON-able. */
  more: Readonly<Record<string, unknown>>;
}

/** What a cap has seen in one of its windows. */
export interface CapWindow {
  /** `<cap id>@<start ms>`. */
  id: string;
  spent: Microcredits;
  held: Microcredits;
}

/** An `Idempotency-Key` in use (rule 22). Deleted when its call is released; forgotten after `expiresAt`. */
export interface Claim {
  /** `<workspace>/<operation>/<key>`. */
  id: string;
  callId: string;
  fingerprint: string;
  expiresAt: number;
  /** True once its call ended. */
  done: boolean;
  /** Digest of the answer that is kept with it, or ''. */
  answer: string;
  /** Hash of the row's other fields, so that a changed row is found by verify. */
  digest: string;
}

export type EntryKind = 'grant' | 'charge' | 'expire' | 'void' | 'correct' | 'absorb' | 'accept-loss';

/** One append-only row: `after` = `before` + `delta` (rule 21). */
export interface Entry {
  account: string;
  /** 1, 2, 3 … within the account. */
  number: number;
  kind: EntryKind;
  delta: Microcredits;
  before: Microcredits;
  after: Microcredits;
  at: number;
  callId: string | null;
  /** The grant that it makes or ends; for a correction the correction's own id, which is also that of the grant it may make. */
  grantId: string | null;
  /** Which grants, for a charge or a correction. */
  parts: readonly Part[];
  note: string;
  /** Digest of the call that it charges or of the grant that it makes, or ''. It ties that row into the chain. */
  callDigest: string;
  /** SHA-256 over the hash before it and everything above. */
  hash: string;
}

/** Hourly roll-up, added in the same commit as the end of the call, under the hour of `heldAt`. */
export interface RollupDelta {
  /** Start of the hour, epoch milliseconds. */
  hour: number;
  workspace: string;
  key: string;
  service: string;
  operation: string;
  reason: string;
  calls: number;
  charge: Microcredits;
  /** What free parts would have cost. */
  free: Microcredits;
  absorbed: Microcredits;
}

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface GrantCommand {
  type: 'grant';
  id: string;
  account: string;
  kind: GrantKind;
  amount: Microcredits;
  priority: number;
  /** Null: from now. */
  effectiveAt: number | null;
  expiresAt: number | null;
  reason: string;
  by: string;
}

export interface VoidCommand {
  type: 'void';
  grantId: string;
  reason: string;
  by: string;
}

/** A cap as it applies to one call, its window already laid out by the caller from `at` (rule 20). */
export interface CapCheck {
  id: string;
  scope: { kind: string; id: string };
  /** `hour`, `day`, `week`, `month`, `lifetime`. */
  window: string;
  /** Start and end of the window, epoch milliseconds; end is null for a lifetime. */
  from: number;
  until: number | null;
  limit: Microcredits;
}

export interface HoldCommand {
  type: 'hold';
  callId: string;
  amount: Microcredits;
  /** Accounts in draw order. */
  sources: readonly string[];
  caps: readonly CapCheck[];
  owner: string;
  leaseMs: number;
  claim: { id: string; fingerprint: string; keepMs: number } | null;
  about: CallAbout;
  onLapse: Settlement;
}

/** Keeps leases alive; with `job`, parks one hold under a job's id until its deadline. */
export interface RenewCommand {
  type: 'renew';
  callIds: readonly string[];
  owner: string;
  leaseMs: number;
  job: string | null;
  /** With a job: what it is charged at its deadline, now that the answer which started it is known. Null leaves it as it was held. */
  onLapse: Settlement | null;
}

/** How a call ends with a charge. `free` and `absorbed` come from the arithmetic of pricing. */
export interface Settlement {
  charge: Microcredits;
  free: Microcredits;
  absorbed: Microcredits;
  ended: Readonly<Record<string, unknown>>;
}

export interface SettleCommand {
  type: 'settle';
  callId: string;
  owner: string;
  settlement: Settlement;
  /** The whole answer, kept with the claim where it was bounded and complete (rule 22). */
  answer: StoredAnswer | null;
}

export interface StoredAnswer {
  status: number;
  headers: readonly (readonly [string, string])[];
  /** Base64. */
  body: string;
}

export interface ReleaseCommand {
  type: 'release';
  callId: string;
  owner: string;
  reason: string;
  /** What the free-of-charge end should remember: facts of a call whose status is not charged; `{}` where it never left. */
  ended: Readonly<Record<string, unknown>>;
}

/** Ends every hold whose lease has passed and every grant that has expired, a bounded number at a time. */
export interface LapseCommand {
  type: 'lapse';
  callId: string;
}

export interface ExpireCommand {
  type: 'expire';
  account: string;
}

/** Mends an account: a positive amount becomes a `promo` grant of its own, a negative one is drawn in burn order from what is free. */
export interface CorrectCommand {
  type: 'correct';
  id: string;
  account: string;
  amount: Microcredits;
  callId: string | null;
  reason: string;
  by: string;
}

export type Command =
  | GrantCommand
  | VoidCommand
  | HoldCommand
  | RenewCommand
  | SettleCommand
  | ReleaseCommand
  | LapseCommand
  | ExpireCommand
  | CorrectCommand;

// ── Outcomes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type GrantOutcome =
  | { ok: true; grant: Grant; repeated: boolean }
  /** The same id with other content, or an amount, date or account that can not be. */
  | { ok: false; refusal: 'grant_mismatch' | 'grant_invalid'; message: string };

export type VoidOutcome =
  | { ok: true; grant: Grant; voided: Microcredits }
  | { ok: false; refusal: 'grant_unknown' | 'grant_ended' };

export type HoldOutcome =
  | { ok: true; call: Call; available: Microcredits; caps: readonly CapStanding[] }
  /** Which scope bound: the account side (`cap: null`) or a cap. `available` is what would have fit. */
  | {
      ok: false;
      refusal: 'insufficient_credits';
      scope: { kind: string; id: string; cap: string | null };
      needed: Microcredits;
      available: Microcredits;
      /** From the window or grant that enforces it (decision 7); null where nothing resets. */
      resetsAt: number | null;
    }
  /** The claim's first call: still open, ended (its answer is in the store), or made with other content. */
  | { ok: false; refusal: 'claim_running' | 'claim_done' | 'claim_mismatch'; callId: string }
  /** A call id that was used before. */
  | { ok: false; refusal: 'call_repeated'; callId: string };

export interface CapStanding {
  id: string;
  window: string;
  limit: Microcredits;
  used: Microcredits;
  resetsAt: number | null;
}

export type RenewOutcome = { ok: true; renewed: readonly string[]; gone: readonly string[] };

export type EndOutcome =
  | { ok: true; call: Call; repeated: boolean }
  /** It has ended in another way: `state` says how. A settle after a lapse is also listed for reconciling (rule 3). */
  | { ok: false; refusal: 'call_ended'; state: CallState }
  | { ok: false; refusal: 'call_unknown' | 'not_owner' | 'lease_alive' }
  /** Charge above the hold: a bug in the caller; nothing is changed. */
  | { ok: false; refusal: 'charge_above_hold' };

export type ExpireOutcome = { ok: true; expired: Microcredits };

export type CorrectOutcome =
  | { ok: true; entry: Entry; repeated: boolean }
  | { ok: false; refusal: 'insufficient_credits'; available: Microcredits }
  | { ok: false; refusal: 'correction_mismatch' | 'correction_invalid' };

export type OutcomeOf<C extends Command> = C extends GrantCommand
  ? GrantOutcome
  : C extends VoidCommand
    ? VoidOutcome
    : C extends HoldCommand
      ? HoldOutcome
      : C extends RenewCommand
        ? RenewOutcome
        : C extends SettleCommand | ReleaseCommand | LapseCommand
          ? EndOutcome
          : C extends ExpireCommand
            ? ExpireOutcome
            : CorrectOutcome;

export type Outcome = OutcomeOf<Command>;

// ── State and changes ───────────────────────────────────────────────────────────────────────────────────────────────────

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
}

// ── The port ────────────────────────────────────────────────────────────────────────────────────────────────────────────

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
   * Runs one command; resolves once its batch is on disk.
   * @throws {LedgerUnavailable} when the store did not take the batch: it may or may not have happened (promise 6).
   */
  run<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** What a command would say now, by the same engine, without doing it: for dry runs and estimates (decision 7). */
  rehearse<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** Available and held of these sources now, expiries applied, without a write. */
  standing(sources: readonly string[]): Promise<Standing>;
  /** The ledger's clock, epoch milliseconds; never runs backwards within a process. */
  now(): number;
  close(): Promise<void>;
}

/** Available = granted − expired − voided − spent − held, over grants that are effective now (rule 19). */
export interface Standing {
  available: Microcredits;
  held: Microcredits;
  sources: readonly { account: string; available: Microcredits; held: Microcredits }[];
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
