// The rows of the ledger: what is kept of accounts, grants, calls, caps, idempotency keys and entries.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Settlement } from './commands.ts';

/** A balance. `balance` = granted − expired − voided − spent; `held` is what open holds have set aside of it (rule 19). */
export interface Account {
  /** `pool:<organization>`, `user:<organization>/<user>`, `extra:<organization>`; `absorbed` is the operator's own and only ever grows in what it absorbed. */
  id: string;
  balance: Microcredits;
  held: Microcredits;
  /** Number and hash of its last entry: the end of its chain (rule 21). 0 and '' before the first. */
  entries: number;
  chain: string;
}

export type GrantKind = 'allowance' | 'lifetime' | 'top-up' | 'promo' | 'rollover';

/** An immutable allocation with what is left of it: `amount` = `spent` + `ended` (expired or voided) + `held` + free. */
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
  ended: Microcredits;
  /** What a repeat of its id is compared by, beside the fields above. */
  reason: string;
  by: string;
  /** What it is given under; null for one that stands alone. */
  terms: GrantTerms | null;
}

/** Never changes, as the rest of what a grant was made with. Members that do not apply are left out. */
export interface GrantTerms {
  /** The period of an allowance that it is part of: `<allowance id>@<start ms>` (rule 18). */
  period?: string;
  /** The seat that gave it, `seat:<organization>/<seat>`, and its period, which may be another one: `<seat>@<start ms>`. */
  seat?: string;
  seatPeriod?: string;
  /** What of it goes on when it expires: at most so much of the account at a time, until then (FEATURES C2). */
  rollover?: Rollover;
  /** The package of the rate card that it is; credits by hand are of none, whatever their reason says. */
  package?: string;
  /** Of extra credits: what each costs, as decimal text, and in which currency (ISO 4217). */
  fee?: Fee;
}

/** Until `expiresAt`, epoch milliseconds; null: for good. */
export interface Rollover {
  most: Microcredits;
  expiresAt: number | null;
}

export interface Fee {
  perCredit: string;
  currency: string;
}

/** What was given of an allowance in its current period: one row per account and per seat, so that nothing is given twice (rule 18). */
export interface Allowance {
  /** The account, `user:<organization>/<user>` or `pool:<organization>`; or `seat:<organization>/<seat>`. */
  id: string;
  /** The period, epoch milliseconds. */
  from: number;
  until: number;
  granted: Microcredits;
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
  /** The windows it counts in, as held; one that starts with `extra:` counts only what is drawn from that account. */
  windows: readonly string[];
  /** The limit of each window, as held: what its alerts are told by. */
  limits: readonly Microcredits[];
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
  /** Caps that it went past, because they only watch or because its key may. */
  passed: readonly Passed[];
  /** Hash of the row's other fields, so that a changed row is found by verify. */
  digest: string;
}

export interface Passed {
  cap: string;
  mode: 'soft' | 'shadow' | 'bypass';
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

/** Hourly roll-up, added in the same commit as the end of the call, under the start of the hour of `heldAt`. */
export interface RollupDelta {
  hour: number;
  workspace: string;
  key: string;
  service: string;
  operation: string;
  reason: string;
  calls: number;
  charge: Microcredits;
  free: Microcredits;
  absorbed: Microcredits;
}

/**
 * Something of the people and places beside the money: an organization, a seat, a key, an order. The ledger keeps it in the same commit as
 * money and audit, and does not know what it says.
 */
export interface StoredRecord {
  kind: string;
  id: string;
  organization: string;
  /** Another name that it is found by, unique within its kind as its id is: a key's hash, a payment's reference. */
  lookup: string | null;
  /** Null where it is gone; its id stays taken. */
  body: Readonly<Record<string, unknown>> | null;
  /** 1, 2, 3 …: what `If-Match` compares. */
  version: number;
  at: number;
}

/** One row of the audit: who did what, and what was there before and after. Append-only; the store chains them. */
export interface Audit {
  /** Id of the key, or `gateway` for what it does by itself, or the name of a payments adapter. */
  by: string;
  user: string | null;
  /** The address that it came from; '' for the gateway itself. */
  from: string;
  /** Null for what concerns the whole gateway. */
  organization: string | null;
  /** `grant.make`, `seat.change`, `payment.refuse` … */
  action: string;
  subject: { kind: string; id: string };
  before: unknown;
  after: unknown;
  reason: string;
}

/** Something to tell people of, by webhook and event stream: written in the commit of what it tells of. */
export interface LedgerEvent {
  /** The same id is the same event: it is kept once. */
  id: string;
  /** `alert.crossed`, `grant.made`, `cycle.turned` …: the list is in shared/src/events.ts. */
  type: string;
  organization: string;
  workspace: string | null;
  at: number;
  data: Readonly<Record<string, unknown>>;
}
