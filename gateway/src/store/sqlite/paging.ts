// Reads a large result in pages, each from where the one before it ended, so that memory does not grow with the store.
import type { Finding, Pages } from '../../ledger/verify.ts';
import type { Connection, SqlRow, SqlValue } from './connection.ts';

export interface PageQuery {
  table: string;
  /** Ends in a condition on the place of a row, `… > ?` or `(…) > (?, ?)`; `LIMIT ?` is added. */
  sql: string;
  /** The columns that name the place, and where the first page starts. */
  place: readonly string[];
  start: readonly SqlValue[];
  rows?: number;
}

/** Yields no empty page. A row that can not be decoded is left out and added to `unreadable`. */
export async function* readPages<T>(
  connection: Connection,
  query: PageQuery,
  decode: (row: SqlRow) => T,
  unreadable: Finding[],
): Pages<T> {
  const { sql, place, rows: most = PAGE_ROWS } = query;
  let from = query.start;
  for (;;) {
    const rows = await connection.all(`${sql} LIMIT ?`, [...from, most]);
    const page = decodeAll(rows, query, decode, unreadable);
    if (page.length > 0) yield page;
    const last = rows.at(-1);
    if (last === undefined || rows.length < most) return;
    from = place.map((column) => last[column] ?? null);
  }
}

function decodeAll<T>(rows: SqlRow[], { table, place }: PageQuery, decode: (row: SqlRow) => T, unreadable: Finding[]): T[] {
  const decoded: T[] = [];
  for (const row of rows) {
    try {
      decoded.push(decode(row));
    } catch (error) {
      const id = String(row['id'] ?? place.map((column) => row[column]).join(' '));
      unreadable.push({ table, id, problem: `it can not be read: ${String(error)}` });
    }
  }
  return decoded;
}

const PAGE_ROWS = 1_000;
