// The numbers that the next batch goes on from.
import type { Connection } from './connection.ts';
import { noTallies, type Tallies } from './tally.ts';

export interface Counters {
  /** Of the last entry over all accounts: its id and hash. */
  entry: number;
  hash: string;
  /** Of the last call, and of the last late settle. */
  seq: number;
  late: number;
  tallies: Tallies;
}

export function noCounters(): Counters {
  return { entry: 0, hash: '', seq: 0, late: 0, tallies: noTallies() };
}

/** Reads them from the disk. */
export async function countersOf(connection: Connection): Promise<Counters> {
  const last = await connection.get<{ entry: number; hash: string; seq: number; late: number }>(
    `SELECT coalesce((SELECT max(id) FROM entries), 0) AS entry,
      coalesce((SELECT hash FROM entries ORDER BY id DESC LIMIT 1), '') AS hash,
      coalesce((SELECT max(seq) FROM calls), 0) AS seq,
      coalesce((SELECT max(id) FROM late_settles), 0) AS late`,
  );
  if (last === undefined) throw new Error('The store gave no counters.');
  const tallies = noTallies();
  for (const { name, rows, sum } of await connection.all<{ name: string; rows: number; sum: number }>(
    'SELECT name, rows, sum FROM meta',
  )) {
    if (name in tallies) tallies[name as keyof Tallies] = { rows, sum };
  }
  return { ...last, tallies };
}
