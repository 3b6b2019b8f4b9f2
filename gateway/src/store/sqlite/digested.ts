// The tables with a tally: how verify reads them, and what the digest of each row must be.
import { sha256 } from '../../ledger/digest.ts';
import {
  allowanceFields,
  allowanceOf,
  auditFields,
  auditHash,
  auditOf,
  deliveryFields,
  deliveryOf,
  eventFields,
  eventOf,
  recordFields,
  recordOf,
} from './beside-rows.ts';
import type { SqlRow } from './connection.ts';
import type { PageQuery } from './paging.ts';
import type { Tallied } from './tally.ts';

/** A row of a table with a tally. */
export interface Digested {
  id: string;
  digest: string;
  /** What the digest must be; undefined where it is checked with the call. */
  right: string | undefined;
}

/** How each of these tables is read through, and what the digests of its rows must be. */
export const DIGESTED: Record<Tallied, { query: PageQuery; decode: (row: SqlRow) => Digested }> = {
  calls: {
    query: {
      table: 'calls',
      sql: 'SELECT seq, id, digest FROM whole_calls WHERE seq > ? ORDER BY seq',
      place: ['seq'],
      start: [Number.MIN_SAFE_INTEGER],
    },
    decode: ({ id, digest }) => ({ id: id as string, digest: (digest ?? '') as string, right: undefined }),
  },
  late_settles: {
    query: {
      table: 'late_settles',
      sql: 'SELECT * FROM late_settles WHERE id > ? ORDER BY id',
      place: ['id'],
      start: [Number.MIN_SAFE_INTEGER],
    },
    decode: ({ id, call_id: callId, at, charge, free, absorbed, ended, digest }) =>
      digested(id, digest, [id, callId, at, charge, free, absorbed, JSON.parse(ended as string)]),
  },
  allowances: {
    query: { table: 'allowances', sql: 'SELECT * FROM allowances WHERE id > ? ORDER BY id', place: ['id'], start: [''] },
    decode: (row) => digested(row['id'], row['digest'], allowanceFields(allowanceOf(row))),
  },
  records: {
    query: {
      table: 'records',
      sql: 'SELECT * FROM records WHERE (kind, id) > (?, ?) ORDER BY kind, id',
      place: ['kind', 'id'],
      start: ['', ''],
    },
    decode: (row) => digested(`${row['kind']} ${row['id']}`, row['digest'], recordFields(recordOf(row))),
  },
  audits: {
    query: {
      table: 'audits',
      sql: `SELECT a.*, coalesce((SELECT hash FROM audits b WHERE b.number = a.number - 1), '') AS hash_before
        FROM audits a WHERE number > ? ORDER BY number`,
      place: ['number'],
      start: [Number.MIN_SAFE_INTEGER],
    },
    decode: (row) => {
      const audit = auditOf(row);
      const right = auditHash(row['hash_before'] as string, auditFields(audit.number, audit.at, audit));
      return { id: String(audit.number), digest: audit.hash, right };
    },
  },
  events: {
    query: {
      table: 'events',
      sql: 'SELECT * FROM events WHERE number > ? ORDER BY number',
      place: ['number'],
      start: [Number.MIN_SAFE_INTEGER],
    },
    decode: (row) => digested(row['number'], row['digest'], eventFields(eventOf(row))),
  },
  deliveries: {
    query: { table: 'deliveries', sql: 'SELECT * FROM deliveries WHERE id > ? ORDER BY id', place: ['id'], start: [''] },
    decode: (row) => digested(row['id'], row['digest'], deliveryFields(deliveryOf(row))),
  },
  cards: {
    query: {
      table: 'cards',
      sql: 'SELECT * FROM cards WHERE version > ? ORDER BY version',
      place: ['version'],
      start: [''],
      rows: 50,
    },
    decode: ({ version, text, file, loaded_at: loadedAt, digest }) => digested(version, digest, [version, text, file, loadedAt]),
  },
  owned: {
    query: {
      table: 'owned',
      sql: 'SELECT * FROM owned WHERE (service, id) > (?, ?) ORDER BY service, id',
      place: ['service', 'id'],
      start: ['', ''],
    },
    decode: ({ service, id, workspace, call_id: callId, made_at: madeAt, digest }) =>
      digested(id, digest, [service, id, workspace, callId, madeAt]),
  },
  resumes: {
    query: {
      table: 'resumes',
      sql: 'SELECT * FROM resumes WHERE operation > ? ORDER BY operation',
      place: ['operation'],
      start: [''],
    },
    decode: ({ operation, resumed_at: resumedAt, digest }) => digested(operation, digest, [operation, resumedAt]),
  },
};

function digested(id: SqlRow[string] | undefined, digest: SqlRow[string] | undefined, fields: readonly unknown[]): Digested {
  return { id: String(id), digest: digest as string, right: sha256(fields) };
}
