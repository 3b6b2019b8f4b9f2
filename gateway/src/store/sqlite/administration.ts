// Rows beside the ledger: keys, rate cards, and who made what. They are written in turns with the batches, by the same statement.
import { sha256 } from '../../ledger/digest.ts';
import type { Key } from '../../keys/key.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { Writer } from './writer.ts';

export interface Card {
  version: string;
  text: string;
  file: string;
  loadedAt: number;
}

export interface Administration {
  /** Adds a key or replaces the one with its id. Rejects where its hash is another key's. */
  putKey(key: Key): Promise<void>;
  keyByHash(hash: string): Promise<Key | undefined>;
  /** Newest first. */
  listKeys(): Promise<Key[]>;
  /** Keeps a card under its version; a version that is kept already stays as it is. */
  putCard(card: Card): Promise<void>;
  card(version: string): Promise<Card | undefined>;
  /** Notes that `id` was made by this workspace; false where another workspace has it (promise 7). `at`: epoch milliseconds. */
  claimOwned(service: string, id: string, workspace: string, callId: string, at: number): Promise<boolean>;
  /** The workspace that made it. */
  ownerOf(service: string, id: string): Promise<string | undefined>;
  /** Notes that the operator resumed an operation: bounds of it that broke until now suspend it no more. `at`: epoch milliseconds. */
  putResume(operation: string, at: number): Promise<void>;
}

export function administer(writer: Writer, reader: Connection): Administration {
  return {
    ...administerKeys(writer, reader),
    async putCard({ version, text, file, loadedAt }) {
      const fields = [version, text, file, loadedAt];
      const digest = sha256(fields);
      await writer.writeRows('cards', { sql: 'SELECT 1 FROM cards WHERE version = ?', values: [version] }, ([kept]) =>
        kept === undefined ? { batch: { cards: [[...fields, digest]] }, came: digest, went: undefined } : undefined,
      );
    },
    async card(version) {
      return await reader.get<Card>('SELECT version, text, file, loaded_at AS loadedAt FROM cards WHERE version = ?', [version]);
    },
    async claimOwned(service, id, workspace, callId, at) {
      const fields = [service, id, workspace, callId, at];
      const digest = sha256(fields);
      const select = { sql: 'SELECT workspace FROM owned WHERE service = ? AND id = ?', values: [service, id] };
      const [owner] = await writer.writeRows('owned', select, ([made]) =>
        made === undefined ? { batch: { owned: [[...fields, digest]] }, came: digest, went: undefined } : undefined,
      );
      return owner === undefined || owner['workspace'] === workspace;
    },
    async ownerOf(service, id) {
      const row = await reader.get<{ workspace: string }>('SELECT workspace FROM owned WHERE service = ? AND id = ?', [
        service,
        id,
      ]);
      return row?.workspace;
    },
    async putResume(operation, at) {
      const digest = sha256([operation, at]);
      const select = { sql: 'SELECT digest FROM resumes WHERE operation = ?', values: [operation] };
      await writer.writeRows('resumes', select, ([old]) => ({
        batch: { resumes: [[operation, at, digest]] },
        came: digest,
        went: old?.['digest'] as string | undefined,
      }));
    },
  };
}

function administerKeys(writer: Writer, reader: Connection): Pick<Administration, 'putKey' | 'keyByHash' | 'listKeys'> {
  return {
    async putKey(key) {
      const fields = keyFields(key);
      const digest = sha256(fields);
      await writer.writeRows('keys', { sql: 'SELECT digest FROM keys WHERE id = ?', values: [key.id] }, ([old]) => ({
        batch: { keys: [[...fields, digest]] },
        came: digest,
        went: old?.['digest'] as string | undefined,
      }));
    },
    async keyByHash(hash) {
      const row = await reader.get('SELECT * FROM keys WHERE hash = ?', [hash]);
      return row === undefined ? undefined : keyOf(row);
    },
    async listKeys() {
      return (await reader.all('SELECT * FROM keys ORDER BY created_at DESC, id DESC')).map(keyOf);
    },
  };
}

/** In the order of the table's columns, which is also what its digest is over. */
export function keyFields(key: Key): readonly unknown[] {
  const { id, hash, prefix, name, scope, workspace, user, labels, caps, createdAt, expiresAt, revokedAt, replaces } = key;
  return [id, hash, prefix, name, scope, workspace, user, labels, caps, createdAt, expiresAt, revokedAt, replaces];
}

export function keyOf(row: SqlRow): Key {
  return {
    id: row['id'] as string,
    hash: row['hash'] as string,
    prefix: row['prefix'] as string,
    name: row['name'] as string,
    scope: row['scope'] as Key['scope'],
    workspace: row['workspace'] as string,
    user: row['user'] as string | null,
    labels: JSON.parse(row['labels'] as string) as Key['labels'],
    caps: JSON.parse(row['caps'] as string) as Key['caps'],
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number | null,
    revokedAt: row['revoked_at'] as number | null,
    replaces: row['replaces'] as string | null,
  };
}
