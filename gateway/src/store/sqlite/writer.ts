// The one connection that writes. A batch is one statement; batches and administrative rows take turns, so that nobody's work is
// ever interleaved with another's.
import type { Command } from '../../ledger/commands.ts';
import { StaleState, type Changes, type State } from '../../ledger/ledger.ts';
import { sqliteCode, type Connection, type SqlRow, type SqlValue } from './connection.ts';
import * as encode from './encode.ts';
import { copyOf, countersOf, metaRow, noCounters, type Counters } from './counters.ts';
import { layOut } from './lay-out.ts';
import type { Mark } from './mark.ts';
import { readNamed, readTouched } from './read-rows.ts';
import { Rows } from './rows.ts';
import { tally, type Tallied } from './tally.ts';
import { missingNamed, missingTouched } from './touch.ts';

export interface WriterOptions {
  /** Epoch milliseconds. */
  now: () => number;
  /** Told how far the store is, after each batch. */
  wrote: (mark: Mark) => void;
  /** How many ids of calls are known without asking the disk. */
  recentCalls: number;
}

export class Writer {
  readonly #connection: Connection;
  readonly #insertBatch: (values: readonly SqlValue[]) => Promise<void>;
  readonly #options: WriterOptions;
  readonly #rows: Rows;
  #counters: Counters = noCounters();
  /** Set when a write was rejected: nobody knows what is on the disk, so memory counts for nothing until it was read again. */
  #isStale = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    connection: Connection,
    insertBatch: (values: readonly SqlValue[]) => Promise<void>,
    options: WriterOptions,
  ) {
    this.#connection = connection;
    this.#insertBatch = insertBatch;
    this.#options = options;
    this.#rows = new Rows(options.recentCalls);
  }

  static async open(connection: Connection, options: WriterOptions): Promise<Writer> {
    const writer = new Writer(connection, await connection.prepare(encode.INSERT_BATCH), options);
    await writer.#recover();
    return writer;
  }

  /** How far the store is. */
  mark(): Mark {
    const { tallies, entry, hash } = this.#counters;
    return { commits: tallies.commits.rows, entry, hash, at: this.#options.now() };
  }

  /** The rows that these commands touch. Reads from the disk only what is not in memory. */
  async load(commands: readonly Command[]): Promise<State> {
    const wasStale = this.#isStale;
    if (wasStale) await this.#inTurn(() => this.#recover());
    const rows = this.#rows;
    rows.age();
    await readNamed(this.#connection, rows, missingNamed(rows, commands, wasStale));
    await readTouched(this.#connection, rows, missingTouched(rows, commands));
    return rows;
  }

  async write(changes: Changes): Promise<void> {
    await this.#inTurn(async () => {
      // An administrative write failed since these changes were decided, so the numbers that they would get are unknown.
      if (this.#isStale) throw new StaleState('The store has to be read again.');
      const { batch, next, places } = layOut(this.#rows, this.#counters, changes, await this.#told(changes.events));
      await this.#commit(batch, next);
      this.#rows.take(changes, places);
    });
  }

  /**
   * Decides and writes administrative rows in one turn. `build` gets the rows of `select` and returns what to write, with the digests
   * that come and go for the tally, or undefined where nothing is to be done. A select that is a function is asked for in that turn.
   */
  async writeRows(
    table: Tallied,
    select: Query | (() => Query),
    build: (found: SqlRow[]) => RowsChange | undefined,
  ): Promise<SqlRow[]> {
    return await this.#inTurn(async () => {
      if (this.#isStale) await this.#recover();
      const { sql, values } = typeof select === 'function' ? select() : select;
      const found = await this.#connection.all(sql, values);
      const change = build(found);
      if (change === undefined) return found;
      const next = copyOf(this.#counters);
      for (const { came, went } of change.tally) tally(next.tallies[table], came, went);
      if (change.fannedOut !== undefined) next.tallies.fanned_out.rows = change.fannedOut;
      const meta = [metaRow(table, next), ...(change.fannedOut === undefined ? [] : [metaRow('fanned_out', next)])];
      await this.#commit({ ...change.batch, meta }, next);
      return found;
    });
  }

  /** Forgets claims that are past their time, with their answers (rule 22). */
  async forgetClaims(at: number, most: number): Promise<number> {
    return await this.#inTurn(async () => {
      if (this.#isStale) await this.#recover();
      const found = await this.#connection.all<{ id: string }>('SELECT id FROM claims WHERE expires_at <= ? LIMIT ?', [at, most]);
      if (found.length === 0) return 0;
      await this.#commit({ claims_gone: found.map(({ id }) => id) }, copyOf(this.#counters));
      for (const { id } of found) this.#rows.claims.delete(id);
      return found.length;
    });
  }

  /** Waits for the write that is under way. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#connection.close();
  }

  async #commit(batch: encode.Batch, next: Counters): Promise<void> {
    next.tallies.commits.rows += 1;
    try {
      await this.#insertBatch(encode.batchValues({ ...batch, meta: [...(batch.meta ?? []), metaRow('commits', next)] }));
    } catch (error) {
      this.#isStale = true;
      if (isRepeatedCall(error)) throw new StaleState('A call id was used before.', { cause: error });
      throw error;
    }
    this.#counters = next;
    this.#options.wrote(this.mark());
  }

  /** Which of these events are kept already: read in the turn that writes, so that nobody can come between. */
  async #told(events: Changes['events']): Promise<ReadonlySet<string>> {
    if (events.length === 0) return NOTHING;
    const ids = JSON.stringify(events.map(({ id }) => id));
    const kept = await this.#connection.all<{ id: string }>(TOLD, [ids]);
    return new Set(kept.map(({ id }) => id));
  }

  /** Reads anew what memory goes on from. */
  async #recover(): Promise<void> {
    this.#counters = await countersOf(this.#connection);
    this.#rows.forget();
    const sql = 'SELECT id FROM calls ORDER BY seq DESC LIMIT ?';
    const newest = await this.#connection.all<{ id: string }>(sql, [this.#options.recentCalls]);
    for (const { id } of newest.reverse()) this.#rows.recentIds.set(id, true);
    this.#isStale = false;
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

export interface Query {
  sql: string;
  values: readonly SqlValue[];
}

export interface RowsChange {
  batch: encode.Batch;
  /** Digests of rows that come and go. */
  tally: readonly { came: string; went: string | undefined }[];
  /** How far events have been given out, where that changes. */
  fannedOut?: number;
}

const NOTHING: ReadonlySet<string> = new Set();
const TOLD = 'SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?))';

function isRepeatedCall(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_CONSTRAINT' && (error as Error).message.includes('calls.id');
}
