// Reads into memory what a batch touches and memory does not have. Each set of ids is one JSON value, so that hundreds of rows are one
// statement.
import { burnOrder } from '../../ledger/burn-order.ts';
import type { Connection, SqlRow } from './connection.ts';
import { accountOf, callOf, claimOf, entryOf, grantOf, windowOf } from './decode.ts';
import type { KeptAccount, Named, Rows, Touched } from './rows.ts';

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

export async function readTouched(connection: Connection, rows: Rows, { accounts, windows, claims }: Touched): Promise<void> {
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
  FROM json_each(?) w LEFT JOIN accounts a ON a.id = w.value LEFT JOIN grants g ON g.account = w.value AND g.spent + g.ended < g.amount`;

/** `where` ends in the column that must be one of the ids. */
async function select(connection: Connection, where: string, ids: ReadonlySet<string>): Promise<SqlRow[]> {
  return await connection.all(`SELECT * FROM ${where} IN (SELECT value FROM json_each(?))`, [JSON.stringify([...ids])]);
}
