// Everything that the steps of a paid call lean on, composed once by app.ts. A step takes the gate and the call, nothing global.
import type { Observed } from '@tollgate/shared/estimate';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { StoredAnswer } from '../ledger/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Call } from '../ledger/rows.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Identify } from './identify.ts';
import type { Payers } from '../payer/payers.ts';
import type { Alerts } from './alert.ts';
import type { Leases } from './leases.ts';
import type { Limits } from './limits.ts';
import type { Settles } from './settles.ts';
import type { Suspensions } from './suspend.ts';

export interface Gate {
  /** The card in force now, and since when by the ledger's clock. */
  card(): { card: RateCard; since: number };
  /** A card that was in force once, for jobs that outlive it; undefined where it is not kept. */
  cardOf(version: string): Promise<RateCard | undefined>;
  ledger: Ledger;
  /** What was made through this gateway, and the answers kept with idempotency keys. */
  kept: Kept;
  identify: Identify;
  /** Who pays for the calls of a key. */
  payers: Payers;
  /** How fast a key may call. */
  limits: Limits;
  alerts: Alerts;
  leases: Leases;
  settles: Settles;
  suspensions: Suspensions;
  metrics: Metrics;
  log: Log;
  rules: GateRules;
  /** This process, as the owner of its holds. */
  owner: string;
  newCallId(): string;
  /** Milliseconds of this process's own clock, for durations and leases; not the time of day. */
  monotonicMs(): number;
  traffic: Traffic;
  /** The origin and base path of an upstream, for links that must lead back through the gateway. */
  upstreamOrigin(name: string): string | undefined;
}

/** The parts of the store that a call reads and writes beside the ledger. */
export interface Kept {
  answer(claim: string): Promise<StoredAnswer | undefined>;
  /** Notes that `id` was made by this workspace; false where another workspace has it. */
  claimOwned(service: string, id: string, workspace: string, callId: string, at: number): Promise<boolean>;
  ownerOf(service: string, id: string): Promise<string | undefined>;
  call(id: string): Promise<Call | undefined>;
  openCallOfJob(service: string, job: string): Promise<Call | undefined>;
  /** What recent calls of an operation in a workspace used of what they could have used, newest first. */
  recentQuantities(operation: string, workspace: string, most: number): Promise<readonly Observed[]>;
}

/** What the operator set. Durations in milliseconds, sizes in bytes. */
export interface GateRules {
  /** The first organization: that of whoever set the gateway up. */
  organization: string;
  /** The longest body that is read for its price; a longer one is 413. */
  bodyBytesMost: number;
  /** The longest answer that waits whole for its cost, so that the cost can go out in a header. */
  wholeAnswerBytesMost: number;
  leaseMs: number;
  /** From the last byte of the request to the first of the answer. */
  headTimeoutMs: number;
  /** Between two pieces of an answer, or while a client does not read. */
  idleTimeoutMs: number;
  claimKeepMs: number;
  callsMost: number;
  corsOrigins: readonly string[];
  /** Where credits can be had; undefined where nobody said. */
  topUpUrl: string | undefined;
  /** How clients reach this gateway, for rewritten links; undefined to use the request's Host. */
  publicUrl: string | undefined;
}

/** The calls under way, for the admission limit and for draining. */
export interface Traffic {
  open: number;
  draining: boolean;
}
