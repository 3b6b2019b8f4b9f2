// What the API reads and writes beside the ledger. Stores implement it.
import type { Settlement } from '../ledger/commands.ts';
import type { Call, Entry, Grant } from '../ledger/rows.ts';
import type { VerifyStore } from '../ledger/verify.ts';
import type { AuditStore, CallFilter, ChargeStore, PeriodStore } from '../ledger/beside.ts';

export interface ApiStore extends AuditStore, ChargeStore, Pick<PeriodStore, 'openHolds'> {
  /** Everything as it is at one moment, while writes go on. It is closed by whoever opened it. */
  snapshot(): Promise<VerifyStore & { close(): Promise<void> }>;
  /** Writes without changing anything; rejects where nothing can be written now. */
  probe(): Promise<void>;
  call(id: string): Promise<Call | undefined>;
  /** Newest first. `before`: the id of a call; only older ones. */
  calls(filter: CallFilter): Promise<readonly Call[]>;
  /** Newest first. `before`: the number of an entry; only earlier ones. */
  entries(account: string, page: { before?: number; limit: number }): Promise<readonly Entry[]>;
  /** Newest first. `before`: the id of a grant; all of them without a page. */
  grantsOf(account: string, page?: { before?: string; limit: number }): Promise<readonly Grant[]>;
  /** Notes that the operator resumed an operation, so that a restart does not suspend it again. `at`: epoch milliseconds. */
  putResume(operation: string, at: number): Promise<void>;
  card(version: string): Promise<{ text: string } | undefined>;
  /** Settles that came after a lapse, newest first. */
  late(most: number): Promise<readonly LateSettle[]>;
}

export interface LateSettle {
  callId: string;
  at: number;
  settlement: Settlement;
}
