// A store with some of everything in it, for tests: open, settled, released, lapsed and parked calls, every kind of entry, caps, claims
// with and without an answer, late settles, keys, cards and owned ids. Always the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { openLedger } from '../../ledger/commit.ts';
import type { HoldCommand, Settlement } from '../../ledger/commands.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { openSqliteStore, type SqliteOptions, type SqliteStore } from './sqlite-store.ts';

export const HOUR_MS = 3_600_000;
export const START = 1_763_600_400_000;

export interface Sample {
  file: string;
  store: SqliteStore;
  ledger: Ledger;
  clock: { now: number };
  /** Closes ledger and store; the file stays. */
  close(): Promise<void>;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** An empty store in a folder of its own. */
export async function emptyStore(): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-store-'));
  const file = join(folder, 'ledger.db');
  return { ...(await reopen(file)), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Opens a file again, with a clock of its own. */
export async function reopen(file: string, options: Partial<SqliteOptions> = {}): Promise<Omit<Sample, 'remove'>> {
  const clock = { now: START };
  const store = await openSqliteStore(file, { now: () => clock.now, ...options });
  const ledger = openLedger(store, { now: () => clock.now });
  const close = async (): Promise<void> => {
    await ledger.close();
    await store.close();
  };
  return { file, store, ledger, clock, close };
}

/** Some hundred calls. */
export async function sampleStore(): Promise<Sample> {
  const sample = await emptyStore();
  const { ledger, clock } = sample;
  await giveGrants(ledger);
  for (let index = 0; index < 300; index += 1) {
    clock.now += 50_000;
    await oneCall(ledger, index);
  }
  await ledger.run({ type: 'void', grantId: 'voided', reason: 'given by mistake', by: 'op' });
  await ledger.run({
    type: 'correct',
    id: 'cor-1',
    account: 'pool:a',
    amount: microcredits(-5),
    callId: 'c-004',
    reason: 'typo',
    by: 'op',
  });
  await ledger.run({
    type: 'correct',
    id: 'cor-2',
    account: 'pool:b',
    amount: microcredits(7),
    callId: null,
    reason: 'sorry',
    by: 'op',
  });
  await ledger.run({ type: 'expire', account: 'pool:b' });
  await administrativeRows(sample);
  return sample;
}

export function grantOf(id: string, account: string, amount: number, expiresAt: number | null = null) {
  const content = {
    kind: 'top-up',
    amount: microcredits(amount),
    priority: 1,
    effectiveAt: null,
    expiresAt,
    reason: 'sample',
    by: 'op',
  } as const;
  return { type: 'grant', id, account, ...content } as const;
}

export function holdOf(callId: string, amount: number, change: Partial<HoldCommand> = {}): HoldCommand {
  const onLapse = settlementOf(amount, { end: 'unknown' });
  return {
    type: 'hold',
    callId,
    amount: microcredits(amount),
    sources: ['pool:a'],
    caps: [],
    owner: 'p1',
    leaseMs: 30_000,
    claim: null,
    about: {
      workspace: 'main',
      key: 'k1',
      service: 'chat',
      operation: 'chat.complete',
      reason: 'Chats',
      cardVersion: 'v1',
      more: { path: '/x' },
    },
    onLapse,
    ...change,
  };
}

export function settlementOf(charge: number, ended: Record<string, unknown> = {}): Settlement {
  return { charge: microcredits(charge), free: ZERO, absorbed: ZERO, ended };
}

async function giveGrants(ledger: Ledger): Promise<void> {
  await ledger.run(grantOf('g1', 'pool:a', 4_000));
  await ledger.run(grantOf('g2', 'pool:a', 1_000_000));
  await ledger.run(grantOf('soon', 'pool:b', 500, START + HOUR_MS));
  await ledger.run(grantOf('g3', 'pool:b', 1_000_000, START + 1_000 * HOUR_MS));
  await ledger.run(grantOf('voided', 'pool:b', 333));
}

/** The kind of call goes with its number, so that there are many of each. */
async function oneCall(ledger: Ledger, index: number): Promise<void> {
  const callId = `c-${String(index).padStart(3, '0')}`;
  const cap = { id: 'cap', scope: { kind: 'key', id: 'k1' }, window: 'hour', limit: microcredits(1_000_000) };
  const from = ledger.now() - (ledger.now() % HOUR_MS);
  await ledger.run(
    holdOf(callId, 100 + index, {
      leaseMs: HOUR_MS,
      sources: index % 3 === 0 ? ['pool:b', 'pool:a'] : ['pool:a'],
      caps: index % 2 === 0 ? [{ ...cap, from, until: from + HOUR_MS }] : [],
      claim: index % 5 === 0 ? { id: `main/chat/${callId}`, fingerprint: `f${index}`, keepMs: 24 * HOUR_MS } : null,
    }),
  );
  const end = { callId, owner: 'p1' };
  const kind = index % 10;
  if (index > 290 && kind === 3) return;
  if (index > 250 && kind === 4) {
    const onLapse = settlementOf(10, { end: 'deadline' });
    await ledger.run({ type: 'renew', callIds: [callId], owner: 'p1', leaseMs: HOUR_MS * 5, job: `job-${index}`, onLapse });
  } else if (kind === 7) {
    await ledger.run({ type: 'release', ...end, reason: 'refused', ended: index % 20 === 7 ? { counted: true } : {} });
  } else {
    const settlement = {
      ...settlementOf(index % 4 === 1 ? 0 : 50 + index, { flags: kind === 8 ? ['bound_broken'] : [] }),
      free: microcredits(index % 2),
    };
    const absorbed = microcredits(kind === 8 ? 3 : 0);
    const answer = index % 25 === 0 ? { status: 200, headers: [['content-type', 'text/plain'] as const], body: 'aGk=' } : null;
    await ledger.run({ type: 'settle', ...end, settlement: { ...settlement, absorbed }, answer });
  }
}

async function administrativeRows({ ledger, store, clock }: Sample): Promise<void> {
  await ledger.run(holdOf('late-1', 40, { leaseMs: 1_000 }));
  clock.now += 1_000;
  await ledger.run({ type: 'lapse', callId: 'late-1' });
  await ledger.run({ type: 'settle', callId: 'late-1', owner: 'p1', settlement: settlementOf(20, { late: true }), answer: null });
  const key = {
    prefix: 'tg_spend_abcd',
    name: 'one',
    scope: 'spend',
    organization: 'a',
    workspace: 'a/main',
    contexts: [],
    user: null,
    service: null,
    limits: { perMinute: null, concurrent: null },
    bypass: false,
    labels: { team: 'x' },
  } as const;
  const dates = { createdAt: START, expiresAt: null, revokedAt: null, replaces: null };
  await store.putKey({ ...key, ...dates, id: 'k1', hash: 'h1', caps: [{ window: 'day', limit: microcredits(5) }] });
  await store.putKey({ ...key, ...dates, id: 'k2', hash: 'h2', caps: [] });
  await store.putKey({ ...key, ...dates, id: 'k2', hash: 'h2', caps: [], revokedAt: START + 5 });
  await store.putCard({ version: 'v1', text: 'card: acme', file: 'rates.yaml', loadedAt: START });
  await store.claimOwned('dune', 'exec-1', 'main', 'c-000', START);
  await store.putResume('query.execute', START);
}
