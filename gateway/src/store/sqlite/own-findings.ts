// What only the store can find out about itself: broken constraints, rows without the row they belong to, and tallies.
import { sha256 } from '../../ledger/digest.ts';
import type { Finding } from '../../ledger/verify.ts';
import { keyFields, keyOf } from './administration.ts';
import type { Connection, SqlRow } from './connection.ts';
import { readPages, type PageQuery } from './paging.ts';
import { noTallies, tally, TALLIED, tallyDigest, type Tallied, type Tallies } from './tally.ts';

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
    table: 'entries',
    problem: 'ids are missing before it',
    sql: 'SELECT max(id) AS id FROM entries HAVING count(*) <> max(id) OR min(id) <> 1',
  },
];

interface Digested {
  id: string;
  digest: string;
  /** What the digest must be; undefined where it is checked with the call. */
  right: string | undefined;
}

const DIGESTED: Record<Tallied, { query: PageQuery; decode: (row: SqlRow) => Digested }> = {
  calls: {
    query: {
      table: 'calls',
      sql: 'SELECT seq, id, digest FROM whole_calls WHERE seq > ? ORDER BY seq',
      place: ['seq'],
      start: [Number.MIN_SAFE_INTEGER],
    },
    decode: ({ id, digest }) => ({ id: id as string, digest: (digest ?? '') as string, right: undefined }),
  },
  late_settles: {
    query: {
      table: 'late_settles',
      sql: 'SELECT * FROM late_settles WHERE id > ? ORDER BY id',
      place: ['id'],
      start: [Number.MIN_SAFE_INTEGER],
    },
    decode: ({ id, call_id: callId, at, charge, free, absorbed, ended, digest }) =>
      digested(id, digest, [id, callId, at, charge, free, absorbed, JSON.parse(ended as string)]),
  },
  keys: {
    query: { table: 'keys', sql: 'SELECT * FROM keys WHERE id > ? ORDER BY id', place: ['id'], start: [''] },
    decode: (row) => digested(row['id'], row['digest'], keyFields(keyOf(row))),
  },
  cards: {
    query: {
      table: 'cards',
      sql: 'SELECT * FROM cards WHERE version > ? ORDER BY version',
      place: ['version'],
      start: [''],
      rows: 50,
    },
    decode: ({ version, text, file, loaded_at: loadedAt, digest }) => digested(version, digest, [version, text, file, loadedAt]),
  },
  owned: {
    query: {
      table: 'owned',
      sql: 'SELECT * FROM owned WHERE (service, id) > (?, ?) ORDER BY service, id',
      place: ['service', 'id'],
      start: ['', ''],
    },
    decode: ({ service, id, workspace, call_id: callId, made_at: madeAt, digest }) =>
      digested(id, digest, [service, id, workspace, callId, madeAt]),
  },
  resumes: {
    query: {
      table: 'resumes',
      sql: 'SELECT * FROM resumes WHERE operation > ? ORDER BY operation',
      place: ['operation'],
      start: [''],
    },
    decode: ({ operation, resumed_at: resumedAt, digest }) => digested(operation, digest, [operation, resumedAt]),
  },
};

function digested(id: SqlRow[string] | undefined, digest: SqlRow[string] | undefined, fields: readonly unknown[]): Digested {
  return { id: String(id), digest: digest as string, right: sha256(fields) };
}

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
