// One batch: decided on the rows of the store, or on a batch that is still being written, then made durable, then told.
import { apply } from './engine.ts';
import type { Command } from './commands.ts';
import { LedgerUnavailable, StaleState, type Changes, type LedgerStore, type State } from './ledger.ts';
import type { Outcome } from './outcomes.ts';
import { Overlay } from './overlay.ts';

export interface Waiting {
  command: Command;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
  outcome: Outcome | undefined;
  /** What went wrong with this command alone: a bug, which ends this command and no other. */
  error: unknown;
}

export interface WaitingRead {
  /** What it needs to have loaded. */
  commands: readonly Command[];
  tell: (state: State, at: number) => void;
  reject: (error: unknown) => void;
}

export interface BatchOptions {
  /** The ledger's clock, epoch milliseconds. */
  clock: () => number;
  /** Called once the batch is durable. */
  committed: (changes: Changes) => void;
}

/** Commands that become durable together. None of its methods rejects: whatever goes wrong is told to those who wait. */
export class Batch {
  /** Resolves to whether the batch is durable as it was decided. What was decided on top of it counts for nothing otherwise. */
  written: Promise<boolean> = Promise.resolve(true);
  readonly #store: LedgerStore;
  readonly #waiting: readonly Waiting[];
  readonly #options: BatchOptions;
  #overlay: Overlay | undefined;
  #state: State | undefined;

  constructor(store: LedgerStore, waiting: readonly Waiting[], options: BatchOptions) {
    this.#store = store;
    this.#waiting = waiting;
    this.#options = options;
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
      tellReads(reads, this.#state, this.#options.clock());
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
    if (changes === undefined) return;
    await this.#store.write(changes);
    this.#options.committed(changes);
  }

  async #decideAnew(): Promise<void> {
    this.#decideOn(await this.#store.load(this.#waiting.map(({ command }) => command)));
  }

  #decideOn(base: State): void {
    const overlay = new Overlay(base);
    const at = this.#options.clock();
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

function unavailable(cause: unknown): LedgerUnavailable {
  return new LedgerUnavailable('The ledger could not make this durable.', { cause });
}
