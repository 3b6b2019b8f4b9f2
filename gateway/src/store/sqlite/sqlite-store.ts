// The embedded store: one SQLite file, owned by one process, with three connections (decision 4): one that writes, one that reads what calls
// wait for, and one for lists, which may look through everything that there is: no tenant's list keeps another one's calls waiting.
import type { AuditStore, ChargeStore, ExtraStore, PeriodStore, RecordStore } from '../../ledger/beside.ts';
import type { LedgerStore } from '../../ledger/ledger.ts';
import { ABSORBED, acceptLoss } from '../../ledger/entry.ts';
import { noChanges } from '../../ledger/draft.ts';
import type { LiveStore } from '../../live/live-store.ts';
import { administer, type Administration } from './administration.ts';
import { readCharges } from './charges.ts';
import { connect, type Connection } from './connection.ts';
import { answerOf } from './decode.ts';
import { keepEvents } from './events.ts';
import { readExtra } from './extra.ts';
import { lists, type Lists } from './lists.ts';
import { lockStore } from './lock.ts';
import { whatIsLost } from './lost.ts';
import { keepMark, StoreBehindMark, writeMark } from './mark.ts';
import { migrate } from './migrate.ts';
import { readAudits, readPeriods, readRecords } from './records.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { readTold } from './told.ts';
import { Writer } from './writer.ts';

export interface SqliteStore
  extends LedgerStore, Administration, Lists, RecordStore, AuditStore, ChargeStore, LiveStore, PeriodStore, ExtraStore {
  file: string;
  /** Forgets claims past their time, at most so many; resolves to how many it forgot. `at`: epoch milliseconds. */
  forgetClaims(at: number, most: number): Promise<number>;
  /** Everything as it is at one moment, for verify; calls go on meanwhile. It is closed by whoever opened it. */
  snapshot(): Promise<Snapshot>;
  /** Writes a row as it is already: rejects where nothing can be written now, because the file is locked or the disk is full. */
  probe(): Promise<void>;
  /** Writes the mark and drops the lock. The ledger is closed first. */
  close(): Promise<void>;
}

export interface SqliteOptions {
  /** Starts although the store is behind its mark, and writes that into the chain. */
  acceptLoss?: boolean;
  /** Epoch milliseconds. */
  now: () => number;
  /** Whose keys and workspaces are that were kept before there were several organizations. */
  organization?: string;
  /** How many ids of calls are known without asking the disk: at least so many, at most twice as many. */
  recentCalls?: number;
  /** Told when the mark could not be written; it is tried again with the next commit. */
  markFailed?: (error: unknown) => void;
}

/**
 * Opens the file, or makes it. Beside it lie `<file>.lock` and `<file>.mark`.
 * @throws {StoreLocked} where another process has it open.
 * @throws {StoreBehindMark} where it has lost what its mark shows (rule 21).
 * @throws {StoreTooNew} where a newer Tollgate wrote it.
 */
export async function openSqliteStore(file: string, options: SqliteOptions): Promise<SqliteStore> {
  const lock = await lockStore(file);
  const opened: Connection[] = [lock];
  try {
    const connection = await connect(file, 'write', BUSY_MS);
    opened.push(connection);
    for (const pragma of WRITER_PRAGMAS) await connection.run(pragma);
    await migrate(connection, file, { organization: options.organization });
    const mark = keepMark(`${file}.mark`, options.markFailed ?? (() => undefined));
    const writer = await Writer.open(connection, {
      now: options.now,
      wrote: (moved) => mark.moved(moved),
      recentCalls: options.recentCalls ?? RECENT_CALLS,
    });
    await checkMark(file, connection, writer, options);
    const reader = await connect(file, 'read', BUSY_MS);
    opened.push(reader);
    const lister = await connect(file, 'read', BUSY_MS);
    opened.push(lister);
    const probe = (): Promise<void> => connection.run("UPDATE meta SET rows = rows WHERE name = 'commits'");
    return storeOf({ file, writer, reader, lister }, probe, async () => {
      // The last to close brings the log into the file, and a connection that only reads can not.
      await Promise.all([reader.close(), lister.close()]);
      await writer.close();
      await mark.close();
      await lock.close();
    });
  } catch (error) {
    for (const connection of opened.reverse()) await connection.close().catch(() => undefined);
    throw error;
  }
}

// Some ten megabytes of ids.
const RECENT_CALLS = 100_000;
// A write that meets another process's lock is refused within two seconds, so that callers get 503 and not silence (promise 6).
const BUSY_MS = 1_500;
const WRITER_PRAGMAS = [
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  // What is written over is gone: an erased name must not lie on in the free part of a page (FEATURES H13). Fast: no page is written for it alone.
  'PRAGMA secure_delete = FAST',
  'PRAGMA cache_size = -65536',
  'PRAGMA temp_store = MEMORY',
  // 16 MB: a page that many batches touch is copied into the file once for all of them.
  'PRAGMA wal_autocheckpoint = 4000',
];

interface Opened {
  file: string;
  writer: Writer;
  reader: Connection;
  lister: Connection;
}

function storeOf({ file, writer, reader, lister }: Opened, probe: () => Promise<void>, close: () => Promise<void>): SqliteStore {
  return {
    file,
    load: (commands) => writer.load(commands),
    write: (changes) => writer.write(changes),
    async lapsed(at, most) {
      const sql =
        'SELECT c.id FROM holds h JOIN calls c ON c.seq = h.seq WHERE h.lease_until <= ? ORDER BY h.lease_until LIMIT ?';
      return (await reader.all<{ id: string }>(sql, [at, most])).map(({ id }) => id);
    },
    async expired(at, most) {
      const sql = `SELECT DISTINCT account FROM grants
        WHERE expires_at IS NOT NULL AND done = 0 AND spent + held + ended < amount AND expires_at <= ? LIMIT ?`;
      return (await reader.all<{ account: string }>(sql, [at, most])).map(({ account }) => account);
    },
    async answer(claim) {
      const row = await reader.get('SELECT * FROM answers WHERE claim = ?', [claim]);
      return row === undefined ? undefined : answerOf(row);
    },
    forgetClaims: (at, most) => writer.forgetClaims(at, most),
    snapshot: () => openSnapshot(file),
    probe,
    ...administer(writer, reader),
    ...lists(reader, lister),
    ...readRecords(reader),
    ...readAudits(lister),
    ...readPeriods(reader),
    ...readExtra(lister),
    ...keepEvents(writer, lister),
    ...readTold(lister),
    ...readCharges(lister),
    close,
  };
}

/** Compares the store with its mark before anything is written (rule 21). */
async function checkMark(
  file: string,
  connection: Connection,
  writer: Writer,
  { acceptLoss: accepted = false, now }: SqliteOptions,
): Promise<void> {
  const lost = await whatIsLost(file, connection, writer.mark());
  if (lost === undefined) return;
  if (!accepted) {
    const advice = 'Put the right file back, or start with --accept-loss, which writes the loss into the ledger.';
    throw new StoreBehindMark(`${file} is behind its high-water mark: ${lost}. ${advice}`);
  }
  const state = await writer.load([{ type: 'expire', account: ABSORBED }]);
  const { account, entry } = acceptLoss(state.account(ABSORBED), now(), `Accepted: ${lost}.`);
  await writer.write({ ...noChanges(), accounts: [account], entries: [entry] });
  await writeMark(`${file}.mark`, writer.mark());
}
