// What can be asked of the ledger. Each command is decided by a file of its own, and all of them through engine.ts.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Audit, CallAbout, Fee, GrantKind, GrantTerms, LedgerEvent, Rollover } from './rows.ts';

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
  terms?: GrantTerms;
  /** Written with the grant, and not for a repeat; so with the other commands. */
  audit?: Audit;
}

export interface VoidCommand {
  type: 'void';
  grantId: string;
  reason: string;
  by: string;
  audit?: Audit;
}

/** Makes sure that an allowance was given for its period (rule 18). A hold carries those of its sources, so that a cycle turns by itself. */
export interface AllowCommand {
  type: 'allow';
  allowance: AllowanceDue;
}

/**
 * What a source is due now. For a period: as much is granted as is missing of `amount` for this account, and for the seat. Without one
 * (`lifetime`): once per identity, whichever account it is.
 */
export type AllowanceDue =
  | {
      kind: 'allowance';
      account: string;
      /** `seat:<organization>/<seat>`; null for a pool or a plan without seats. */
      seat: string | null;
      amount: Microcredits;
      from: number;
      until: number;
      rollover: Rollover | null;
    }
  | { kind: 'lifetime'; account: string; identity: string; amount: Microcredits };

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
  /**
   * `hard` refuses, the default. `soft` lets pass and tells. `shadow` notes what it would have refused. `watch` only counts and tells of
   * its crossings: it is no cap, but the allowance of a cycle.
   */
  mode?: 'hard' | 'soft' | 'shadow' | 'watch';
}

/** What a call is held under beside its sources and caps, as the plan of its payer says at that moment. */
export interface Terms {
  /** Given first, where due. */
  allowances: readonly AllowanceDue[];
  /** Drawn last, past all sources; null where the plan has none. */
  extra: ExtraTerms | null;
  /** Whose caps are passed and noted instead of enforced: the key's privilege. Credits must be there all the same. */
  bypass: boolean;
  /** When an allowance comes next, for a refusal; null where none does. */
  resetsAt: number | null;
  /** Epoch milliseconds: the layout counts before this moment, as a window or a cycle turns then; null: for good. */
  until: number | null;
}

/** Extra credits, past the allowance at a fee: `limit` in the window, which is named in the call beside its caps (rule 19). */
export interface ExtraTerms {
  /** `extra:<organization>`. */
  account: string;
  limit: Microcredits;
  /** Of the cycle, epoch milliseconds. */
  from: number;
  until: number | null;
  fee: Fee;
}

export interface HoldCommand {
  type: 'hold';
  callId: string;
  amount: Microcredits;
  /** Accounts in draw order. */
  sources: readonly string[];
  caps: readonly CapCheck[];
  /** Undefined for a payer without a plan. */
  terms?: Terms | undefined;
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
  audit?: Audit;
}

/** Writes records with their audit and events, all or nothing. */
export interface PutCommand {
  type: 'put';
  puts: readonly Put[];
  audits: readonly Audit[];
  events: readonly Omit<LedgerEvent, 'at'>[];
}

export interface Put {
  kind: string;
  id: string;
  organization: string;
  lookup: string | null;
  /** Null ends it. */
  body: Readonly<Record<string, unknown>> | null;
  /** The version that this replaces; 0: it must be new; null: whatever is there. */
  expects: number | null;
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
  | CorrectCommand
  | AllowCommand
  | PutCommand;
