// Reads into memory what a batch touches and memory does not have. Each set of ids is one JSON value, so that hundreds of rows are one
// statement.
import { burnOrder } from '../../ledger/burn-order.ts';
import type { Connection, SqlRow } from './connection.ts';
import { accountOf, callOf, claimOf, entryOf, grantOf, windowOf } from './decode.ts';
import type { Named, Rows, Touched } from './rows.ts';

export async function readNamed(connection: Connection, rows: Rows, { calls, grants, corrections }: Named): Promise<void> {
  if (calls.size > 0) {
    for (const id of calls) {
      rows.calls.set(id, undefined);
      rows.passing.add(id);
    }
    for (const row of await select(connection, 'whole_calls WHERE id', calls)) {
      const call = callOf(row);
      rows.calls.set(call.id, { seq: row['seq'] as number, call });
      // An open call stays, because its end is still to come.
      if (call.state === 'open') rows.passing.delete(call.id);
    }
  }
  if (grants.size > 0) {
    for (const id of grants) rows.grantsById.set(id, undefined);
    for (const row of await select(connection, 'grants WHERE id', grants)) rows.grantsById.set(row['id'] as string, grantOf(row));
  }
  if (corrections.size > 0) {
    const found = await select(connection, `entries WHERE kind = 'correct' AND grant_id`, corrections);
    for (const row of found) rows.corrections.set(row['grant_id'] as string, entryOf(row));
  }
}

export async function readTouched(connection: Connection, rows: Rows, { accounts, windows, claims }: Touched): Promise<void> {
  if (accounts.size > 0) await readAccounts(connection, rows, accounts);
  if (windows.size > 0) {
    for (const id of windows) rows.windows.set(id, undefined);
    for (const row of await select(connection, 'cap_windows WHERE id', windows))
      rows.windows.set(row['id'] as string, windowOf(row));
  }
  if (claims.size > 0) {
    for (const id of claims) rows.claims.set(id, undefined);
    for (const row of await select(connection, 'claims WHERE id', claims)) rows.claims.set(row['id'] as string, claimOf(row));
  }
}

async function readAccounts(connection: Connection, rows: Rows, ids: ReadonlySet<string>): Promise<void> {
  for (const id of ids) {
    rows.accounts.set(id, undefined);
    rows.grantLists.set(id, []);
  }
  for (const row of await select(connection, 'accounts WHERE id', ids)) rows.accounts.set(row['id'] as string, accountOf(row));
  for (const row of await select(connection, 'grants WHERE spent + ended < amount AND account', ids)) {
    const grant = grantOf(row);
    rows.grantsById.set(grant.id, grant);
    rows.grantLists.get(grant.account)?.push(grant);
  }
  for (const id of ids) rows.grantLists.get(id)?.sort(burnOrder);
}

/** `where` ends in the column that must be one of the ids. */
async function select(connection: Connection, where: string, ids: ReadonlySet<string>): Promise<SqlRow[]> {
  return await connection.all(`SELECT * FROM ${where} IN (SELECT value FROM json_each(?))`, [JSON.stringify([...ids])]);
}
