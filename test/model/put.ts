// Records in the model: all of a write or nothing of it, by the versions that are there and the names that are taken (FEATURES H7).
import type { Put, PutCommand } from '../../gateway/src/ledger/commands.ts';
import type { StoredRecord } from '../../gateway/src/ledger/rows.ts';
import { tell } from './books.ts';
import type { Books } from './books.ts';

export function put(books: Books, { puts, audits, events }: PutCommand, at: number) {
  let records = books.records;
  const written: StoredRecord[] = [];
  for (const one of puts) {
    const refused = refusalOf(records, one);
    if (refused !== undefined) return refused;
    const { kind, id, organization, lookup, body } = one;
    const record = { kind, id, organization, lookup, body, version: versionOf(records, one) + 1, at };
    records = [...records.filter((other) => !isSame(other, one)), record];
    written.push(record);
  }
  books.records = records;
  books.audits.push(...audits.map((audit) => ({ ...audit, at })));
  for (const event of events) tell(books, { ...event, at });
  return { ok: true, records: written };
}

function refusalOf(records: readonly StoredRecord[], one: Put) {
  const { kind, id, lookup, expects } = one;
  const version = versionOf(records, one);
  if (expects !== null && expects !== version) return { ok: false, refusal: 'record_changed', kind, id, version };
  const named = records.find((other) => other.kind === kind && other.lookup !== null && other.lookup === lookup);
  if (named !== undefined && named.id !== id) return { ok: false, refusal: 'lookup_taken', kind, id, by: named.id };
  return undefined;
}

/** One that is gone has a version too: its id stays taken. */
function versionOf(records: readonly StoredRecord[], one: Put): number {
  return records.find((other) => isSame(other, one))?.version ?? 0;
}

function isSame(a: Pick<StoredRecord, 'kind' | 'id'>, b: Pick<StoredRecord, 'kind' | 'id'>): boolean {
  return a.kind === b.kind && a.id === b.id;
}
