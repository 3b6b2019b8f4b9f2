// What a batch of the ledger writes: its changes as rows of the tables, with the numbers, the audit's chain and the tallies that they get.
// Pure: the writer decides whether and when.
import { isLive } from '../../ledger/burn-order.ts';
import { sha256 } from '../../ledger/digest.ts';
import { StaleState, type Changes } from '../../ledger/ledger.ts';
import type { Call } from '../../ledger/rows.ts';
import { allowanceFields, auditFields, auditHash, eventFields, recordFields, withDigest } from './beside-rows.ts';
import { copyOf, metaRow, type Counters } from './counters.ts';
import * as encode from './encode.ts';
import { recordKey, type Places, type Rows } from './rows.ts';
import { tally } from './tally.ts';

export interface LaidOut {
  batch: encode.Batch;
  next: Counters;
  places: Places;
}

/**
 * @param rows what memory has; everything that the changes touch is among it
 * @param told ids of events that are kept already, and are left out
 * @throws {StaleState} where memory was emptied since these changes were decided
 */
export function layOut(rows: Rows, counters: Counters, changes: Changes, told: ReadonlySet<string>): LaidOut {
  const next = copyOf(counters);
  const lastOf = (id: string): number | null => {
    const kept = rows.accounts.get(id);
    if (kept === undefined) throw notInMemory('account', id);
    return kept.last;
  };
  const { entries, lasts } = entryRows(changes, next, lastOf);
  const calls = callRows(rows, changes, next);
  const batch = {
    ...calls.batch,
    accounts: changes.accounts.map((row) => encode.accountRow(row, lasts.get(row.id) ?? lastOf(row.id))),
    ...grantRows(rows, changes),
    windows: changes.windows.map(encode.windowRow),
    claims: changes.claims.map(encode.claimRow),
    claims_gone: changes.claimsGone,
    answers: changes.answers.map(encode.answerRow),
    entries,
    rollups: changes.rollups.map(encode.rollupRow),
    late: lateRows(changes, next),
    allowances: allowanceRows(rows, changes, next),
    records: recordRows(rows, changes, next),
    audits: auditRows(changes, next),
    events: eventRows(changes, next, told),
  };
  const meta = TALLIED_BY.flatMap(([column, table]) => ((batch[column]?.length ?? 0) > 0 ? [metaRow(table, next)] : []));
  if (changes.calls.length > 0) meta.push(metaRow('calls', next));
  next.hash = changes.entries.at(-1)?.hash ?? next.hash;
  return { batch: { ...batch, meta }, next, places: { seqs: calls.seqs, lasts } };
}

/** Each entry points back at the one before it. */
function entryRows(changes: Changes, next: Counters, lastOf: (account: string) => number | null) {
  const lasts = new Map<string, number>();
  const entries = changes.entries.map((entry) => {
    const prev = lasts.get(entry.account) ?? lastOf(entry.account);
    next.entry += 1;
    lasts.set(entry.account, next.entry);
    return encode.entryRow(next.entry, prev, entry);
  });
  return { entries, lasts };
}

/** Live grants of an account are all in memory; one that is not among them is new. */
function grantRows(rows: Rows, changes: Changes) {
  const grants: unknown[] = [];
  const changed: unknown[] = [];
  const done: string[] = [];
  for (const row of changes.grants) {
    const isKnown = rows.grants(row.account).some(({ id }) => id === row.id);
    if (isKnown) changed.push(encode.grantChange(row));
    else grants.push(encode.grantRow(row));
    if (!isLive(row)) done.push(row.id);
  }
  return { grants, grants_changed: changed, grants_done: done };
}

/** A new or renewed call is written with its hold also where the same batch ends it, because its end is made from the hold. */
function callRows(rows: Rows, changes: Changes, next: Counters) {
  const calls: unknown[] = [];
  const holds: unknown[] = [];
  const ends: unknown[] = [];
  const closed: number[] = [];
  const seqs = new Map<string, number>();
  for (const call of changes.calls) {
    const known = rows.calls.get(call.id);
    const seq = known?.seq ?? (next.seq += 1);
    seqs.set(call.id, seq);
    if (known === undefined) calls.push(encode.callRow(seq, call));
    if (known === undefined || call.state === 'open' || isRenewed(known.call, call)) holds.push(encode.holdRow(seq, call));
    if (call.state !== 'open') {
      ends.push(encode.endRow(seq, call));
      closed.push(seq);
    }
    tally(next.tallies.calls, call.digest, known?.call.digest);
  }
  return { batch: { calls, holds, ends, closed }, seqs };
}

function isRenewed(before: Call, after: Call): boolean {
  return before.leaseUntil !== after.leaseUntil || before.job !== after.job || before.onLapse !== after.onLapse;
}

function lateRows(changes: Changes, next: Counters): unknown[] {
  return changes.late.map((settle) => {
    const { row, digest } = withDigest(encode.lateFields((next.late += 1), settle));
    tally(next.tallies.late_settles, digest, undefined);
    return row;
  });
}

// What goes from a tally is the digest of the row that was decided on, and not the one on the disk: a row that somebody changed there by hand
// leaves its tally wrong also after it was written over.

function allowanceRows(rows: Rows, changes: Changes, next: Counters): unknown[] {
  return changes.allowances.map((allowance) => {
    if (!rows.allowances.has(allowance.id)) throw notInMemory('allowance', allowance.id);
    const known = rows.allowances.get(allowance.id);
    const { row, digest } = withDigest(allowanceFields(allowance));
    tally(next.tallies.allowances, digest, known === undefined ? undefined : sha256(allowanceFields(known)));
    return row;
  });
}

function recordRows(rows: Rows, changes: Changes, next: Counters): unknown[] {
  return changes.records.map((record) => {
    const key = recordKey(record.kind, record.id);
    if (!rows.records.has(key)) throw notInMemory(record.kind, record.id);
    const known = rows.records.get(key);
    const { row, digest } = withDigest(recordFields(record));
    tally(next.tallies.records, digest, known === undefined ? undefined : sha256(recordFields(known)));
    return row;
  });
}

function notInMemory(kind: string, id: string): StaleState {
  return new StaleState(`${kind} ${id} has to be read again.`);
}

function auditRows(changes: Changes, next: Counters): unknown[] {
  return changes.audits.map((audit) => {
    const fields = auditFields((next.audit += 1), audit.at, audit);
    next.auditHash = auditHash(next.auditHash, fields);
    tally(next.tallies.audits, next.auditHash, undefined);
    return [...fields, next.auditHash];
  });
}

/** An event whose id is kept already is the same event, and stays as it was told. */
function eventRows(changes: Changes, next: Counters, told: ReadonlySet<string>): unknown[] {
  if (changes.events.length === 0) return [];
  const seen = new Set(told);
  return changes.events.flatMap((event) => {
    if (seen.has(event.id)) return [];
    seen.add(event.id);
    const { row, digest } = withDigest(eventFields({ ...event, number: (next.event += 1) }));
    tally(next.tallies.events, digest, undefined);
    return [row];
  });
}

const TALLIED_BY = [
  ['late', 'late_settles'],
  ['allowances', 'allowances'],
  ['records', 'records'],
  ['audits', 'audits'],
  ['events', 'events'],
] as const;
