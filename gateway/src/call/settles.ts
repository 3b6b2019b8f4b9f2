// Ends of calls on their way into the ledger. When the ledger fails after forwarding, the client has its answer, the hold stays and
// the end is tried again until it is known; past a bounded number of such calls nothing new is admitted (rule 11).
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReleaseCommand, SettleCommand } from '../ledger/commands.ts';
import { LedgerUnavailable, type Ledger } from '../ledger/ledger.ts';
import type { EndOutcome } from '../ledger/outcomes.ts';
import type { Log } from '../log.ts';

type End = SettleCommand | ReleaseCommand;

export interface Settles {
  /**
   * Ends a call. Resolves when it is on disk, or with `undefined` where the ledger did not answer and the end now waits: the client
   * then gets no cost, never a guessed one.
   */
  end(command: End): Promise<EndOutcome | undefined>;
  /** Ends that wait for the ledger. */
  waiting(): number;
  /** True while so many ends wait that no new call may be admitted. */
  full(): boolean;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

// Each waiting end is a forwarded call whose cost the ledger does not know yet: the operator's risk, kept small.
const WAITING_MOST = 1_000;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 2_000;

export function createSettles(ledger: Ledger, log: Log): Settles {
  const waiting = new Set<Promise<void>>();

  async function end(command: End): Promise<EndOutcome | undefined> {
    try {
      return await ledger.run(command);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      log.warn({ callId: command.callId, error: error.message }, 'the ledger did not take the end of a call; it waits');
      const attempt = keepTrying(command).finally(() => waiting.delete(attempt));
      waiting.add(attempt);
      return undefined;
    }
  }

  async function keepTrying(command: End): Promise<void> {
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS)) {
      await sleep(pauseMs);
      try {
        const outcome = await ledger.run(command);
        if (!outcome.ok)
          log.error({ callId: command.callId, refusal: outcome.refusal }, 'a late end was refused; see reconciling');
        return;
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) {
          log.error({ callId: command.callId, error: String(error) }, 'the end of a call met a fault; its hold will lapse');
          return;
        }
      }
    }
  }

  return {
    end,
    waiting: () => waiting.size,
    full: () => waiting.size >= WAITING_MOST,
    drained: async () => void (await Promise.all(waiting)),
  };
}
