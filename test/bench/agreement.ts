// Whether the work was real: what the load generator counted, what the upstream counted and what stands in the store's rows after the
// gateway has ended are three independent accounts of the same calls.
import sqlite3 from 'sqlite3';

export interface Rows {
  calls: number;
  settled: number;
  /** Entries of kind `charge` in the pool's chain. */
  charges: number;
  /** Sum of all charges by the calls and by the entries, microcredits. */
  charged: number;
  booked: number;
}

/** Prices of the benchmark's card for its model, microcredits per token: reckoned here by hand, not by the gateway's own pricing. */
const INPUT = 30;
const OUTPUT = 120;

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

/** @throws naming the two numbers that differ */
export function assertAgreement(answered: number, upstream: number, rows: Rows, usage: Usage): void {
  const each = usage.prompt_tokens * INPUT + usage.completion_tokens * OUTPUT;
  same('calls answered and calls the upstream saw', answered, upstream);
  same('calls answered and rows of calls', answered, rows.calls);
  same('calls answered and settled calls', answered, rows.settled);
  same('calls answered and charges in the chain', answered, rows.charges);
  same(`microcredits, at ${each} a call, and the calls' charges`, answered * each, rows.charged);
  same("the calls' charges and the chain's", rows.charged, rows.booked);
}

function same(what: string, expected: number, found: number): void {
  if (expected !== found) throw new Error(`${what} differ: ${expected} and ${found}`);
}

/** Reads the store of a gateway that has ended. */
export async function readRows(storeFile: string): Promise<Rows> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(storeFile, sqlite3.OPEN_READONLY, (error) =>
      error === null ? resolve(opened) : reject(error),
    );
  });
  try {
    const calls = await row<Pick<Rows, 'calls' | 'settled' | 'charged'>>(
      database,
      `SELECT count(*) AS calls, count(*) FILTER (WHERE state = 'settled') AS settled, coalesce(sum(charge), 0) AS charged
       FROM whole_calls`,
    );
    const entries = await row<Pick<Rows, 'charges' | 'booked'>>(
      database,
      `SELECT count(*) AS charges, -coalesce(sum(delta), 0) AS booked FROM entries WHERE kind = 'charge'`,
    );
    return { ...calls, ...entries };
  } finally {
    await new Promise<void>((resolve) => {
      database.close(() => resolve());
    });
  }
}

async function row<R>(database: sqlite3.Database, sql: string): Promise<R> {
  return await new Promise((resolve, reject) => {
    database.get<R>(sql, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}
