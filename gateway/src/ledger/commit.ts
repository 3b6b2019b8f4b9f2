// Group commit (decision 4): commands queue while a batch is on its way to the disk, and the next batch takes all of them. No
// outcome is told before its batch is durable (promise 2), and where the store does not answer every command of the batch is
// refused as unavailable (promise 6).
import { setImmediate as nextTurn } from 'node:timers/promises';
import { apply } from './engine.ts';
import { LedgerUnavailable, StaleState, type Command, type Ledger, type LedgerStore, type State } from './ledger.ts';
import type { Outcome, OutcomeOf } from './ledger.ts';
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

  /** A deep queue goes in two halves, so that one is decided while the other is written. */
  const takeBatch = (isWriting: boolean): Waiting[] => {
    const most = !isWriting && queue.length >= HALVE_FROM ? Math.ceil(queue.length / 2) : queue.length;
    const batch = queue.slice(0, Math.min(most, batchMost));
    queue = queue.slice(batch.length);
    return batch;
  };

  const drain = async (): Promise<void> => {
    // The turn of the event loop in which the first command came may bring more of them.
    await Promise.resolve();
    let writing: Batch | undefined;
    while (queue.length > 0 || reads.length > 0) {
      const batch = new Batch(store, takeBatch(writing !== undefined), clock);
      const standing = reads;
      reads = [];
      await batch.decide(standing, writing);
      await writing?.written;
      writing = batch.write(writing);
      // Those who were just told may have more to run, which can then be decided during this write.
      if (batch.size >= OVERLAP_FROM) await nextTurn();
      if (queue.length < OVERLAP_FROM) {
        await writing.written;
        writing = undefined;
      }
    }
    // In the same step as the look at the queue: a command that comes later starts the next drain.
    draining = undefined;
  };

  const read = <T>(commands: readonly Command[], answer: (state: State, at: number) => T): Promise<T> => {
    if (closed) return Promise.reject(closedError());
    const told = new Promise<T>((resolve, reject) => {
      reads.push({ commands, tell: (state, at) => resolve(answer(state, at)), reject });
    });
    draining ??= drain();
    return told;
  };

  return {
    run<C extends Command>(command: C): Promise<OutcomeOf<C>> {
      if (closed) return Promise.reject(closedError());
      // The outcome of a command is of the command's own type; the queue holds them all.
      const outcome = new Promise<Outcome>((resolve, reject) => {
        queue.push({ command, resolve, reject, outcome: undefined, error: undefined });
      });
      draining ??= drain();
      return outcome as Promise<OutcomeOf<C>>;
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

// Deciding during a write pays where both take long. Below that it would only make batches smaller, and each costs a sync of the disk.
const OVERLAP_FROM = 64;
const HALVE_FROM = 4 * OVERLAP_FROM;

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

/** Commands that become durable together. None of its methods rejects: whatever goes wrong is told to those who wait. */
class Batch {
  /** Resolves to whether the batch is durable as it was decided. What was decided on top of it counts for nothing otherwise. */
  written: Promise<boolean> = Promise.resolve(true);
  readonly #store: LedgerStore;
  readonly #waiting: readonly Waiting[];
  readonly #clock: () => number;
  #overlay: Overlay | undefined;
  #state: State | undefined;

  constructor(store: LedgerStore, waiting: readonly Waiting[], clock: () => number) {
    this.#store = store;
    this.#waiting = waiting;
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Decides every command, on top of a batch that is still being written where there is one. */
  async decide(reads: readonly WaitingRead[], below: Batch | undefined): Promise<void> {
    try {
      const commands = this.#waiting.map(({ command }) => command);
      for (const read of reads) commands.push(...read.commands);
      this.#state = await this.#store.load(commands);
      this.#decideOn(below === undefined ? this.#state : (below.#overlay ?? this.#state));
      tellReads(reads, this.#state, this.#clock());
    } catch (cause) {
      this.#refuseAll(cause);
      for (const { reject } of reads) reject(unavailable(cause));
    }
  }

  /** Starts the write; `below` has ended. */
  write(below: Batch | undefined): this {
    this.written = this.#writeOn(below);
    return this;
  }

  async #writeOn(below: Batch | undefined): Promise<boolean> {
    // It could not be loaded, and everyone has been told.
    if (this.#overlay === undefined) return false;
    try {
      if (below !== undefined && !(await below.written)) await this.#decideAnew();
      else if (this.#state !== undefined) this.#overlay.rebase(this.#state);
      const asDecided = await this.#commit();
      for (const { outcome, error, resolve, reject } of this.#waiting) {
        if (outcome === undefined) reject(error);
        else resolve(outcome);
      }
      return asDecided;
    } catch (cause) {
      this.#refuseAll(cause);
      return false;
    }
  }

  async #commit(): Promise<boolean> {
    try {
      await this.#writeChanges();
      return true;
    } catch (error) {
      if (!(error instanceof StaleState)) throw error;
      // Nothing was written, so deciding anew on fresh rows is safe. Once: a store that says so twice is broken.
      await this.#decideAnew();
      await this.#writeChanges();
      return false;
    }
  }

  async #writeChanges(): Promise<void> {
    const changes = this.#overlay?.merged();
    if (changes !== undefined) await this.#store.write(changes);
  }

  async #decideAnew(): Promise<void> {
    this.#decideOn(await this.#store.load(this.#waiting.map(({ command }) => command)));
  }

  #decideOn(base: State): void {
    const overlay = new Overlay(base);
    const at = this.#clock();
    for (const waiting of this.#waiting) {
      try {
        const { outcome, changes } = apply(overlay, waiting.command, at);
        overlay.take(changes);
        waiting.outcome = outcome;
      } catch (error) {
        waiting.outcome = undefined;
        waiting.error = error;
      }
    }
    this.#overlay = overlay;
  }

  #refuseAll(cause: unknown): void {
    const error = unavailable(cause);
    for (const { reject } of this.#waiting) reject(error);
  }
}

/** Reads are told of what is durable already, which is what the store has just given. */
function tellReads(reads: readonly WaitingRead[], state: State, at: number): void {
  for (const { tell, reject } of reads) {
    try {
      tell(state, at);
    } catch (error) {
      reject(error);
    }
  }
}

function closedError(): LedgerUnavailable {
  return new LedgerUnavailable('The ledger is closed.');
}

function unavailable(cause: unknown): LedgerUnavailable {
  return new LedgerUnavailable('The ledger could not make this durable.', { cause });
}
