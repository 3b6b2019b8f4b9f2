// Group commit (decision 4): commands queue while a batch is on its way to the disk, and the next batch takes all of them. No
// outcome is told before its batch is durable (promise 2), and where the store does not answer every command of the batch is
// refused as unavailable (promise 6).
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Batch, type Waiting, type WaitingRead } from './batch.ts';
import { apply } from './engine.ts';
import type { Command } from './commands.ts';
import { LedgerUnavailable, type Changes, type Ledger, type LedgerStore, type State } from './ledger.ts';
import type { Outcome, OutcomeOf } from './outcomes.ts';
import { holdOfNothing, standingOf } from './standing.ts';

export interface LedgerOptions {
  /** Epoch milliseconds. May jump back: the ledger's own clock does not. */
  now: () => number;
  /** The store's last moment, epoch milliseconds: the ledger's clock starts there at the least. */
  startAt?: number;
  /** Called with each durable batch, before those who wait for it are told. */
  committed?: (changes: Changes) => void;
  /** The most commands in one batch. */
  batchMost?: number;
}

/** Opens the ledger over a store. The store stays its opener's to close, after the ledger. */
export function openLedger(store: LedgerStore, options: LedgerOptions): Ledger {
  const queue = new Queue(store, options);
  return {
    run: (command, { later = false } = {}) => queue.run(command, later),
    rehearse: (command) => queue.read([command], (state, at) => apply(state, command, at).outcome),
    standing: (asked) => queue.read([holdOfNothing(asked)], (state, at) => standingOf(state, asked, at)),
    now: () => queue.now(),
    close: () => queue.close(),
  };
}

class Queue {
  readonly #store: LedgerStore;
  readonly #options: LedgerOptions;
  #waiting: Waiting[] = [];
  /** Of little hurry: what a sweep does beside the calls. */
  readonly #later: Waiting[] = [];
  #hadLater = false;
  #reads: WaitingRead[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;
  #lastAt: number;

  constructor(store: LedgerStore, options: LedgerOptions) {
    this.#store = store;
    this.#options = options;
    this.#lastAt = options.startAt ?? 0;
  }

  now(): number {
    this.#lastAt = Math.max(this.#lastAt, Math.floor(this.#options.now()));
    return this.#lastAt;
  }

  run<C extends Command>(command: C, later: boolean): Promise<OutcomeOf<C>> {
    if (this.#isClosed) return Promise.reject(closedError());
    const outcome = new Promise<Outcome>((resolve, reject) => {
      const waiting = { command, resolve, reject, outcome: undefined, error: undefined };
      (later ? this.#later : this.#waiting).push(waiting);
    });
    this.#draining ??= this.#drain();
    // The outcome of a command is of the command's own type; the queue holds them all.
    return outcome as Promise<OutcomeOf<C>>;
  }

  /** Answers from what is durable, with the rows that these commands would touch. */
  read<T>(commands: readonly Command[], answer: (state: State, at: number) => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(closedError());
    const told = new Promise<T>((resolve, reject) => {
      this.#reads.push({ commands, tell: (state, at) => resolve(answer(state, at)), reject });
    });
    this.#draining ??= this.#drain();
    return told;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // The turn of the event loop in which the first command came may bring more of them.
    await Promise.resolve();
    let writing: Batch | undefined;
    while (this.#waiting.length > 0 || this.#later.length > 0 || this.#reads.length > 0) {
      const batch = new Batch(this.#store, this.#takeWaiting(writing !== undefined), {
        clock: () => this.now(),
        committed: this.#options.committed ?? (() => undefined),
      });
      const reads = this.#reads;
      this.#reads = [];
      await batch.decide(reads, writing);
      await writing?.written;
      writing = batch.write(writing);
      // Those who were just told may have more to run, which can then be decided during this write.
      if (batch.size >= OVERLAP_FROM) await nextTurn();
      if (this.#waiting.length < OVERLAP_FROM) {
        await writing.written;
        writing = undefined;
      }
    }
    // In the same step as the look at the queue: a command that comes later starts the next drain.
    this.#draining = undefined;
  }

  /** A deep queue goes in two halves, so that one is decided while the other is written. */
  #takeWaiting(isWriting: boolean): Waiting[] {
    const { length } = this.#waiting;
    const most = Math.min(
      isWriting || length < HALVE_FROM ? length : Math.ceil(length / 2),
      this.#options.batchMost ?? BATCH_MOST,
    );
    const taken = this.#waiting.slice(0, most);
    this.#waiting = this.#waiting.slice(most);
    taken.push(...this.#takeLater(length === 0));
    return taken;
  }

  /** Beside calls only where the batch before had none, so that a call that waited for some does not carry more of them. */
  #takeLater(isAlone: boolean): Waiting[] {
    const most = isAlone ? LATER_ALONE : this.#hadLater ? 0 : LATER_BESIDE;
    const taken = this.#later.splice(0, most);
    this.#hadLater = taken.length > 0;
    return taken;
  }
}

const BATCH_MOST = 1_000;
// Deciding during a write pays where both take long. Below that it would only make batches smaller, and each costs a sync of the disk.
const OVERLAP_FROM = 16;
const HALVE_FROM = 4 * OVERLAP_FROM;
// Decided and written in two or three milliseconds: what a call waits for that comes just after them. Beside calls so few that nobody feels it,
// and not none, so that they come to their end on a gateway that is never quiet.
const LATER_ALONE = 16;
const LATER_BESIDE = 4;

function closedError(): LedgerUnavailable {
  return new LedgerUnavailable('The ledger is closed.');
}
