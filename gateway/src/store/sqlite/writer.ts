// The one connection that writes. A batch is one statement; batches and administrative rows take turns, so that nobody's work is
// ever interleaved with another's.
import type { Command } from '../../ledger/commands.ts';
import { StaleState, type Changes, type State } from '../../ledger/ledger.ts';
import type { Call } from '../../ledger/rows.ts';
import { sha256 } from '../../ledger/digest.ts';
import { sqliteCode, type Connection, type SqlRow, type SqlValue } from './connection.ts';
import * as encode from './encode.ts';
import { countersOf, noCounters, type Counters } from './counters.ts';
import type { Mark } from './mark.ts';
import { readNamed, readTouched } from './read-rows.ts';
import { Rows, type Places } from './rows.ts';
import { tally, tallyDigest, type Tallied } from './tally.ts';

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
    await readNamed(this.#connection, rows, rows.missingNamed(commands, wasStale));
    await readTouched(this.#connection, rows, rows.missingTouched(commands));
    return rows;
  }

  async write(changes: Changes): Promise<void> {
    await this.#inTurn(async () => {
      // An administrative write failed since these changes were decided, so the numbers that they would get are unknown.
      if (this.#isStale) throw new StaleState('The store has to be read again.');
      const { batch, next, places } = this.#batchOf(changes);
      await this.#commit(batch, next);
      this.#rows.take(changes, places);
    });
  }

  /**
   * Decides and writes administrative rows in one turn. `build` gets the rows of `select` and returns what to write, with the digests
   * that come and go for the tally, or undefined where nothing is to be done.
   */
  async writeRows(table: Tallied, select: Query, build: (found: SqlRow[]) => RowsChange | undefined): Promise<SqlRow[]> {
    return await this.#inTurn(async () => {
      if (this.#isStale) await this.#recover();
      const found = await this.#connection.all(select.sql, select.values);
      const change = build(found);
      if (change === undefined) return found;
      const next = copyOf(this.#counters);
      tally(next.tallies[table], change.came, change.went);
      await this.#commit({ ...change.batch, meta: [metaRow(table, next)] }, next);
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

  #batchOf(changes: Changes): { batch: encode.Batch; next: Counters; places: Places } {
    const next = copyOf(this.#counters);
    const { entries, lasts } = this.#entryRows(changes, next);
    const calls = this.#callRows(changes, next);
    const late = changes.late.map((settle) => {
      const fields = encode.lateFields((next.late += 1), settle);
      const digest = sha256(fields);
      tally(next.tallies.late_settles, digest, undefined);
      return [...fields, digest];
    });
    const meta: unknown[] = [];
    if (changes.calls.length > 0) meta.push(metaRow('calls', next));
    if (late.length > 0) meta.push(metaRow('late_settles', next));
    const batch = {
      ...calls.batch,
      accounts: changes.accounts.map((row) => encode.accountRow(row, lasts.get(row.id) ?? this.#lastOf(row.id))),
      grants: changes.grants.map(encode.grantRow),
      windows: changes.windows.map(encode.windowRow),
      claims: changes.claims.map(encode.claimRow),
      claims_gone: changes.claimsGone,
      answers: changes.answers.map(encode.answerRow),
      entries,
      rollups: changes.rollups.map(encode.rollupRow),
      late,
      meta,
    };
    next.hash = changes.entries.at(-1)?.hash ?? next.hash;
    return { batch, next, places: { seqs: calls.seqs, lasts } };
  }

  /** Each entry points back at the one before it. */
  #entryRows(changes: Changes, next: Counters): { entries: unknown[]; lasts: Map<string, number> } {
    const lasts = new Map<string, number>();
    const entries = changes.entries.map((entry) => {
      const prev = lasts.get(entry.account) ?? this.#lastOf(entry.account);
      next.entry += 1;
      lasts.set(entry.account, next.entry);
      return encode.entryRow(next.entry, prev, entry);
    });
    return { entries, lasts };
  }

  #lastOf(account: string): number | null {
    return this.#rows.accounts.get(account)?.last ?? null;
  }

  /** A new or renewed call is written with its hold also where the same batch ends it, because its end is made from the hold. */
  #callRows(changes: Changes, next: Counters): { batch: encode.Batch; seqs: Map<string, number> } {
    const calls: unknown[] = [];
    const holds: unknown[] = [];
    const ends: unknown[] = [];
    const closed: number[] = [];
    const seqs = new Map<string, number>();
    for (const call of changes.calls) {
      const known = this.#rows.calls.get(call.id);
      const seq = known?.seq ?? (next.seq += 1);
      seqs.set(call.id, seq);
      if (known === undefined) calls.push(encode.callRow(seq, call));
      if (known === undefined || call.state === 'open' || isRenewed(known.call, call)) holds.push(encode.holdRow(seq, call));
      if (call.state !== 'open') {
        ends.push(encode.endRow(seq, call));
        closed.push(seq);
      }
      tally(next.tallies.calls, call.digest, known?.call.digest);
    }
    return { batch: { calls, holds, ends, closed }, seqs };
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
  came: string;
  went: string | undefined;
}

function metaRow(name: Tallied | 'commits', { tallies }: Counters): readonly unknown[] {
  return encode.metaRow(name, tallies[name], tallyDigest(name, tallies[name]));
}

function copyOf(counters: Counters): Counters {
  const tallies = { ...counters.tallies };
  for (const name of Object.keys(tallies) as (keyof typeof tallies)[]) tallies[name] = { ...tallies[name] };
  return { ...counters, tallies };
}

function isRenewed(before: Call, after: Call): boolean {
  return before.leaseUntil !== after.leaseUntil || before.job !== after.job || before.onLapse !== after.onLapse;
}

function isRepeatedCall(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_CONSTRAINT' && (error as Error).message.includes('calls.id');
}
