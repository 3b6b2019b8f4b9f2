// What verify reads: one read transaction on a connection of its own, so that it sees one moment of a store that goes on being written.
// What has no index in the order that verify wants is laid out first in temporary tables, which SQLite keeps on disk where they are large.
import type { Call } from '../../ledger/rows.ts';
import { answerDigest } from '../../ledger/digest.ts';
import type { CallToVerify, Finding, RollupSum, VerifyStore } from '../../ledger/verify.ts';
import { allowanceOf } from './beside-rows.ts';
import { connect, type Connection, type SqlRow } from './connection.ts';
import { accountOf, answerOf, callOf, claimOf, entryOf, grantOf, windowOf } from './decode.ts';
import { ownFindings } from './own-findings.ts';
import { readPages, type PageQuery } from './paging.ts';
import { LAY_OUT } from './snapshot-tables.ts';

export interface Snapshot extends VerifyStore {
  close(): Promise<void>;
}

/** Opens one moment of the store; also while a gateway has it open, because it only reads. */
export async function openSnapshot(file: string): Promise<Snapshot> {
  const connection = await connect(file, 'read', BUSY_MS);
  try {
    await connection.run('PRAGMA temp_store = FILE');
    await connection.run('BEGIN');
    const snapshot = await snapshotOf(connection);
    return { ...snapshot, close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What a connection sees inside the transaction that it has begun. */
export async function snapshotOf(connection: Connection): Promise<VerifyStore> {
  for (const statement of LAY_OUT) await connection.run(statement);
  const unreadable: Finding[] = [];
  const pages = <T>(query: PageQuery, decode: (row: SqlRow) => T) => readPages(connection, query, decode, unreadable);
  return {
    accounts: () => pages(ACCOUNTS, accountOf),
    entries: () => pages(ENTRIES, entryOf),
    grants: () => pages(GRANTS, grantOf),
    holdings: () => pages(laidOut('holdings'), (row) => row as { account: string; grant: string; held: number }),
    calls: () => pages(CALLS, callToVerify),
    windows: () => pages(laidOut('window_sums'), windowToVerify),
    rollups: () => pages(laidOut('rollup_sums'), rollupToVerify),
    claims: () => pages(CLAIMS, claimToVerify),
    allowances: () => pages(laidOut('allowance_sums'), (row) => ({ row: allowanceOf(row), sum: row['sum'] as number })),
    findings: async () => [...(await ownFindings(connection, unreadable)), ...unreadable],
  };
}

const BUSY_MS = 1_500;

const ACCOUNTS: PageQuery = {
  table: 'accounts',
  sql: 'SELECT * FROM accounts WHERE id > ? ORDER BY id',
  place: ['id'],
  start: [''],
};
const ENTRIES: PageQuery = {
  table: 'entries',
  sql: 'SELECT o.rowid AS place, e.* FROM temp.entry_order o JOIN entries e ON e.id = o.id WHERE o.rowid > ? ORDER BY o.rowid',
  place: ['place'],
  start: [0],
};
const GRANTS: PageQuery = {
  table: 'grants',
  sql: 'SELECT * FROM grants WHERE (account, id) > (?, ?) ORDER BY account, id',
  place: ['account', 'id'],
  start: ['', ''],
};
const CALLS: PageQuery = {
  table: 'calls',
  sql: `SELECT w.*, t.charged, t.absorbed AS entries_absorbed, t.first_digest, t.last_digest, k.call_id AS claimed_by
    FROM whole_calls w LEFT JOIN temp.charges t ON t.call_id = w.id LEFT JOIN claims k ON k.id = w.claim
    WHERE w.seq > ? ORDER BY w.seq`,
  place: ['seq'],
  start: [Number.MIN_SAFE_INTEGER],
};
// Fewer at a time, because an answer may be long.
const CLAIMS: PageQuery = {
  table: 'claims',
  sql: `SELECT k.*, w.claim AS call_claim, w.claim_until, w.state, a.status, a.headers, a.body
    FROM claims k LEFT JOIN whole_calls w ON w.id = k.call_id LEFT JOIN answers a ON a.claim = k.id
    WHERE k.id > ? ORDER BY k.id`,
  place: ['id'],
  start: [''],
  rows: 50,
};

function laidOut(table: string): PageQuery {
  const sql = `SELECT rowid AS place, * FROM temp.${table} WHERE rowid > ? ORDER BY rowid`;
  return { table, sql, place: ['place'], start: [0] };
}

function callToVerify(row: SqlRow): CallToVerify {
  const { digest } = row;
  return {
    call: callOf(row),
    charged: (row['charged'] ?? 0) as number,
    absorbed: (row['entries_absorbed'] ?? 0) as number,
    isTied: row['first_digest'] === null || (row['first_digest'] === digest && row['last_digest'] === digest),
    claimedBy: row['claimed_by'] as string | null,
  };
}

function windowToVerify(row: SqlRow) {
  return {
    id: row['id'] as string,
    row: row['row_id'] === null ? null : windowOf(row),
    sum: row['sum_id'] === null ? null : { spent: row['sum_spent'] as number, held: row['sum_held'] as number },
  };
}

function rollupToVerify(row: SqlRow) {
  const pick = (prefix: string): RollupSum | null => {
    if (row[`${prefix}calls`] === null) return null;
    const names = ['calls', 'charge', 'free', 'absorbed'] as const;
    return Object.fromEntries(names.map((name) => [name, row[`${prefix}${name}`]])) as unknown as RollupSum;
  };
  return { id: row['id'] as string, row: pick(''), sum: pick('sum_') };
}

function claimToVerify(row: SqlRow) {
  const state = row['state'] as Call['state'] | null;
  return {
    claim: claimOf(row),
    call:
      state === null
        ? null
        : { state, claim: row['call_claim'] as string | null, claimUntil: row['claim_until'] as number | null },
    answerDigest: row['body'] === null ? '' : answerDigest(answerOf(row)),
  };
}
