// Keys become records, and workspaces get the organization that they belong to into their ids: what was kept before there were several
// organizations is the first one's. Calls and roll-ups stay as they were written. What somebody has changed by hand before is as wrong
// afterwards, so that verify still finds it (rule 21).
import { sha256 } from '../../../ledger/digest.ts';
import type { StoredRecord } from '../../../ledger/rows.ts';
import type { Key } from '../../../keys/key.ts';
import type { Workspace } from '../../../people/documents.ts';
import { recordFields, withDigest } from '../beside-rows.ts';
import type { Connection, SqlRow, SqlValue } from '../connection.ts';
import type { MigrateOptions } from '../migrate.ts';
import { tally, TALLY_MODULUS, tallyDigest, type Tallied, type Tally } from '../tally.ts';

/** @throws where there are keys and nobody says whose they are */
export async function moveKeys(connection: Connection, { organization }: MigrateOptions): Promise<void> {
  const keys = await connection.all('SELECT * FROM keys ORDER BY id');
  const owned = await connection.get('SELECT 1 FROM owned LIMIT 1');
  if ((keys.length > 0 || owned !== undefined) && organization === undefined) {
    throw new Error('It has keys, and no organization was named that they belong to.');
  }
  await putKeys(connection, keys, organization ?? '');
  await moveOwned(connection, organization ?? '');
  await connection.exec(`DROP TABLE keys; DELETE FROM meta WHERE name = 'keys'`);
}

async function putKeys(connection: Connection, keys: readonly SqlRow[], organization: string): Promise<void> {
  const [was, is] = [noTally(), noTally()];
  const rows = workspacesOf(keys, organization).map((record) => withDigest(recordFields(record)));
  for (const key of keys) {
    tally(was, key['digest'] as string, undefined);
    rows.push(moved(recordFields(keyRecord(key, organization)), key, sha256(keyFields(key))));
  }
  for (const { digest } of rows) tally(is, digest, undefined);
  await connection.run('INSERT INTO batches (records) VALUES (?)', [JSON.stringify(rows.map(({ row }) => row))]);
  await moveTally(connection, 'keys', 'records', was, is);
}

/** As the first schema has taken their digests. */
function keyFields(row: SqlRow): readonly unknown[] {
  const { id, hash, prefix, name, scope, workspace, user, labels, caps } = row;
  const json = [labels, caps].map((text) => JSON.parse(text as string) as unknown);
  return [
    id,
    hash,
    prefix,
    name,
    scope,
    workspace,
    user,
    ...json,
    row['created_at'],
    row['expires_at'],
    row['revoked_at'],
    row['replaces'],
  ];
}

/** A row whose digest did not fit keeps that digest, which does not fit what it is now either. */
function moved(fields: readonly unknown[], before: SqlRow, right: string): { row: readonly unknown[]; digest: string } {
  const digest = before['digest'] as string;
  return digest === right ? withDigest(fields) : { row: [...fields, digest], digest };
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

/** In pages, because there may be as many as calls. */
async function moveOwned(connection: Connection, organization: string): Promise<void> {
  const [was, is] = [noTally(), noTally()];
  let place: SqlValue[] = ['', ''];
  for (;;) {
    const page = await connection.all(OWNED, [...place, PAGE_ROWS]);
    const rows = page.map((row) => {
      const { service, id, workspace, call_id: callId, made_at: madeAt } = row;
      const right = sha256([service, id, workspace, callId, madeAt]);
      const to = moved([service, id, `${organization}/${workspace as string}`, callId, madeAt], row, right);
      tally(was, row['digest'] as string, undefined);
      tally(is, to.digest, undefined);
      return to.row;
    });
    await connection.run(MOVE_OWNED, [JSON.stringify(rows)]);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) break;
    place = [last['service'] ?? '', last['id'] ?? ''];
  }
  await moveTally(connection, 'owned', 'owned', was, is);
}

/** What a tally was off by, it is off by afterwards. */
async function moveTally(connection: Connection, from: string, to: Tallied, was: Tally, is: Tally): Promise<void> {
  const kept = (await connection.get<Tally>('SELECT rows, sum FROM meta WHERE name = ?', [from])) ?? noTally();
  if (kept.rows === 0 && is.rows === 0) return;
  const rows = Math.max(0, is.rows + kept.rows - was.rows);
  const sum = { rows, sum: (is.sum + kept.sum + TALLY_MODULUS - was.sum) % TALLY_MODULUS };
  const row = [to, sum.rows, sum.sum, tallyDigest(to, sum)];
  await connection.run('INSERT INTO batches (meta) VALUES (?)', [JSON.stringify([row])]);
}

function noTally(): Tally {
  return { rows: 0, sum: 0 };
}

const PAGE_ROWS = 10_000;
const OWNED = 'SELECT * FROM owned WHERE (service, id) > (?, ?) ORDER BY service, id LIMIT ?';
const MOVE_OWNED = `UPDATE owned SET workspace = j.value ->> 2, digest = j.value ->> 5
  FROM json_each(?) j WHERE owned.service = j.value ->> 0 AND owned.id = j.value ->> 1`;
