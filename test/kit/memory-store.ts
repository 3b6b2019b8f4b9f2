// A store that keeps its rows in maps: for tests of the ledger where no disk is wanted. It is as strict as a database would be:
// what can not be (an entry that does not follow from the one before, a call that ends twice) is refused with an error.
import assert from 'node:assert/strict';
import type { StoredAnswer } from '../../gateway/src/ledger/commands.ts';
import type { Changes, LedgerStore, State } from '../../gateway/src/ledger/ledger.ts';
import type {
  Account,
  Allowance,
  Call,
  CapWindow,
  Claim,
  Entry,
  Grant,
  LedgerEvent,
  RollupDelta,
  StoredRecord,
} from '../../gateway/src/ledger/rows.ts';

export interface Rows {
  accounts: Map<string, Account>;
  grants: Map<string, Grant>;
  calls: Map<string, Call>;
  windows: Map<string, CapWindow>;
  claims: Map<string, Claim>;
  answers: Map<string, StoredAnswer>;
  entries: Entry[];
  rollups: RollupDelta[];
  late: Changes['late'];
  allowances: Map<string, Allowance>;
  /** By kind and id. */
  records: Map<string, StoredRecord>;
  audits: Changes['audits'];
  /** By id. */
  events: Map<string, LedgerEvent>;
}

export interface MemoryStore extends LedgerStore {
  rows: Rows;
  /** What goes wrong with writes: `lost` before anything was written, `unheard` after all of it was. Set by a test. */
  fault: 'none' | 'lost' | 'unheard';
}

/** Every row is frozen when it is written, so that an engine that changed what it was given would throw. */
export function openMemoryStore(): MemoryStore {
  const rows: Rows = {
    accounts: new Map(),
    grants: new Map(),
    calls: new Map(),
    windows: new Map(),
    claims: new Map(),
    answers: new Map(),
    entries: [],
    rollups: [],
    late: [],
    allowances: new Map(),
    records: new Map(),
    audits: [],
    events: new Map(),
  };
  const store: MemoryStore = {
    rows,
    fault: 'none',
    load: () => Promise.resolve(stateOf(rows)),
    write: (changes) => {
      if (store.fault !== 'lost') write(rows, changes);
      return store.fault === 'none' ? Promise.resolve() : Promise.reject(new Error('the disk did not answer'));
    },
    lapsed: (at, most) => {
      const late = [...rows.calls.values()].filter((call) => call.state === 'open' && call.leaseUntil <= at);
      return Promise.resolve(
        late
          .sort((a, b) => a.leaseUntil - b.leaseUntil)
          .map((call) => call.id)
          .slice(0, most),
      );
    },
    expired: (at, most) => {
      const due = [...rows.grants.values()].filter(
        (grant) => grant.expiresAt !== null && grant.expiresAt <= at && freeOf(grant) > 0,
      );
      return Promise.resolve([...new Set(due.map((grant) => grant.account))].slice(0, most));
    },
    answer: (claim) => Promise.resolve(rows.answers.get(claim)),
  };
  return store;
}

function stateOf(rows: Rows): State {
  return {
    account: (id) => rows.accounts.get(id),
    grant: (id) => rows.grants.get(id),
    grants: (account) =>
      [...rows.grants.values()].filter((one) => one.account === account && one.spent + one.ended < one.amount).sort(burns),
    call: (id) => rows.calls.get(id),
    window: (id) => rows.windows.get(id),
    claim: (id) => rows.claims.get(id),
    correction: (id) => rows.entries.find((entry) => entry.kind === 'correct' && entry.grantId === id),
    allowance: (id) => rows.allowances.get(id),
    record: (kind, id) => rows.records.get(`${kind} ${id}`),
    lookup: (kind, lookup) => [...rows.records.values()].find((one) => one.kind === kind && one.lookup === lookup)?.id,
  };
}

/** Priority, earlier expiry, earlier effective, id. */
function burns(a: Grant, b: Grant): number {
  const byEnd = (a.expiresAt ?? Number.MAX_SAFE_INTEGER) - (b.expiresAt ?? Number.MAX_SAFE_INTEGER);
  return a.priority - b.priority || byEnd || a.effectiveAt - b.effectiveAt || (a.id < b.id ? -1 : 1);
}

function freeOf(grant: Grant): number {
  return grant.amount - grant.spent - grant.ended - grant.held;
}

function write(rows: Rows, changes: Changes): void {
  for (const entry of changes.entries) {
    const last = rows.entries.findLast((one) => one.account === entry.account);
    assert.equal(entry.number, (last?.number ?? 0) + 1, 'entries are numbered without a gap');
    assert.equal(entry.before, last?.after ?? 0, 'an entry starts where the one before it ended');
    assert.equal(entry.after, entry.before + entry.delta, 'after = before + delta');
    rows.entries.push(frozen(entry));
  }
  for (const grant of changes.grants) {
    assert(grant.spent >= 0 && grant.ended >= 0 && grant.held >= 0 && freeOf(grant) >= 0, `grant ${grant.id} adds up`);
    rows.grants.set(grant.id, frozen(grant));
  }
  for (const call of changes.calls) {
    assert((rows.calls.get(call.id)?.state ?? 'open') === 'open', `call ${call.id} ends once`);
    rows.calls.set(call.id, frozen(call));
  }
  for (const account of changes.accounts) rows.accounts.set(account.id, frozen(account));
  for (const window of changes.windows) rows.windows.set(window.id, frozen(window));
  for (const claim of changes.claims) rows.claims.set(claim.id, frozen(claim));
  assert.equal(new Set(changes.answers.map(({ claim }) => claim)).size, changes.answers.length, 'one answer for a claim');
  for (const { claim, answer } of changes.answers) rows.answers.set(claim, frozen(answer));
  // A key that is used anew, after its time, must not bring back what its first call was answered.
  for (const claim of changes.claims) if (rows.claims.get(claim.id)?.answer === '') rows.answers.delete(claim.id);
  for (const claim of changes.claimsGone) {
    rows.claims.delete(claim);
    rows.answers.delete(claim);
  }
  for (const { claim } of changes.answers)
    assert(rows.claims.get(claim)?.answer, `the answer of ${claim} has no claim that keeps it`);
  rows.rollups.push(...changes.rollups);
  rows.late.push(...changes.late);
  for (const row of changes.allowances) {
    const before = rows.allowances.get(row.id);
    assert(before === undefined || before.from < row.from || before.granted <= row.granted, `allowance ${row.id} only grows`);
    rows.allowances.set(row.id, frozen(row));
  }
  for (const row of changes.records) {
    const before = rows.records.get(`${row.kind} ${row.id}`);
    assert(row.version > (before?.version ?? 0), `record ${row.kind} ${row.id} goes on from its version`);
    rows.records.set(`${row.kind} ${row.id}`, frozen(row));
  }
  const lookups = [...rows.records.values()].flatMap(({ kind, lookup }) => (lookup === null ? [] : [`${kind} ${lookup}`]));
  assert.equal(new Set(lookups).size, lookups.length, 'one record for another name');
  for (const row of changes.audits) rows.audits.push(frozen(row));
  for (const row of changes.events) if (!rows.events.has(row.id)) rows.events.set(row.id, frozen(row));
}

function frozen<T extends object>(row: T): T {
  for (const value of Object.values(row))
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) frozen(value);
  return Object.freeze(row);
}
