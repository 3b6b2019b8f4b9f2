// Rows beside the money as their tables have them. The fields of each, in the order of its columns, are also what its digest is over.
import type { Microcredits } from '@tollgate/shared/credits';
import type { AuditRow, Delivery, EventRow } from '../../ledger/beside.ts';
import { sha256 } from '../../ledger/digest.ts';
import type { Allowance, Audit, StoredRecord } from '../../ledger/rows.ts';
import type { SqlRow } from './connection.ts';

type Fields = readonly unknown[];

/** The row with its digest, which is its last column. */
export function withDigest(fields: Fields): { row: Fields; digest: string } {
  const digest = sha256(fields);
  return { row: [...fields, digest], digest };
}

export function allowanceFields({ id, from, until, granted }: Allowance): Fields {
  return [id, from, until, granted];
}

export function allowanceOf(row: SqlRow): Allowance {
  return {
    id: row['id'] as string,
    from: row['starts_at'] as number,
    until: row['until'] as number,
    granted: row['granted'] as Microcredits,
  };
}

export function recordFields({ kind, id, organization, lookup, body, version, at }: StoredRecord): Fields {
  return [kind, id, organization, lookup, body, version, at];
}

export function recordOf(row: SqlRow): StoredRecord {
  return {
    kind: row['kind'] as string,
    id: row['id'] as string,
    organization: row['organization'] as string,
    lookup: row['lookup'] as string | null,
    body: jsonOf(row['body']) as StoredRecord['body'],
    version: row['version'] as number,
    at: row['at'] as number,
  };
}

/** Without its hash, which is over the hash of the row before it and these fields. */
export function auditFields(number: number, at: number, audit: Audit): Fields {
  const { by, user, from, organization, action, subject, before, after, reason } = audit;
  return [number, at, by, user, from, organization, action, subject.kind, subject.id, jsonText(before), jsonText(after), reason];
}

export function auditHash(before: string, fields: Fields): string {
  return sha256([before, ...fields]);
}

export function auditOf(row: SqlRow): AuditRow {
  return {
    number: row['number'] as number,
    at: row['at'] as number,
    by: row['by'] as string,
    user: row['user'] as string | null,
    from: row['came_from'] as string,
    organization: row['organization'] as string | null,
    action: row['action'] as string,
    subject: { kind: row['subject_kind'] as string, id: row['subject_id'] as string },
    before: jsonOf(row['before']),
    after: jsonOf(row['after']),
    reason: row['reason'] as string,
    hash: row['hash'] as string,
  };
}

export function eventFields({ number, id, type, organization, workspace, at, data }: EventRow): Fields {
  return [number, id, type, organization, workspace, at, data];
}

export function eventOf(row: SqlRow): EventRow {
  return {
    number: row['number'] as number,
    id: row['id'] as string,
    type: row['type'] as string,
    organization: row['organization'] as string,
    workspace: row['workspace'] as string | null,
    at: row['at'] as number,
    data: jsonOf(row['data']) as EventRow['data'],
  };
}

export function deliveryFields(delivery: Delivery): Fields {
  const { id, event, webhook, state, attempts, nextAt, lastAt, lastStatus, lastError } = delivery;
  return [id, event, webhook, state, attempts, nextAt, lastAt, lastStatus, lastError];
}

export function deliveryOf(row: SqlRow): Delivery {
  return {
    id: row['id'] as string,
    event: row['event'] as number,
    webhook: row['webhook'] as string,
    state: row['state'] as Delivery['state'],
    attempts: row['attempts'] as number,
    nextAt: row['next_at'] as number | null,
    lastAt: row['last_at'] as number | null,
    lastStatus: row['last_status'] as number | null,
    lastError: row['last_error'] as string,
  };
}

/** A value of any kind: as a text of its own, because only objects and arrays come out of a batch as the JSON that went in. */
function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function jsonOf(text: SqlRow[string] | undefined): unknown {
  return text === null || text === undefined ? null : JSON.parse(text as string);
}
