// The `sqlite3` package behind promises. It is the only file that imports the driver, so that another one is this file again.
import sqlite3 from 'sqlite3';

/** Only what SQLite stores exactly: a BigInt would be bound as NULL, and is not a value here. */
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** One connection. Its statements run one after the other, in the order of the calls. */
export interface Connection {
  run(sql: string, values?: readonly SqlValue[]): Promise<void>;
  all<Row extends object = SqlRow>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>;
  get<Row extends object = SqlRow>(sql: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
  /** Several statements in one text, without values. */
  exec(sql: string): Promise<void>;
  /** A statement that is kept; it is finalized with the connection. */
  prepare(sql: string): Promise<(values: readonly SqlValue[]) => Promise<void>>;
  close(): Promise<void>;
}

/**
 * Opens a file. `busyMs` is how long a statement waits for another process's lock before it rejects with `SQLITE_BUSY`.
 * @throws the driver's error, with its SQLite code in `code`.
 */
export async function connect(file: string, mode: 'read' | 'write', busyMs: number): Promise<Connection> {
  const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, flags, (error) => (error === null ? resolve(opened) : reject(error)));
  });
  database.configure('busyTimeout', busyMs);
  database.serialize();
  const prepared: sqlite3.Statement[] = [];

  return {
    run: (sql, values = []) => settled((done) => database.run(sql, values, done)),
    all: <Row extends object>(sql: string, values: readonly SqlValue[] = []) =>
      settled<Row[]>((done) => database.all<Row>(sql, values, done)),
    get: <Row extends object>(sql: string, values: readonly SqlValue[] = []) =>
      settled<Row | undefined>((done) => database.get<Row>(sql, values, done)),
    exec: (sql) => settled((done) => database.exec(sql, done)),
    prepare: async (sql) => {
      const statement = await new Promise<sqlite3.Statement>((resolve, reject) => {
        const made = database.prepare(sql, (error) => (error === null ? resolve(made) : reject(error)));
      });
      prepared.push(statement);
      return (values) => settled((done) => statement.run(values, done));
    },
    close: async () => {
      for (const statement of prepared) await settled((done) => statement.finalize(() => done(null)));
      await settled((done) => database.close(done));
    },
  };
}

/** The SQLite code of an error, such as `SQLITE_CONSTRAINT`; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

function settled<T = void>(start: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error === null ? resolve(value as T) : reject(error)));
  });
}
