// Makes what the model and the ledger say comparable, and names the first place where they differ.
import type { Call, Claim, Entry, LedgerEvent, RollupDelta, StoredRecord } from '../../gateway/src/ledger/rows.ts';
import type { Rows } from '../kit/memory-store.ts';
import { grantedIn } from './allow.ts';
import type { Books } from './books.ts';
import { accountOf, heldOf } from './grants.ts';
import { seenIn } from './windows.ts';

/** Hashes are checked on their own, words for people are not part of a rule. */
const LEFT_OUT = new Set(['hash', 'digest', 'callDigest', 'chain', 'message', 'place', 'note']);

/** Bigints as numbers, without the fields that the model does not know. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const told: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) if (!LEFT_OUT.has(name)) told[name] = plain(inner);
  return told;
}

/** Where two plain values first differ, as `path: expected …, got …`; undefined where they are the same. */
export function difference(expected: unknown, got: unknown, above: string, below = ''): string | undefined {
  if (Object.is(expected, got)) return undefined;
  const path = below === '' ? above : `${above}.${below}`;
  if (typeof expected !== 'object' || typeof got !== 'object' || expected === null || got === null) {
    return `${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`;
  }
  const [left, right] = [expected as Record<string, unknown>, got as Record<string, unknown>];
  for (const name of Object.keys(left)) {
    const found = difference(left[name], right[name], path, name);
    if (found !== undefined) return found;
  }
  for (const name of Object.keys(right)) {
    const found = name in left ? undefined : difference(undefined, right[name], path, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every row of the model, by id. Rows that say nothing (an account without entries, a window that saw nothing) are left out. */
export function rowsOfModel(books: Books): unknown {
  const names = new Set([...books.grants.map((grant) => grant.account), 'absorbed']);
  const accounts = [...names].map((name) => accountOf(books, name)).filter((account) => account.entries > 0);
  const windows = [...new Set(books.calls.flatMap((call) => call.windows))].map((id) => ({ id, ...seenIn(books, id) }));
  return plain({
    accounts: byId(accounts),
    grants: byId(books.grants.map((grant) => ({ ...grant, held: heldOf(books, grant.id) }))),
    calls: byId(books.calls),
    windows: byId(windows.filter((window) => window.spent !== 0n || window.held !== 0n)),
    claims: byId(books.claims.map((claim) => ({ ...claim, answer: books.answers.has(claim.id) }))),
    answers: Object.fromEntries(books.answers),
    entries: byAccount(books.entries),
    rollups: byHour(books.rollups),
    late: books.late,
    allowances: byId(books.periods.map((period) => ({ ...period, granted: grantedIn(books, period) }))),
    records: byKind(books.records),
    audits: books.audits,
    events: byId(books.events.map(eventOf)),
  });
}

/** The same of a store. */
export function rowsOfStore(rows: Rows): unknown {
  return plain({
    accounts: byId([...rows.accounts.values()].filter((account) => account.entries > 0)),
    grants: byId([...rows.grants.values()]),
    calls: byId([...rows.calls.values()]),
    windows: byId([...rows.windows.values()].filter((window) => window.spent !== 0 || window.held !== 0)),
    claims: byId([...rows.claims.values()].map(claimOf)),
    answers: Object.fromEntries(rows.answers),
    entries: byAccount(rows.entries),
    rollups: byHour(rows.rollups),
    late: rows.late,
    allowances: byId([...rows.allowances.values()]),
    records: byKind([...rows.records.values()]),
    audits: rows.audits,
    events: byId([...rows.events.values()].map(eventOf)),
  });
}

/** What is told of a grant beside its id is words for people; what is told of a crossing is figures. */
function eventOf({ id, type, organization, workspace, at, data }: LedgerEvent) {
  const ofGrant = type.startsWith('grant.') || type === 'cycle.turned';
  return { id, type, organization, workspace, at, data: ofGrant ? null : data };
}

function byKind(records: readonly StoredRecord[]): Record<string, StoredRecord> {
  return Object.fromEntries(records.map((record) => [`${record.kind} ${record.id}`, record]));
}

/** Whether an answer is kept stands for its digest. */
function claimOf({ answer, ...claim }: Claim) {
  return { ...claim, answer: answer !== '' };
}

function byId<T extends { id: Call['id'] }>(rows: readonly T[]): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

function byAccount<T extends { account: Entry['account']; number: number }>(entries: readonly T[]): Record<string, T> {
  return Object.fromEntries(entries.map((entry) => [`${entry.account} ${entry.number}`, entry]));
}

/** Added up by hour and names, as a store does. */
function byHour(deltas: readonly RollupDelta[]): Record<string, number[]> {
  const sums: Record<string, number[]> = {};
  for (const { calls, charge, free, absorbed, ...names } of deltas) {
    const name = [names.hour, names.workspace, names.key, names.service, names.operation, names.reason].join(' ');
    const before = sums[name] ?? [0, 0, 0, 0];
    sums[name] = [calls, charge, free, absorbed].map((value, index) => value + (before[index] ?? 0));
  }
  return sums;
}
