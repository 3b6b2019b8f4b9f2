// The ledger over a SQLite file, with every row read back through what the store offers, after verify found nothing in it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microcredits } from '@tollgate/shared/credits';
import type { AuditRow } from '../../gateway/src/ledger/beside.ts';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import type { CapCheck, Command, HoldCommand } from '../../gateway/src/ledger/commands.ts';
import type { RollupDelta } from '../../gateway/src/ledger/rows.ts';
import { verify } from '../../gateway/src/ledger/verify.ts';
import { connect } from '../../gateway/src/store/sqlite/connection.ts';
import type { RollupSum } from '../../gateway/src/store/sqlite/lists.ts';
import { openSnapshot } from '../../gateway/src/store/sqlite/snapshot.ts';
import { openSqliteStore } from '../../gateway/src/store/sqlite/sqlite-store.ts';
import type { SqliteStore } from '../../gateway/src/store/sqlite/sqlite-store.ts';
import type { Rows } from '../kit/memory-store.ts';
import { KEYS } from './generate.ts';
import { LOOKUPS, RECORDS } from './generate-records.ts';
import type { Subject } from './play.ts';
import { ACCOUNTS, ALLOWANCES } from './world.ts';

/** A fresh file in a temporary folder that goes with the subject. */
export async function onSqlite(now: () => number): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-model-'));
  return await openIn(folder, now);
}

async function openIn(folder: string, now: () => number): Promise<Subject> {
  const store = await openSqliteStore(join(folder, 'ledger.db'), { now });
  // Small batches, so that what comes at once is spread over several of them.
  const ledger = openLedger(store, { now, startAt: await store.lastAt(), batchMost: 5 });
  const stop = async () => {
    await ledger.close();
    await store.close();
  };
  return {
    ledger,
    store,
    rows: async () => {
      const findings = await findingsOf(store.file, ledger.now());
      if (findings.length > 0) throw new Error(`verify finds: ${findings.join('; ')}`);
      const rows = await rowsOf(store);
      await checkPeriods(store, rows, ledger.now());
      return rows;
    },
    restart: async () => {
      await stop();
      return await openIn(folder, now);
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** What verify says of the file; holds may be open as long as they like here, because nothing sweeps. */
async function findingsOf(file: string, at: number): Promise<string[]> {
  const snapshot = await openSnapshot(file);
  const findings: string[] = [];
  for await (const { table, id, problem } of verify(snapshot, { at, overdueMs: Infinity }))
    findings.push(`${table} ${id}: ${problem}`);
  await snapshot.close();
  return findings;
}

const ALL = 1_000_000;

async function rowsOf(store: SqliteStore): Promise<Rows> {
  const calls = await store.calls({ limit: ALL });
  const windows = new Set(calls.flatMap((call) => call.windows));
  const expires = ACCOUNTS.map((account): Command => ({ type: 'expire', account }));
  const state = await store.load([...expires, ...asks([...windows]), ...ALLOWANCES.map(askOfAllowance)]);
  const each = <T extends { id: string }>(rows: readonly (T | undefined)[]) => {
    return new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row] as const])));
  };
  const entries = await Promise.all(ACCOUNTS.map((account) => store.entries(account, { limit: ALL })));
  const grants = await Promise.all(ACCOUNTS.map((account) => store.grantsOf(account)));
  const answers = await Promise.all(KEYS.map(async (key) => [key, await store.answer(key)] as const));
  const groupBy = ['hour', 'workspace', 'key', 'service', 'operation', 'reason'] as const;
  const rollups = await store.rollups({ from: 0, until: Number.MAX_SAFE_INTEGER, groupBy });
  return {
    accounts: each(ACCOUNTS.map((account) => state.account(account))),
    grants: each(grants.flat()),
    calls: each(calls),
    windows: each([...windows].map((id) => state.window(id))),
    claims: each(KEYS.map((key) => state.claim(key))),
    answers: new Map(answers.flatMap(([key, answer]) => (answer === undefined ? [] : [[key, answer] as const]))),
    entries: entries.flatMap((newestFirst) => newestFirst.toReversed()),
    rollups: rollups.map(deltaOf),
    late: await lateOf(store.file),
    allowances: each(ALLOWANCES.map((id) => state.allowance(id))),
    records: await recordsOf(store),
    audits: (await store.audits({ limit: ALL })).toReversed().map(auditOf),
    events: each(await store.events({ after: 0, limit: ALL })),
  };
}

function auditOf(row: AuditRow): Rows['audits'][0] {
  const { by, user, from, organization, action, subject, before, after, reason, at } = row;
  return { by, user, from, organization, action, subject, before, after, reason, at };
}

/** Every record by its id, each of which must also be found by its other name, and by no name that it does not have. */
async function recordsOf(store: SqliteStore): Promise<Rows['records']> {
  const found = await Promise.all(RECORDS.map(({ kind, id }) => store.record(kind, id)));
  const records = found.flatMap((record) => record ?? []);
  for (const { kind, lookup } of LOOKUPS) {
    const named = records.find((record) => record.kind === kind && record.lookup === lookup);
    const got = await store.recordByLookup(kind, lookup);
    if (named?.id !== got?.id) throw new Error(`${kind} ${lookup} finds ${got?.id}, and ${named?.id} has that name`);
  }
  return new Map(records.map((record) => [`${record.kind} ${record.id}`, record]));
}

/** What a sweep asks of periods and holds has to be what the rows say. */
async function checkPeriods(store: SqliteStore, rows: Rows, at: number): Promise<void> {
  const over = [...rows.allowances.values()].filter((one) => one.until <= at && !one.id.startsWith('seat:')).map((one) => one.id);
  const found = (await store.endedAllowances(at, ALL)).map((one) => one.id);
  assert.deepEqual(found.toSorted(), over.toSorted(), 'allowances whose period has ended');
  const open = [...rows.calls.values()].filter((call) => call.state === 'open' && call.about.workspace === 'a/w1');
  assert.equal(await store.openHolds('a/w1'), open.length, 'open holds of a workspace');
}

function deltaOf(sum: RollupSum): RollupDelta {
  return { hour: 0, workspace: '', key: '', service: '', operation: '', reason: '', ...sum };
}

/** Holds that name these windows and every key, so that a store gives their rows. They are never run. */
function asks(windows: readonly string[]): HoldCommand[] {
  const zero = microcredits(0);
  const caps = windows.map((id): CapCheck => {
    const [name = '', from] = id.split('@');
    return { id: name, scope: { kind: '', id: '' }, window: '', from: Number(from), until: null, limit: zero };
  });
  const about = { workspace: '', key: '', service: '', operation: '', reason: '', cardVersion: '', more: {} };
  const onLapse = { charge: zero, free: zero, absorbed: zero, ended: {} };
  const rest = { amount: zero, sources: [], caps, owner: '', leaseMs: 1, about, onLapse };
  const askOf = (id: string): HoldCommand => ({
    type: 'hold',
    callId: 'asked',
    claim: { id, fingerprint: '', keepMs: 1 },
    ...rest,
  });
  return KEYS.map(askOf);
}

/** What a sweep would ask, so that a store gives the row. It is never run. */
function askOfAllowance(id: string): Command {
  const due = { account: id, seat: null, amount: microcredits(1), from: 0, until: 1, rollover: null };
  return { type: 'allow', allowance: { kind: 'allowance', ...due } };
}

/** Nothing lists late settles yet but the one who reconciles, so the table itself is read. */
async function lateOf(file: string): Promise<Rows['late']> {
  const reader = await connect(file, 'read', 1_000);
  const rows = await reader.all('SELECT call_id, at, charge, free, absorbed, ended FROM late_settles ORDER BY id');
  await reader.close();
  const amount = (value: unknown) => microcredits(Number(value));
  return rows.map(({ call_id: callId, at, charge, free, absorbed, ended }) => {
    const amounts = { charge: amount(charge), free: amount(free), absorbed: amount(absorbed) };
    return {
      callId: `${callId}`,
      at: Number(at),
      settlement: { ...amounts, ended: JSON.parse(`${ended}`) as Record<string, unknown> },
    };
  });
}
