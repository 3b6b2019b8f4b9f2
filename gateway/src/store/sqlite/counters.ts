// The numbers that the next batch goes on from.
import type { Connection } from './connection.ts';
import { metaFields } from './encode.ts';
import { noTallies, tallyDigest, type Tallies } from './tally.ts';

export interface Counters {
  /** Of the last entry over all accounts: its id and hash. */
  entry: number;
  hash: string;
  /** Of the last call, and of the last late settle. */
  seq: number;
  late: number;
  /** Of the last row of the audit: its number and hash. */
  audit: number;
  auditHash: string;
  /** Of the last event. */
  event: number;
  tallies: Tallies;
}

export function noCounters(): Counters {
  return { entry: 0, hash: '', seq: 0, late: 0, audit: 0, auditHash: '', event: 0, tallies: noTallies() };
}

/** Reads them from the disk. */
export async function countersOf(connection: Connection): Promise<Counters> {
  const last = await connection.get<Omit<Counters, 'tallies'>>(
    `SELECT coalesce((SELECT max(id) FROM entries), 0) AS entry,
      coalesce((SELECT hash FROM entries ORDER BY id DESC LIMIT 1), '') AS hash,
      coalesce((SELECT max(seq) FROM calls), 0) AS seq,
      coalesce((SELECT max(id) FROM late_settles), 0) AS late,
      coalesce((SELECT max(number) FROM audits), 0) AS audit,
      coalesce((SELECT hash FROM audits ORDER BY number DESC LIMIT 1), '') AS auditHash,
      coalesce((SELECT max(number) FROM events), 0) AS event`,
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

/** A copy that the next batch may count on with. */
export function copyOf(counters: Counters): Counters {
  const tallies = { ...counters.tallies };
  for (const name of Object.keys(tallies) as (keyof Tallies)[]) tallies[name] = { ...tallies[name] };
  return { ...counters, tallies };
}

/** The row of table meta that keeps a tally. */
export function metaRow(name: keyof Tallies, { tallies }: Pick<Counters, 'tallies'>): readonly unknown[] {
  return metaFields(name, tallies[name], tallyDigest(name, tallies[name]));
}
