// The ledger as it stands in its file, read by plain SQL on a connection of its own: what is checked is what is on the disk, not what the
// gateway says of itself.
import sqlite3 from 'sqlite3';
import { MARK } from './plan.ts';

export interface LedgerRow {
  id: string;
  /** The number that its client gave it, or null. */
  n: number | null;
  state: 'open' | 'settled' | 'released' | 'lapsed';
  operation: string;
  hold: number;
  /** Microcredits; null while open and where released. */
  charge: number | null;
  absorbed: number;
  leaseUntil: number;
  /** Why the gateway stopped it, where it did. */
  why: string | null;
}

export interface Books {
  rows: readonly LedgerRow[];
  /** Of the organization's pool, in microcredits. */
  balance: number;
  held: number;
  granted: number;
}

/** Reads calls, pool and grants in one transaction. */
export async function readBooks(file: string): Promise<Books> {
  return await withDatabase(file, async (all) => {
    await all('BEGIN');
    const rows = await all<LedgerRow>(
      `SELECT id, CAST(more ->> '$.labels.${MARK.label}' AS INTEGER) AS n, state, operation, hold, charge, absorbed,
        lease_until AS leaseUntil, ended ->> '$.why' AS why FROM whole_calls ORDER BY seq`,
    );
    const [pool] = await all<{ balance: number; held: number }>("SELECT balance, held FROM accounts WHERE id = 'pool:main'");
    const [grants] = await all<{ granted: number }>(
      "SELECT coalesce(sum(amount), 0) AS granted FROM grants WHERE account = 'pool:main'",
    );
    await all('COMMIT');
    return { rows, balance: pool?.balance ?? 0, held: pool?.held ?? 0, granted: grants?.granted ?? 0 };
  });
}

export async function openHolds(file: string): Promise<number> {
  return await withDatabase(
    file,
    async (all) => (await all<{ open: number }>('SELECT count(*) AS open FROM holds'))[0]?.open ?? -1,
  );
}

export type All = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Opens the file for one piece of work. `write` only on files that no gateway has open. */
export async function withDatabase<T>(file: string, work: (all: All) => Promise<T>, mode: 'read' | 'write' = 'read'): Promise<T> {
  const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE;
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const made = new sqlite3.Database(file, flags, (error) => (error === null ? resolve(made) : reject(error)));
  });
  database.configure('busyTimeout', 5_000);
  const all: All = (sql, values = []) =>
    new Promise((resolve, reject) => {
      database.all(sql, values, (error, rows) => (error === null ? resolve(rows as never) : reject(error)));
    });
  try {
    return await work(all);
  } finally {
    await new Promise<void>((resolve, reject) => database.close((error) => (error === null ? resolve() : reject(error))));
  }
}
