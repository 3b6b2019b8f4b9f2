// Rows beside the ledger: rate cards, who made what, and which operations were resumed. They are written in turns with the batches, by the
// same statement.
import { sha256 } from '../../ledger/digest.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

export interface Card {
  version: string;
  text: string;
  file: string;
  loadedAt: number;
}

export interface Administration {
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
