// Reads into memory what a batch touches and memory does not have. Each set of ids is one JSON value, so that hundreds of rows are one
// statement.
import { burnOrder } from '../../ledger/burn-order.ts';
import type { Connection, SqlRow } from './connection.ts';
import { allowanceOf, recordOf } from './beside-rows.ts';
import { accountOf, callOf, claimOf, entryOf, grantOf, windowOf } from './decode.ts';
import { lookupKey, recordKey, type KeptAccount, type Rows } from './rows.ts';
import type { Named, Touched } from './touch.ts';

export async function readNamed(connection: Connection, rows: Rows, { calls, grants, corrections }: Named): Promise<void> {
  if (calls.size > 0) {
    const found = await select(connection, 'whole_calls WHERE id', calls);
    for (const id of calls) rows.calls.set(id, undefined);
    for (const row of found) {
      const call = callOf(row);
      rows.calls.set(call.id, { seq: row['seq'] as number, call });
    }
  }
  if (grants.size > 0) {
    const found = await select(connection, 'grants WHERE id', grants);
    for (const id of grants) rows.grantsNamed.set(id, undefined);
    for (const row of found) rows.grantsNamed.set(row['id'] as string, grantOf(row));
  }
  if (corrections.size > 0) {
    const found = await select(connection, `entries WHERE kind = 'correct' AND grant_id`, corrections);
    for (const id of corrections) rows.corrections.set(id, undefined);
    for (const row of found) rows.corrections.set(row['grant_id'] as string, entryOf(row));
  }
}

export async function readTouched(connection: Connection, rows: Rows, touched: Touched): Promise<void> {
  const { accounts, windows, claims, allowances, records, lookups } = touched;
  if (accounts.size > 0) await readAccounts(connection, rows, accounts);
  if (windows.size > 0) {
    const found = await select(connection, 'cap_windows WHERE id', windows);
    for (const id of windows) rows.windows.set(id, undefined);
    for (const row of found) rows.windows.set(row['id'] as string, windowOf(row));
  }
  if (claims.size > 0) {
    const found = await select(connection, 'claims WHERE id', claims);
    for (const id of claims) rows.claims.set(id, undefined);
    for (const row of found) rows.claims.set(row['id'] as string, claimOf(row));
  }
  if (allowances.size > 0) {
    const found = await select(connection, 'allowances WHERE id', allowances);
    for (const id of allowances) rows.allowances.set(id, undefined);
    for (const row of found) rows.allowances.set(row['id'] as string, allowanceOf(row));
  }
  if (records.size > 0) {
    const found = await connection.all(RECORDS, [JSON.stringify([...records.values()])]);
    for (const key of records.keys()) rows.records.set(key, undefined);
    for (const row of found) rows.records.set(recordKey(row['kind'] as string, row['id'] as string), recordOf(row));
  }
  if (lookups.size > 0) {
    const found = await connection.all<{ kind: string; lookup: string; id: string }>(LOOKUPS, [
      JSON.stringify([...lookups.values()]),
    ]);
    for (const key of lookups.keys()) rows.lookups.set(key, undefined);
    for (const { kind, lookup, id } of found) rows.lookups.set(lookupKey(kind, lookup), id);
  }
}

async function readAccounts(connection: Connection, rows: Rows, ids: ReadonlySet<string>): Promise<void> {
  const read = new Map([...ids].map((id): [string, KeptAccount] => [id, { account: undefined, last: null, grants: [] }]));
  for (const row of await connection.all(ACCOUNTS_WITH_GRANTS, [JSON.stringify([...ids])])) {
    const kept = read.get(row['wanted'] as string);
    if (kept === undefined) continue;
    if (row['account_id'] !== null) {
      kept.last = row['last'] as number | null;
      kept.account = accountOf({ ...row, id: row['account_id'] ?? null, held: row['account_held'] ?? null });
    }
    if (row['id'] !== null) kept.grants.push(grantOf(row));
  }
  for (const [id, kept] of read) {
    kept.grants.sort(burnOrder);
    rows.accounts.set(id, kept);
  }
}

// One statement, so that an account and its grants are of one moment.
const ACCOUNTS_WITH_GRANTS = `SELECT w.value AS wanted, a.id AS account_id, a.balance, a.held AS account_held, a.entries, a.chain, a.last, g.*
  FROM json_each(?) w LEFT JOIN accounts a ON a.id = w.value LEFT JOIN grants g ON g.account = w.value AND g.done = 0`;

// In this order, so that what is wanted is looked up and not what is there.
const RECORDS = 'SELECT r.* FROM json_each(?) w CROSS JOIN records r ON r.kind = w.value ->> 0 AND r.id = w.value ->> 1';
const LOOKUPS =
  'SELECT r.kind, r.lookup, r.id FROM json_each(?) w CROSS JOIN records r ON r.kind = w.value ->> 0 AND r.lookup = w.value ->> 1';

/** `where` ends in the column that must be one of the ids. */
async function select(connection: Connection, where: string, ids: ReadonlySet<string>): Promise<SqlRow[]> {
  return await connection.all(`SELECT * FROM ${where} IN (SELECT value FROM json_each(?))`, [JSON.stringify([...ids])]);
}
