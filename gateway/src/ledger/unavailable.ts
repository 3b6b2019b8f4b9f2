// Who can not be asked now: a caller is told to try again, and nothing is let through (promise 6).
import { LedgerUnavailable } from './ledger.ts';

/** The ledger's own word, or the store's: SQLite names its errors. */
export function isUnavailable(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof LedgerUnavailable || (typeof code === 'string' && code.startsWith('SQLITE_'));
}
