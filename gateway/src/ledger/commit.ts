// Group commit (decision 4): commands queue while a batch is on its way to the disk, and the next batch takes all of them. No
// outcome is told before its batch is durable (promise 2), and where the store does not answer every command of the batch is
// refused as unavailable (promise 6).
import { apply } from './engine.ts';
import { LedgerUnavailable, StaleState, type Changes, type Command, type Ledger, type LedgerStore } from './ledger.ts';
import type { Outcome, OutcomeOf, State } from './ledger.ts';
import { Overlay } from './overlay.ts';
import { standingOf } from './standing.ts';

export interface LedgerOptions {
  /** Epoch milliseconds. May jump back: the ledger's own clock does not. */
  now: () => number;
  /** The most commands in one batch. */
  batchMost?: number;
}

/** Opens the ledger over a store. The store stays its opener's to close, after the ledger. */
export function openLedger(store: LedgerStore, { now, batchMost = 1_000 }: LedgerOptions): Ledger {
  let last = 0;
  let closed = false;
  let queue: Waiting[] = [];
  let reads: WaitingRead[] = [];
  let draining: Promise<void> | undefined;

  const clock = (): number => (last = Math.max(last, Math.floor(now())));

  const drain = async (): Promise<void> => {
    // The turn of the event loop in which the first command came may bring more of them.
    await Promise.resolve();
    while (queue.length > 0 || reads.length > 0) {
      const batch = queue.length <= batchMost ? queue : queue.slice(0, batchMost);
      queue = queue.length <= batchMost ? [] : queue.slice(batchMost);
      const standings = reads;
      reads = [];
      await runBatch(store, batch, standings, clock);
    }
    draining = undefined;
  };

  const refuseClosed = (): void => {
    if (closed) throw new LedgerUnavailable('The ledger is closed.');
  };

  const read = async <T>(commands: readonly Command[], answer: (state: State, at: number) => T): Promise<T> => {
    refuseClosed();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    reads.push({ commands, tell: (state, at) => resolve(answer(state, at)), reject });
    draining ??= drain();
    return await promise;
  };

  return {
    async run<C extends Command>(command: C): Promise<OutcomeOf<C>> {
      refuseClosed();
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      queue.push({ command, resolve, reject, outcome: undefined, error: undefined });
      draining ??= drain();
      return (await promise) as OutcomeOf<C>;
    },
    rehearse: (command) => read([command], (state, at) => apply(state, command, at).outcome),
    // A standing reads the rows that an `expire` of each source would.
    standing: (sources) =>
      read(
        sources.map((account) => ({ type: 'expire', account })),
        (state, at) => standingOf(state, sources, at),
      ),
    now: clock,
    async close() {
      closed = true;
      await draining;
    },
  };
}

interface Waiting {
  command: Command;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
  outcome: Outcome | undefined;
  /** What went wrong with this command alone: a bug, which ends this command and no other. */
  error: unknown;
}

interface WaitingRead {
  /** What it needs to have loaded. */
  commands: readonly Command[];
  tell: (state: State, at: number) => void;
  reject: (error: unknown) => void;
}

/** Never rejects: whatever goes wrong is told to those who wait. */
async function runBatch(store: LedgerStore, batch: Waiting[], reads: WaitingRead[], clock: () => number): Promise<void> {
  try {
    await decideAndWrite(store, batch, reads, clock).catch((error: unknown) => {
      if (!(error instanceof StaleState)) throw error;
      // Nothing was written, so deciding anew on fresh rows is safe. Once: a store that says so twice is broken.
      return decideAndWrite(store, batch, reads, clock);
    });
    for (const { outcome, error, resolve, reject } of batch) {
      if (outcome === undefined) reject(error);
      else resolve(outcome);
    }
  } catch (cause) {
    const error = new LedgerUnavailable('The ledger could not make this durable.', { cause });
    for (const { reject } of batch) reject(error);
    for (const { reject } of reads) reject(error);
  }
}

async function decideAndWrite(store: LedgerStore, batch: Waiting[], reads: WaitingRead[], clock: () => number): Promise<void> {
  const commands = batch.map(({ command }) => command);
  for (const read of reads) commands.push(...read.commands);
  const state = await store.load(commands);
  const at = clock();
  tellReads(reads, state, at);
  const changes = decide(state, batch, at);
  if (changes !== undefined) await store.write(changes);
}

/** Reads are told of what is durable already, which is what the store has just given. */
function tellReads(reads: WaitingRead[], state: State, at: number): void {
  for (const { tell, reject } of reads) {
    try {
      tell(state, at);
    } catch (error) {
      reject(error);
    }
  }
}

function decide(state: State, batch: Waiting[], at: number): Changes | undefined {
  const overlay = new Overlay(state);
  for (const waiting of batch) {
    try {
      const { outcome, changes } = apply(overlay, waiting.command, at);
      overlay.take(changes);
      waiting.outcome = outcome;
    } catch (error) {
      waiting.outcome = undefined;
      waiting.error = error;
    }
  }
  return overlay.merged();
}
