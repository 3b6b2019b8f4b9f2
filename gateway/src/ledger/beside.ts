// What a store keeps beside the money, and how the rest of the gateway reads it. All of it is written through the ledger's queue, in the
// commit of what it belongs to, but for deliveries, which are nobody's money.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Audit, CallState, CapWindow, Fee, LedgerEvent, StoredRecord } from './rows.ts';

export interface RecordStore {
  /** Also one that is gone (`body: null`), because its id stays taken. */
  record(kind: string, id: string): Promise<StoredRecord | undefined>;
  recordByLookup(kind: string, lookup: string): Promise<StoredRecord | undefined>;
  /** Those that are not gone, by id. `after`: only ids past this one. */
  records(kind: string, page: RecordPage): Promise<readonly StoredRecord[]>;
}

export interface RecordPage {
  organization?: string;
  /** Those that are this user's, by their member `user`; together with an organization. */
  user?: string;
  /** Ids that start so: `acme/` for the seats of acme. */
  prefix?: string;
  after?: string;
  /** All of them where it is left out. */
  limit?: number;
}

/** Calls, newest first. */
export interface CallFilter {
  /** The id of a call: only older ones. */
  before?: string;
  limit: number;
  organization?: string;
  /** In one of these. */
  workspaces?: readonly string[];
  /** Whose key made them. */
  user?: string;
  key?: string;
  operation?: string;
  state?: CallState;
  /** The call at the root of a chain: it and all below it. */
  chain?: string;
  labels?: { scenario?: string | undefined; module?: string | undefined; run?: string | undefined };
}

export interface ChargeStore {
  /** By hour in the order of the hours, or by reason; those without a call are left out. */
  charges(asked: ChargesAsked): Promise<readonly Charges[]>;
  /**
   * What was charged from the start of its hour (UTC) to each of some moments.
   * @returns undefined where more calls than `callsMost` would have to be read for it
   */
  chargesToMoments(
    moments: readonly number[],
    seen: Pick<ChargesAsked, 'workspaces' | 'keys'>,
    callsMost: number,
  ): Promise<readonly ChargesPart[] | undefined>;
}

export interface ChargesPart {
  /** Epoch milliseconds. */
  moment: number;
  reason: string;
  charge: Microcredits;
  calls: number;
}

export interface ChargesAsked {
  /** Hours of holds (UTC), `from` ≤ hour < `until`; epoch milliseconds. */
  from: number;
  until: number;
  by: 'hour' | 'reason';
  workspaces: readonly string[];
  /** Ids; those of all keys where it is left out. */
  keys?: readonly string[] | undefined;
}

export interface Charges {
  /** The start of an hour, epoch milliseconds, or the reason. */
  name: number | string;
  charge: Microcredits;
  calls: number;
}

export interface AuditStore {
  /** Newest first. */
  audits(filter: AuditFilter): Promise<readonly AuditRow[]>;
}

export interface AuditFilter {
  organization?: string;
  action?: string;
  by?: string;
  subject?: { kind: string; id: string };
  /** Only rows with a smaller number. */
  before?: number;
  limit: number;
}

/** `hash` is over the hash of the row before it, so that the audit is one chain. */
export type AuditRow = Audit & { number: number; at: number; hash: string };

/** Events in the order of their commits. */
export type EventRow = LedgerEvent & { number: number };

export interface EventStore {
  /** Oldest first, past `after`. */
  events(filter: EventFilter): Promise<readonly EventRow[]>;
  /** The number of the newest event, 0 before the first. */
  lastEvent(): Promise<number>;
  /** How far events have been given out to webhooks. */
  fannedOut(): Promise<number>;
  /** Notes deliveries of events and that everything up to `upTo` has been given out, in one commit. */
  fanOut(deliveries: readonly Delivery[], upTo: number): Promise<void>;
  /** Deliveries whose next attempt is due, earliest first. `except`: webhooks whose deliveries are left out. */
  dueDeliveries(at: number, most: number, except?: readonly string[]): Promise<readonly Delivery[]>;
  putDelivery(delivery: Delivery): Promise<void>;
  delivery(id: string): Promise<Delivery | undefined>;
  /** Newest first. */
  deliveries(filter: DeliveryFilter): Promise<readonly Delivery[]>;
}

export interface EventFilter {
  organization?: string;
  /** Those of the whole organization (`workspace: null`) are among them. */
  workspace?: string;
  types?: readonly string[];
  after: number;
  limit: number;
}

export interface DeliveryFilter {
  webhook: string;
  state?: Delivery['state'];
  before?: string;
  limit: number;
}

/** One event on its way to one webhook. */
export interface Delivery {
  /** `<event number, 12 digits>.<webhook id>`, so that it sorts by time; with `.<n>` for a replay. */
  id: string;
  event: number;
  webhook: string;
  state: 'waiting' | 'delivered' | 'dead';
  attempts: number;
  /** Null where no attempt is to come. */
  nextAt: number | null;
  lastAt: number | null;
  lastStatus: number | null;
  /** For people: why the last attempt failed; '' where it did not. */
  lastError: string;
}

/** An account whose last period has ended. */
export interface EndedAllowance {
  id: string;
  until: number;
}

/** What a sweep looks for. */
export interface PeriodStore {
  /** Allowances whose period has ended by `at`, by end and id, past `after`: what a cycle that turned is due. Not those of seats. */
  endedAllowances(at: number, most: number, after?: EndedAllowance): Promise<readonly EndedAllowance[]>;
  /** Calls that are held now in a workspace. */
  openHolds(workspace: string): Promise<number>;
  /** The time of the newest entry, and so the least that the ledger's clock may start at; 0 before the first. */
  lastAt(): Promise<number>;
}

/** What was drawn as extra credits, which is billed by the cycle. */
export interface ExtraStore {
  /** Windows `extra:<organization>@<start ms>`, earliest first; of all organizations where none is named, by id. */
  extraWindows(organization?: string): Promise<readonly CapWindow[]>;
  /** Of the account's grants that were made at `from` ≤ t < `until`, by what each credit of them costs. */
  extraDrawn(account: string, from: number, until: number): Promise<readonly ExtraDrawn[]>;
}

export interface ExtraDrawn {
  fee: Fee;
  spent: Microcredits;
  held: Microcredits;
}
