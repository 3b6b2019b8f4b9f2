// What can be asked of the ledger. Each command is decided by a file of its own, and all of them through engine.ts.
import type { Microcredits } from '@tollgate/shared/credits';
import type { CallAbout, GrantKind } from './rows.ts';

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
