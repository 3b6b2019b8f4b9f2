// Writing the people and places beside the money: every record of a command, its audit and what is told of it, or nothing (FEATURES H7).
import assert from 'node:assert/strict';
import type { Put, PutCommand } from './commands.ts';
import type { Draft } from './draft.ts';
import { isKeepable } from './entry.ts';
import type { PutOutcome } from './outcomes.ts';
import type { StoredRecord } from './rows.ts';

/** In their order: a later one sees what an earlier one has changed. */
export function put(draft: Draft, { puts, audits, events }: PutCommand): PutOutcome {
  const records: StoredRecord[] = [];
  for (const one of puts) {
    checkPut(one);
    const refused = refusePut(draft, one);
    if (refused !== undefined) {
      draft.changes.records.length = 0;
      return refused;
    }
    const { expects: _, ...content } = one;
    const row: StoredRecord = { ...content, version: versionOf(draft, one) + 1, at: draft.at };
    draft.setRecord(row);
    records.push(row);
  }
  for (const audit of audits) draft.changes.audits.push({ ...audit, at: draft.at });
  for (const event of events) draft.changes.events.push({ ...event, at: draft.at });
  return { ok: true, records };
}

function refusePut(draft: Draft, one: Put): PutOutcome | undefined {
  const { kind, id, lookup, expects } = one;
  const version = versionOf(draft, one);
  if (expects !== null && expects !== version) return { ok: false, refusal: 'record_changed', kind, id, version };
  const by = lookup === null ? undefined : draft.lookup(kind, lookup);
  if (by !== undefined && by !== id) return { ok: false, refusal: 'lookup_taken', kind, id, by };
  return undefined;
}

/** 0 where there is none. One that is gone has a version too, so that its id stays taken. */
function versionOf(draft: Draft, { kind, id }: Put): number {
  return draft.record(kind, id)?.version ?? 0;
}

/** What a caller must have got right: kinds and ids are checked where they are read. */
function checkPut({ kind, id, organization, lookup }: Put): void {
  assert(kind !== '' && !kind.includes(' '), `a record of kind "${kind}"`);
  assert(id !== '', 'a record without an id');
  assert([kind, id, organization, lookup ?? ''].every(isKeepable), 'a text has a character that can not be kept');
}
