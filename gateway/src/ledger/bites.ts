// Much work of little hurry beside the calls: a cycle that turns for everybody at midnight.
import type { Command } from './commands.ts';
import { LedgerUnavailable, type Ledger } from './ledger.ts';
import type { OutcomeOf } from './outcomes.ts';

/** What became of a command: its outcome, or what went wrong with it alone. */
export type Bitten<C extends Command> = PromiseSettledResult<OutcomeOf<C>>;

/**
 * Runs these commands in their order, behind the calls, some of them at a time.
 * @throws {LedgerUnavailable} as soon as the ledger does not answer; what is left is not run.
 */
export async function runInBites<C extends Command>(ledger: Pick<Ledger, 'run'>, commands: readonly C[]): Promise<Bitten<C>[]> {
  const results: Bitten<C>[] = [];
  for (let from = 0; from < commands.length; from += BITE) {
    const bite = await Promise.allSettled(
      commands.slice(from, from + BITE).map((command) => ledger.run(command, { later: true })),
    );
    for (const result of bite) {
      if (result.status === 'rejected' && result.reason instanceof LedgerUnavailable) throw result.reason;
      results.push(result);
    }
  }
  return results;
}

// As many as the queue takes in one batch where no call waits, and some more, so that it need not wait for the next ones.
const BITE = 48;
