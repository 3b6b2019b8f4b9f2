// What only the store can find out about itself: broken constraints, rows without the row they belong to, and tallies.
import type { Finding } from '../../ledger/verify.ts';
import type { Connection } from './connection.ts';
import { DIGESTED } from './digested.ts';
import { readPages } from './paging.ts';
import { noTallies, tally, TALLIED, tallyDigest, type Tallies } from './tally.ts';

/** `unreadable` gets the rows whose digest can not be computed. */
export async function ownFindings(connection: Connection, unreadable: Finding[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { integrity_check: problem } of await connection.all<{ integrity_check: string }>('PRAGMA integrity_check')) {
    if (problem !== 'ok') findings.push({ table: 'sqlite', id: '', problem });
  }
  for (const { sql, table, problem } of STRAYS) {
    for (const { id } of await connection.all<{ id: string | number }>(sql)) findings.push({ table, id: String(id), problem });
  }
  const tallies = noTallies();
  for (const table of TALLIED) {
    for await (const page of readPages(connection, DIGESTED[table].query, DIGESTED[table].decode, unreadable)) {
      for (const { id, digest, right } of page) {
        tally(tallies[table], digest, undefined);
        if (right !== undefined && right !== digest) findings.push({ table, id, problem: 'its digest does not fit its fields' });
      }
    }
  }
  return [...findings, ...(await metaFindings(connection, tallies))];
}

const STRAYS = [
  { table: 'holds', problem: 'it has no call', sql: 'SELECT seq AS id FROM holds WHERE seq NOT IN (SELECT seq FROM calls)' },
  { table: 'ends', problem: 'it has no call', sql: 'SELECT seq AS id FROM ends WHERE seq NOT IN (SELECT seq FROM calls)' },
  { table: 'holds', problem: 'its call has ended', sql: 'SELECT seq AS id FROM holds WHERE seq IN (SELECT seq FROM ends)' },
  {
    table: 'calls',
    problem: 'it is neither open nor ended',
    sql: 'SELECT id FROM calls WHERE seq NOT IN (SELECT seq FROM holds) AND seq NOT IN (SELECT seq FROM ends)',
  },
  {
    table: 'answers',
    problem: 'it has no claim',
    sql: 'SELECT claim AS id FROM answers WHERE claim NOT IN (SELECT id FROM claims)',
  },
  {
    table: 'entries',
    problem: 'it charges a call that is not there',
    sql: `SELECT id FROM entries WHERE kind IN ('charge', 'absorb') AND (call_id IS NULL OR call_id NOT IN (SELECT id FROM calls))`,
  },
  {
    table: 'entries',
    problem: 'it does not point at the entry before it',
    sql: `SELECT e.id FROM entries e LEFT JOIN entries p ON p.id = e.prev
      WHERE (e.number > 1) IS NOT (p.account IS e.account AND p.number IS e.number - 1)`,
  },
  {
    table: 'accounts',
    problem: 'it does not point at its last entry',
    sql: `SELECT a.id FROM accounts a LEFT JOIN entries e ON e.id = a.last
      WHERE (a.entries > 0) IS NOT (e.account IS a.id AND e.number IS a.entries)`,
  },
  {
    table: 'grants',
    problem: 'done is not what is left of it',
    sql: 'SELECT id FROM grants WHERE done <> (spent + ended >= amount)',
  },
  {
    table: 'deliveries',
    problem: 'its event is not there',
    sql: 'SELECT id FROM deliveries WHERE event NOT IN (SELECT number FROM events)',
  },
  {
    table: 'events',
    problem: 'numbers are missing before it',
    sql: 'SELECT max(number) AS id FROM events HAVING count(*) <> max(number) OR min(number) <> 1',
  },
  {
    table: 'meta',
    problem: 'events were given out that are not there',
    sql: `SELECT name AS id FROM meta WHERE name = 'fanned_out' AND rows > (SELECT coalesce(max(number), 0) FROM events)`,
  },
  {
    table: 'entries',
    problem: 'ids are missing before it',
    sql: 'SELECT max(id) AS id FROM entries HAVING count(*) <> max(id) OR min(id) <> 1',
  },
];

/** Compares table meta with what the tables add up to. The number of commits is only in its own digest and in the high-water mark. */
async function metaFindings(connection: Connection, right: Tallies): Promise<Finding[]> {
  const findings: Finding[] = [];
  const found = (name: string, problem: string): void => void findings.push({ table: 'meta', id: name, problem });
  const rows = await connection.all<{ name: string; rows: number; sum: number; digest: string }>('SELECT * FROM meta');
  for (const { name, rows: count, sum, digest } of rows) {
    if (!(name in right)) found(name, 'there is no such tally');
    if (digest !== tallyDigest(name, { rows: count, sum })) found(name, 'its digest does not fit its fields');
  }
  for (const name of TALLIED) {
    const kept = rows.find((row) => row.name === name) ?? { rows: 0, sum: 0 };
    if (kept.rows !== right[name].rows || kept.sum !== right[name].sum) {
      found(name, `it has ${kept.rows} rows, the table has ${right[name].rows}; or rows of the table came, went or changed`);
    }
  }
  if (rows.length > 0 && !rows.some((row) => row.name === 'commits')) found('commits', 'it is missing');
  return findings;
}
