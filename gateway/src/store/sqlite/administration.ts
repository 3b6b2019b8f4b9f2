// Rows beside the ledger: keys, rate cards, and who made what. They are written in turns with the batches, by the same statement.
import { sha256 } from '../../ledger/digest.ts';
import type { StoredRecord } from '../../ledger/rows.ts';
import type { Key } from '../../keys/key.ts';
import { recordFields, recordOf, withDigest } from './beside-rows.ts';
import type { Connection } from './connection.ts';
import { readRecords } from './records.ts';
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
        kept === undefined ? { batch: { cards: [[...fields, digest]] }, tally: [{ came: digest, went: undefined }] } : undefined,
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
        made === undefined ? { batch: { owned: [[...fields, digest]] }, tally: [{ came: digest, went: undefined }] } : undefined,
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
        tally: [{ came: digest, went: old?.['digest'] as string | undefined }],
      }));
    },
  };
}

function administerKeys(writer: Writer, reader: Connection): Pick<Administration, 'putKey' | 'keyByHash' | 'listKeys'> {
  const records = readRecords(reader);
  return {
    async putKey(key) {
      await writer.writeRows('records', { sql: KEY, values: [key.id] }, ([old]) => {
        const kept = old === undefined ? undefined : recordOf(old);
        const version = (kept?.version ?? 0) + 1;
        const { row, digest } = withDigest(recordFields(keyRecord(key, version, key.revokedAt ?? key.createdAt)));
        const went = kept === undefined ? undefined : sha256(recordFields(kept));
        return { batch: { records: [row] }, tally: [{ came: digest, went }] };
      });
    },
    async keyByHash(hash) {
      return (await records.recordByLookup('key', hash))?.body as Key | undefined;
    },
    async listKeys() {
      const keys = (await records.records('key', {})).map(({ body }) => body as unknown as Key);
      return keys.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    },
  };
}

const KEY = `SELECT * FROM records WHERE kind = 'key' AND id = ?`;

/** A key as a record. */
export function keyRecord(key: Key, version: number, at: number): StoredRecord {
  const { id, organization, hash } = key;
  return { kind: 'key', id, organization, lookup: hash, body: { ...key }, version, at };
}
