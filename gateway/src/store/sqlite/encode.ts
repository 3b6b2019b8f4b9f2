// Rows as the view `batches` takes them: arrays in the order of its trigger's columns. What is not a text or a number becomes JSON.
import type { StoredAnswer } from '../../ledger/commands.ts';
import type { Changes } from '../../ledger/ledger.ts';
import type { Account, Call, CapWindow, Claim, Entry, Grant, Part, RollupDelta } from '../../ledger/rows.ts';
import type { Tally } from './tally.ts';

type Row = readonly unknown[];

/** What one batch writes, each column an array of rows. A column that is left out has none. */
export type Batch = Partial<Record<(typeof BATCH_COLUMNS)[number], readonly unknown[]>>;

export const BATCH_COLUMNS = [
  'calls',
  'holds',
  'ends',
  'closed',
  'accounts',
  'grants',
  'grants_changed',
  'grants_done',
  'allowances',
  'windows',
  'claims',
  'claims_gone',
  'answers',
  'entries',
  'rollups',
  'late',
  'records',
  'audits',
  'events',
  'deliveries',
  'cards',
  'owned',
  'resumes',
  'meta',
] as const;

export const INSERT_BATCH = `INSERT INTO batches (${BATCH_COLUMNS.join(', ')}) VALUES (${BATCH_COLUMNS.map(() => '?').join(', ')})`;

/** The values of `INSERT_BATCH`. */
export function batchValues(batch: Batch): (string | null)[] {
  return BATCH_COLUMNS.map((column) => {
    const rows = batch[column];
    return rows === undefined || rows.length === 0 ? null : JSON.stringify(rows);
  });
}

export function callRow(seq: number, call: Call): Row {
  const { about } = call;
  return [
    seq,
    call.id,
    call.heldAt,
    call.hold,
    call.owner,
    call.claim,
    call.claimUntil,
    about.workspace,
    about.key,
    about.service,
    about.operation,
    about.reason,
    about.cardVersion,
    call.availableBefore,
    parts(call.parts),
    call.windows,
    call.sources,
    about.more,
    call.limits.length === 0 ? null : call.limits,
    call.passed.length === 0 ? null : call.passed.map(({ cap, mode }) => [cap, mode]),
  ];
}

export function holdRow(seq: number, call: Call): Row {
  const { charge, free, absorbed, ended } = call.onLapse;
  return [seq, call.leaseUntil, call.job, [charge, free, absorbed, ended], call.digest];
}

/** Lease, job and lapse are copied from the hold's row. */
export function endRow(seq: number, call: Call): Row {
  return [
    seq,
    call.state,
    call.charge,
    parts(call.chargedParts),
    call.free,
    call.absorbed,
    call.endedAt,
    call.ended,
    call.availableAfter,
    call.digest,
  ];
}

/** `last`: the id of its last entry. */
export function accountRow({ id, balance, held, entries, chain }: Account, last: number | null): Row {
  return [id, balance, held, entries, chain, last];
}

export function grantRow(grant: Grant): Row {
  const { id, account, kind, amount, priority, effectiveAt, expiresAt, voidedAt, spent, held, ended, reason, by, terms } = grant;
  return [id, account, kind, amount, priority, effectiveAt, expiresAt, voidedAt, spent, held, ended, reason, by, terms];
}

/** What changes of a grant that is on the disk already. */
export function grantChange({ id, voidedAt, spent, held, ended }: Grant): Row {
  return [id, voidedAt, spent, held, ended];
}

export function windowRow({ id, spent, held }: CapWindow): Row {
  return [id, spent, held];
}

export function claimRow({ id, callId, fingerprint, expiresAt, done, answer, digest }: Claim): Row {
  return [id, callId, fingerprint, expiresAt, done ? 1 : 0, answer, digest];
}

export function answerRow({ claim, answer }: { claim: string; answer: StoredAnswer }): Row {
  return [claim, answer.status, answer.headers, answer.body];
}

/** `prev`: the id of the account's entry before it. */
export function entryRow(id: number, prev: number | null, entry: Entry): Row {
  const { account, number, kind, delta, before, after, at, callId, grantId, note, callDigest, hash } = entry;
  return [id, prev, account, number, kind, delta, before, after, at, callId, grantId, parts(entry.parts), note, callDigest, hash];
}

export function rollupRow(row: RollupDelta): Row {
  const { hour, workspace, key, service, operation, reason, calls, charge, free, absorbed } = row;
  return [hour, workspace, key, service, operation, reason, calls, charge, free, absorbed];
}

/** Without its digest, which is over these fields. */
export function lateFields(
  id: number,
  { callId, at, settlement: { charge, free, absorbed, ended } }: Changes['late'][number],
): Row {
  return [id, callId, at, charge, free, absorbed, ended];
}

export function metaFields(name: string, { rows, sum }: Tally, digest: string): Row {
  return [name, rows, sum, digest];
}

function parts(list: readonly Part[]): Row[] {
  return list.map((part) => [part.account, part.grant, part.amount]);
}
