// Holds are leases that their process renews while the call lives (rule 3). A process that can not reach the ledger stops its calls
// before their leases lapse, by its own monotonic clock: otherwise the sweep would charge a call that still runs.
import type { Ledger } from '../ledger/ledger.ts';

export interface Leases {
  /** Keeps a call's lease alive; `stop` is called when that can no longer be promised. */
  keep(callId: string, stop: Stop): void;
  /** The call ended, or its hold now belongs to a job. */
  drop(callId: string): void;
  /** Stops every call that is under way: this process ends, and nobody would renew them. */
  stopAll(): void;
  close(): void;
}

type Stop = (why: 'lease_lost' | 'shutdown') => void;

interface Lease {
  renewedAt: number;
  stop: Stop;
}

/** @param leaseMs how long a hold lives without renewal; renewed at a third of it, given up at two thirds. */
export function keepLeases(ledger: Ledger, owner: string, leaseMs: number, monotonicMs: () => number): Leases {
  const leases = new Map<string, Lease>();
  let renewing = false;
  const timer = setInterval(() => void renew(), leaseMs / 6);
  timer.unref();

  async function renew(): Promise<void> {
    const startedAt = monotonicMs();
    stopOverdue(startedAt);
    const due = [...leases].filter(([, lease]) => startedAt - lease.renewedAt >= leaseMs / 3).map(([callId]) => callId);
    if (due.length === 0 || renewing) return;
    renewing = true;
    try {
      const { gone } = await ledger.run({ type: 'renew', callIds: due, owner, leaseMs, job: null, onLapse: null });
      for (const callId of due) {
        const lease = leases.get(callId);
        if (lease !== undefined) lease.renewedAt = startedAt;
      }
      for (const callId of gone) stop(callId);
    } catch {
      // The ledger does not answer: the next tick tries again, and stopOverdue ends what can not wait longer.
    } finally {
      renewing = false;
    }
  }

  function stopOverdue(at: number): void {
    for (const [callId, lease] of leases) if (at - lease.renewedAt >= (leaseMs * 2) / 3) stop(callId);
  }

  function stop(callId: string, why: Parameters<Stop>[0] = 'lease_lost'): void {
    const lease = leases.get(callId);
    leases.delete(callId);
    lease?.stop(why);
  }

  return {
    keep: (callId, onStop) => leases.set(callId, { renewedAt: monotonicMs(), stop: onStop }),
    drop: (callId) => leases.delete(callId),
    stopAll: () => {
      for (const callId of leases.keys()) stop(callId, 'shutdown');
    },
    close: () => clearInterval(timer),
  };
}
