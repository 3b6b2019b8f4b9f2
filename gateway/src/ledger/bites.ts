// Much work of little hurry beside the calls: a cycle that turns for everybody at midnight. It goes through the queue in small bites, with a
// pause after each, so that a call's command is never behind more than one of them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './commands.ts';
import { LedgerUnavailable, type Ledger } from './ledger.ts';
import type { OutcomeOf } from './outcomes.ts';

/** What became of a command: its outcome, or what went wrong with it alone. */
export type Bitten<C extends Command> = PromiseSettledResult<OutcomeOf<C>>;

/**
 * Runs these commands in their order, a few at a time.
 * @throws {LedgerUnavailable} as soon as the ledger does not answer; what is left is not run.
 */
export async function runInBites<C extends Command>(ledger: Pick<Ledger, 'run'>, commands: readonly C[]): Promise<Bitten<C>[]> {
  const results: Bitten<C>[] = [];
  for (let from = 0; from < commands.length; from += BITE) {
    const startedMs = performance.now();
    const bite = await Promise.allSettled(commands.slice(from, from + BITE).map((command) => ledger.run(command)));
    for (const result of bite) {
      if (result.status === 'rejected' && result.reason instanceof LedgerUnavailable) throw result.reason;
      results.push(result);
    }
    if (from + BITE < commands.length) await sleep(Math.min(PAUSE_MOST_MS, (performance.now() - startedMs) * PAUSE_PER_MS));
  }
  return results;
}

// A bite is decided and written in some three milliseconds.
const BITE = 24;
// Calls that came during a bite are then decided in a batch without the next one, so that none waits for two.
const PAUSE_PER_MS = 0.25;
const PAUSE_MOST_MS = 100;
