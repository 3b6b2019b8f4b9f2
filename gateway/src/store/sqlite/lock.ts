// One process owns a store (decision 4). It holds an exclusive lock on a side file for its whole life; the kernel drops it however the
// process ends, so that nothing is left behind by `kill -9`.
import { connect, sqliteCode, type Connection } from './connection.ts';

/** Another process, or another part of this one, has the store open. */
export class StoreLocked extends Error {
  override name = 'StoreLocked';
}

/**
 * Takes the lock; it is dropped by closing the connection.
 * @throws {StoreLocked}
 */
export async function lockStore(file: string): Promise<Connection> {
  const connection = await connect(`${file}.lock`, 'write', 0);
  try {
    await connection.run('BEGIN EXCLUSIVE');
    return connection;
  } catch (cause) {
    await connection.close();
    if (sqliteCode(cause) !== 'SQLITE_BUSY') throw cause;
    const message = `${file} is in use by another Tollgate. One process owns a store: stop that one, or ask it over HTTP.`;
    throw new StoreLocked(message, { cause });
  }
}
