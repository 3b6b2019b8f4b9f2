// Every table and every column: one value is changed by hand, one row deleted, one row copied, and verify must find it (rule 21).
import { copyFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify, type Finding } from '../../ledger/verify.ts';
import { connect, type Connection, type SqlRow } from './connection.ts';
import { sampleStore } from './full-sample.ts';
import type { Sample } from './sample-store.ts';
import { openSnapshot, snapshotOf } from './snapshot.ts';

let sample: Sample;
let at: number;

beforeAll(async () => {
  sample = await sampleStore();
  at = sample.ledger.now();
  await sample.close();
});
afterAll(() => sample.remove());

test('a store that nobody touched has no findings', async () => {
  expect(await findingsOf(sample.file)).toEqual([]);
});

test('every changed value is found', { timeout: 60_000 }, async () => {
  await tamper(async (connection, table, columns) => {
    const missed: string[] = [];
    for (const { name, type } of columns) {
      for (const row of await someRows(connection, table)) {
        const change = type === 'INTEGER' ? `coalesce("${name}", 0) + 1` : `coalesce("${name}", '') || 'x'`;
        const problem = await tryOut(connection, `UPDATE ${table} SET "${name}" = ${change} WHERE ${placeOf(table, row)}`);
        if (problem === 'not found') missed.push(`${table}.${name} of ${JSON.stringify(row)}`);
      }
    }
    return missed;
  });
});

test('every deleted row is found', async () => {
  await tamper(async (connection, table) => {
    const missed: string[] = [];
    for (const row of await someRows(connection, table)) {
      const problem = await tryOut(connection, `DELETE FROM ${table} WHERE ${placeOf(table, row)}`);
      if (problem === 'not found') missed.push(`${table} ${JSON.stringify(row)}`);
    }
    return missed;
  });
});

test('every copied row is found, or can not be copied', async () => {
  await tamper(async (connection, table, columns) => {
    const missed: string[] = [];
    for (const row of await someRows(connection, table)) {
      // A copy under the next free key: what would collide is made another value.
      const values = columns.map(({ name, type, isKey }) =>
        isKey ? (type === 'INTEGER' ? `"${name}" + 100000` : `"${name}" || '-copy'`) : `"${name}"`,
      );
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      const sql = `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM ${table} WHERE ${placeOf(table, row)}`;
      if ((await tryOut(connection, sql)) === 'not found') missed.push(`${table} ${JSON.stringify(row)}`);
    }
    return missed;
  });
});

interface Column {
  name: string;
  type: string;
  /** Part of the primary key or unique. */
  isKey: boolean;
}

const KEYS: Record<string, readonly string[]> = {
  accounts: ['id'],
  grants: ['id'],
  calls: ['seq', 'id'],
  holds: ['seq'],
  ends: ['seq'],
  cap_windows: ['id'],
  claims: ['id'],
  answers: ['claim'],
  entries: ['id', 'number', 'prev'],
  rollups: ['hour', 'reason'],
  late_settles: ['id'],
  meta: ['name'],
  allowances: ['id'],
  records: ['id', 'lookup'],
  audits: ['number'],
  events: ['number', 'id'],
  deliveries: ['id'],
  cards: ['version'],
  owned: ['service', 'id'],
  resumes: ['operation'],
};

async function tamper(attempt: (connection: Connection, table: string, columns: Column[]) => Promise<string[]>): Promise<void> {
  const file = `${sample.file}-tampered`;
  await copyFile(sample.file, file);
  const connection = await connect(file, 'write', 0);
  await connection.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON');
  for (const { name } of await connection.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)) {
    await connection.run(`DROP TRIGGER ${name}`);
  }
  const tables = await connection.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`);
  expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(KEYS).sort());
  const missed: string[] = [];
  for (const { name: table } of tables) {
    const info = await connection.all<{ name: string; type: string }>(`PRAGMA table_info(${table})`);
    const columns = info.map(({ name, type }) => ({ name, type, isKey: KEYS[table]?.includes(name) ?? false }));
    missed.push(...(await attempt(connection, table, columns)));
  }
  await connection.close();
  expect(missed).toEqual([]);
}

/** Makes the change, looks for it, and undoes it. A change that a constraint refuses counts as found. */
async function tryOut(connection: Connection, sql: string): Promise<'found' | 'not found'> {
  await connection.run('BEGIN');
  try {
    await connection.run(sql);
  } catch {
    await connection.run('ROLLBACK');
    return 'found';
  }
  const found = await isFound(connection);
  await connection.run('ROLLBACK');
  return found ? 'found' : 'not found';
}

/** The first, the last and one in between. */
async function someRows(connection: Connection, table: string): Promise<SqlRow[]> {
  const rows = await connection.all(`SELECT * FROM ${table}`);
  expect(rows.length, `the sample has rows in ${table}`).toBeGreaterThan(0);
  const chosen = new Set([rows[0], rows[Math.floor(rows.length / 2)], rows.at(-1)]);
  return [...chosen].filter((row) => row !== undefined);
}

/** The columns of a table's primary key name a row. */
function placeOf(table: string, row: SqlRow): string {
  const keys = PLACES[table] ?? KEYS[table] ?? [];
  return keys.map((name) => `"${name}" = ${quote(row[name])}`).join(' AND ');
}

const PLACES: Record<string, readonly string[]> = {
  calls: ['seq'],
  entries: ['id'],
  records: ['kind', 'id'],
  events: ['number'],
  rollups: ['hour', 'workspace', 'key', 'service', 'operation', 'reason'],
};

function quote(value: SqlRow[string] | undefined): string {
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

async function findingsOf(file: string): Promise<Finding[]> {
  const snapshot = await openSnapshot(file);
  try {
    return await Array.fromAsync(verify(snapshot, { at, overdueMs: 60_000 }));
  } finally {
    await snapshot.close();
  }
}

/** Only the first: one is enough to know. */
async function isFound(connection: Connection): Promise<boolean> {
  for await (const finding of verify(await snapshotOf(connection), { at, overdueMs: 60_000 })) return finding.problem !== '';
  return false;
}
