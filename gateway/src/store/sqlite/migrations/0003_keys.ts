// Keys become records, and workspaces get the organization that they belong to into their ids: what was kept before there were several
// organizations is the first one's. Calls and roll-ups stay as they were written.
import { sha256 } from '../../../ledger/digest.ts';
import type { StoredRecord } from '../../../ledger/rows.ts';
import type { Key } from '../../../keys/key.ts';
import type { Workspace } from '../../../people/documents.ts';
import { recordFields, withDigest } from '../beside-rows.ts';
import type { Connection, SqlRow } from '../connection.ts';
import type { MigrateOptions } from '../migrate.ts';
import { noTallies, tally, tallyDigest, type Tallied, type Tally } from '../tally.ts';

/** @throws where there are keys and nobody says whose they are */
export async function moveKeys(connection: Connection, { organization }: MigrateOptions): Promise<void> {
  const keys = await connection.all('SELECT * FROM keys ORDER BY id');
  const [owned] = await connection.all<{ rows: number }>('SELECT count(*) AS rows FROM owned');
  if (keys.length > 0 || (owned?.rows ?? 0) > 0) {
    if (organization === undefined) throw new Error('It has keys, and no organization was named that they belong to.');
    await putRecords(connection, [...workspacesOf(keys, organization), ...keys.map((row) => keyRecord(row, organization))]);
    await moveOwned(connection, organization);
  }
  await connection.exec(`DROP TABLE keys; DELETE FROM meta WHERE name = 'keys'`);
}

/** Those that keys spend in, because nobody may spend in a workspace that is not there. */
function workspacesOf(keys: readonly SqlRow[], organization: string): StoredRecord[] {
  const firstAt = new Map<string, number>();
  for (const { workspace, created_at: at } of keys) {
    const name = workspace as string;
    firstAt.set(name, Math.min(firstAt.get(name) ?? Number.MAX_SAFE_INTEGER, at as number));
  }
  return [...firstAt].map(([name, at]) => {
    const id = `${organization}/${name}`;
    const body: Workspace = { id, organization, name, kind: 'team', user: null, labels: {}, closedAt: null };
    return { kind: 'workspace', id, organization, lookup: null, body: { ...body }, version: 1, at };
  });
}

function keyRecord(row: SqlRow, organization: string): StoredRecord {
  const body: Key = {
    id: row['id'] as string,
    hash: row['hash'] as string,
    prefix: row['prefix'] as string,
    name: row['name'] as string,
    scope: row['scope'] as Key['scope'],
    organization,
    workspace: `${organization}/${row['workspace'] as string}`,
    contexts: [],
    user: row['user'] as string | null,
    service: null,
    limits: { perMinute: null, concurrent: null },
    bypass: false,
    labels: JSON.parse(row['labels'] as string) as Key['labels'],
    caps: JSON.parse(row['caps'] as string) as Key['caps'],
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number | null,
    revokedAt: row['revoked_at'] as number | null,
    replaces: row['replaces'] as string | null,
  };
  const at = body.revokedAt ?? body.createdAt;
  return { kind: 'key', id: body.id, organization, lookup: body.hash, body: { ...body }, version: 1, at };
}

async function putRecords(connection: Connection, records: readonly StoredRecord[]): Promise<void> {
  const sum = noTallies().records;
  const rows = records.map((record) => {
    const { row, digest } = withDigest(recordFields(record));
    tally(sum, digest, undefined);
    return row;
  });
  await connection.run('INSERT INTO batches (records) VALUES (?)', [JSON.stringify(rows)]);
  await putTally(connection, 'records', sum);
}

/** In pages, because there may be as many as calls. */
async function moveOwned(connection: Connection, organization: string): Promise<void> {
  const sum = noTallies().owned;
  let [service, id] = ['', ''];
  for (;;) {
    const page = await connection.all<OwnedRow>(OWNED, [service, id, PAGE_ROWS]);
    const moved = page.map((row) => {
      const workspace = `${organization}/${row.workspace}`;
      const digest = sha256([row.service, row.id, workspace, row.call_id, row.made_at]);
      tally(sum, digest, undefined);
      return [row.service, row.id, workspace, digest];
    });
    await connection.run(MOVE_OWNED, [JSON.stringify(moved)]);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) break;
    ({ service, id } = last);
  }
  if (sum.rows > 0) await putTally(connection, 'owned', sum);
}

async function putTally(connection: Connection, table: Tallied, sum: Tally): Promise<void> {
  const row = [table, sum.rows, sum.sum, tallyDigest(table, sum)];
  await connection.run('INSERT INTO batches (meta) VALUES (?)', [JSON.stringify([row])]);
}

type OwnedRow = { service: string; id: string; workspace: string; call_id: string; made_at: number };

const PAGE_ROWS = 10_000;
const OWNED = 'SELECT * FROM owned WHERE (service, id) > (?, ?) ORDER BY service, id LIMIT ?';
const MOVE_OWNED = `UPDATE owned SET workspace = j.value ->> 2, digest = j.value ->> 3
  FROM json_each(?) j WHERE owned.service = j.value ->> 0 AND owned.id = j.value ->> 1`;
