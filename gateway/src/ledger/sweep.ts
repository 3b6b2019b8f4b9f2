// The sweep ends what time ends: holds whose lease or deadline has passed, grants that have expired, claims past their time. It runs on
// a gateway that was just started, and from then on at intervals, a bounded number at a time and never twice at once.
import { runInBites } from './bites.ts';
import type { Ledger, LedgerStore } from './ledger.ts';

export interface SweepStore extends Pick<LedgerStore, 'lapsed' | 'expired'> {
  /** Forgets claims that are past their time (rule 22); for stores that keep them on a disk. */
  forgetClaims?: (at: number, most: number) => Promise<number>;
}

export interface SweepOptions {
  leaseMs: number;
  /** From the end of one sweep to the start of the next. */
  everyMs?: number;
  /** The most rows of each kind at a time. */
  most?: number;
  /**
   * Gives accounts whose cycle has turned what they are due. It comes before what only expires, because an `allow` ends what has expired as
   * well: one command for an account in place of two.
   */
  turn?: () => Promise<void>;
  /** Ends that are known and wait for the ledger. While there are any, nothing lapses: they must run before any sweep (rule 3). */
  settlesWaiting: () => number;
  log: { warn: (facts: object, message: string) => void; error: (facts: object, message: string) => void };
  /** This process's own clock, in milliseconds. */
  monotonicMs?: () => number;
}

export interface Sweep {
  /** The ledger did not answer someone: leases start anew from now (rule 3). The sweep also notices this by itself. */
  outage(): void;
  /** Runs what is due now, at once; waits for a sweep that is under way. */
  now(): Promise<void>;
  /** Resolves once no sweep runs any more. */
  stop(): Promise<void>;
}

/** Starts with a sweep at once. */
export function startSweep(ledger: Ledger, store: SweepStore, options: SweepOptions): Sweep {
  const { leaseMs, everyMs = 1_000, most = 500, turn, settlesWaiting, log, monotonicMs = () => performance.now() } = options;
  let outageAtMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const outage = (): void => {
    outageAtMs = monotonicMs();
  };

  /** After an outage no process could renew, so a lease that passed during it says nothing about its call. */
  const mayLapse = (): boolean => {
    if (settlesWaiting() > 0) outage();
    return monotonicMs() - outageAtMs >= leaseMs;
  };

  const sweepOnce = async (): Promise<void> => {
    try {
      if (mayLapse()) await lapseOverdue(ledger, store, most, log);
      await turn?.();
      // All that is due, so that a midnight at which everything expires does not take until noon; leases come in between.
      while (await expireSome(ledger, store, most, log)) {
        if (stopped) return;
        if (mayLapse()) await lapseOverdue(ledger, store, most, log);
      }
      await store.forgetClaims?.(ledger.now(), most);
    } catch (error) {
      outage();
      log.warn({ error: String(error) }, 'the sweep could not reach the ledger; leases start anew');
    }
  };

  const sweep = async (): Promise<void> => {
    clearTimeout(timer);
    running = running.then(sweepOnce);
    await running;
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void sweep(), everyMs).unref();
  };

  void sweep();
  return {
    outage,
    now: sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** A bug in one of them leaves that one open and the others ended. */
async function lapseOverdue(ledger: Ledger, store: SweepStore, most: number, log: SweepOptions['log']): Promise<void> {
  const overdue = await store.lapsed(ledger.now(), most);
  const lapsed = await runInBites(
    ledger,
    overdue.map((callId) => ({ type: 'lapse', callId }) as const),
  );
  for (const [index, outcome] of lapsed.entries()) {
    if (outcome.status === 'rejected')
      log.error({ callId: overdue[index], error: String(outcome.reason) }, 'a hold could not lapse');
  }
}

/** Whether there may be more that can be expired. */
async function expireSome(ledger: Ledger, store: SweepStore, most: number, log: SweepOptions['log']): Promise<boolean> {
  const due = await store.expired(ledger.now(), most);
  const expired = await runInBites(
    ledger,
    due.map((account) => ({ type: 'expire', account }) as const),
  );
  let ended = 0;
  for (const [index, outcome] of expired.entries()) {
    if (outcome.status === 'fulfilled') ended += outcome.value.expired;
    else log.error({ account: due[index], error: String(outcome.reason) }, 'an account could not expire');
  }
  // Where nothing moved, more of the same would not either.
  return due.length >= most && ended > 0;
}
