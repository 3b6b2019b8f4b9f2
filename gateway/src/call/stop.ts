// Why we ourselves stopped a call: told in calls/{id}, since the client only sees a reset (rule 12).

export type StopReason =
  /** The ledger could not be reached in time to keep the lease (rule 3). */
  | 'lease_lost'
  /** The gateway ended before the call did. */
  | 'shutdown'
  /** No first byte, or no next one, in time. */
  | 'timeout'
  /** The upstream switched protocols unasked. */
  | 'upgraded'
  /** The client left and the upstream did not finish within the limits of rule 9. */
  | 'client_left'
  /** A quantity that we keep by cutting reached its bound. */
  | 'bound_reached'
  /** The upstream reported more than its bound. */
  | 'bound_broken';

export class StoppedError extends Error {
  override name = 'StoppedError';
  readonly why: StopReason;

  constructor(why: StopReason) {
    super(why);
    this.why = why;
  }
}
