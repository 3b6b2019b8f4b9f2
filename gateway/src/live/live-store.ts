// What telling reads from a store, beside the events and their deliveries. Stores implement it.
import type { Microcredits } from '@tollgate/shared/credits';
import type { EventStore } from '../ledger/beside.ts';
import type { Call } from '../ledger/rows.ts';

export interface LiveStore extends EventStore {
  /** The number of the newest entry over all accounts, 0 before the first. */
  lastEntry(): Promise<number>;
  /**
   * Calls whose charge was written with an entry past `after` and up to `upTo`, in that order; `entry` is the first of each call, so that
   * a call is told by one place alone. Calls that were charged nothing have no entry.
   */
  charged(range: ChargedRange): Promise<readonly Charged[]>;
  /** What an organization was charged, by hour of its holds (UTC): `from` ≤ hour < `until`, hours without a charge left out. */
  hourlyCharges(organization: string, range: { from: number; until: number }): Promise<readonly HourlyCharge[]>;
}

export interface ChargedRange {
  after: number;
  upTo: number;
  /** Only calls in workspaces of these; all where it is left out. */
  organizations?: readonly string[];
}

export interface Charged {
  entry: number;
  call: Call;
}

export interface HourlyCharge {
  hour: number;
  charge: Microcredits;
}
