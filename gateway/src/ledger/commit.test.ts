import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { openLedger } from './commit.ts';
import type { Command } from './commands.ts';
import { LedgerUnavailable, StaleState, type Changes, type LedgerStore, type State } from './ledger.ts';
import { Overlay } from './overlay.ts';
import { grantFor, holdFor, settleFor } from './teller.ts';

interface FakeStore extends LedgerStore {
  batches: (readonly Command[])[];
  written: Changes[];
  /** Thrown by the next writes, one each. */
  errors: Error[];
  /** Writes wait for this. */
  gate: Promise<void>;
}

function fakeStore(): FakeStore {
  const nothing: State = {
    account: () => undefined,
    grant: () => undefined,
    grants: () => [],
    call: () => undefined,
    window: () => undefined,
    claim: () => undefined,
    correction: () => undefined,
    allowance: () => undefined,
    record: () => undefined,
    lookup: () => undefined,
  };
  const rows = new Overlay(nothing);
  const store: FakeStore = {
    batches: [],
    written: [],
    errors: [],
    gate: Promise.resolve(),
    async load(commands) {
      store.batches.push([...commands]);
      await store.gate;
      return rows;
    },
    async write(changes) {
      await store.gate;
      const error = store.errors.shift();
      if (error !== undefined) throw error;
      store.written.push(changes);
      rows.take(changes);
    },
    lapsed: () => Promise.resolve([]),
    expired: () => Promise.resolve([]),
    answer: () => Promise.resolve(undefined),
  };
  return store;
}

test('commands that queue while a batch is written become one batch, and see each other', async () => {
  const store = fakeStore();
  const { promise, resolve } = Promise.withResolvers<void>();
  store.gate = promise;
  const ledger = openLedger(store, { now: () => 1_000 });
  const first = ledger.run(grantFor('g1', 'pool:a', 100));
  await Promise.resolve();
  await Promise.resolve();
  const rest = Promise.all([ledger.run(holdFor('c1', 60)), ledger.run(holdFor('c2', 60)), ledger.run(holdFor('c3', 40))]);
  resolve();
  expect(await first).toMatchObject({ ok: true });
  expect((await rest).map((outcome) => outcome.ok)).toEqual([true, false, true]);
  expect(store.batches.map((batch) => batch.length)).toEqual([1, 3]);
  expect(store.written[1]?.accounts).toMatchObject([{ balance: 100, held: 100 }]);
});

test('what is of little hurry goes behind the calls, a few at a time, and is not forgotten among them', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  const order: string[] = [];
  const grant = (id: string, later: boolean) => ledger.run(grantFor(id, `pool:${id}`, 1), { later }).then(() => order.push(id));
  const later = Array.from({ length: 40 }, (_, index) => grant(`later-${index}`, true));
  const calls = Array.from({ length: 5 }, (_, index) => grant(`call-${index}`, false));
  await Promise.all([...later, ...calls]);
  expect(store.batches.map((batch) => batch.length)).toEqual([9, 16, 16, 4]);
  expect(order.slice(0, 10)).toEqual([
    ...Array.from({ length: 5 }, (_, n) => `call-${n}`),
    'later-0',
    'later-1',
    'later-2',
    'later-3',
    'later-4',
  ]);
  expect(order).toHaveLength(45);
});

test('nothing is written where nothing changed', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  await ledger.run(settleFor('nobody', 1));
  expect(store.batches.length).toBe(1);
  expect(store.written).toEqual([]);
});

test('a rejected write refuses every command of its batch, keeps the cause, and the next batch works', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  await ledger.run(grantFor('g1', 'pool:a', 100));
  const cause = new Error('disk full');
  store.errors = [cause];
  const ended = await Promise.allSettled([ledger.run(holdFor('c1', 10)), ledger.run(holdFor('c2', 10))]);
  for (const one of ended) {
    expect(one.status).toBe('rejected');
    if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(LedgerUnavailable);
    if (one.status === 'rejected') expect((one.reason as Error).cause).toBe(cause);
  }
  expect(await ledger.run(holdFor('c1', 10))).toMatchObject({ ok: true });
});

test('a bug ends its own command and no other', async () => {
  const ledger = openLedger(fakeStore(), { now: () => 1_000 });
  await ledger.run(grantFor('g1', 'pool:a', 100));
  const broken = ledger.run(holdFor('c1', 10, { sources: ['pool:a', 'pool:a'] }));
  const sound = ledger.run(holdFor('c2', 10));
  await expect(broken).rejects.toThrow('named twice');
  expect(await sound).toMatchObject({ ok: true });
});

test('rows that were not the newest are loaded once more', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  store.errors = [new StaleState('stale')];
  expect(await ledger.run(grantFor('g1', 'pool:a', 100))).toMatchObject({ ok: true, repeated: false });
  expect(store.batches.length).toBe(2);
  store.errors = [new StaleState('stale'), new StaleState('again')];
  await expect(ledger.run(holdFor('c1', 10))).rejects.toBeInstanceOf(LedgerUnavailable);
});

test('the clock never runs backwards', async () => {
  const times = [5_000, 4_000, 6_000];
  const ledger = openLedger(fakeStore(), { now: () => times.shift() ?? 0 });
  expect([ledger.now(), ledger.now(), ledger.now(), ledger.now()]).toEqual([5_000, 5_000, 6_000, 6_000]);
});

test('over a restart neither: it starts at the last moment that the store knows', () => {
  const times = [5_000, 9_000];
  const ledger = openLedger(fakeStore(), { now: () => times.shift() ?? 0, startAt: 7_000 });
  expect([ledger.now(), ledger.now()]).toEqual([7_000, 9_000]);
});

test('a durable batch is told to the gateway before its callers, and one that failed is not', async () => {
  const store = fakeStore();
  const told: string[] = [];
  const ledger = openLedger(store, {
    now: () => 1_000,
    committed: ({ grants }) => told.push(...grants.map(({ id }) => id)),
  });
  await ledger.run(grantFor('g1', 'pool:a', 100)).then(() => told.push('caller'));
  store.errors.push(new Error('disk full'));
  await expect(ledger.run(grantFor('g2', 'pool:a', 100))).rejects.toThrow(LedgerUnavailable);
  await ledger.run(holdFor('c1', 999));
  expect(told).toEqual(['g1', 'caller']);
});

test('a standing has what a hold of nothing would find: expiries, allowances, caps and extra credits, and writes nothing', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  const due = { kind: 'allowance', account: 'user:a/u', seat: null, from: 500, until: 4_000, rollover: null } as const;
  const terms = {
    allowances: [{ ...due, amount: microcredits(80) }],
    extra: { account: 'extra:a', limit: microcredits(50), from: 500, until: 4_000, fee: { perCredit: '1', currency: 'EUR' } },
    bypass: false,
    resetsAt: 4_000,
    until: 4_000,
  };
  const sources = ['user:a/u'];
  const scope = { kind: 'user', id: 'u' };
  const caps = [{ id: 'cap:u', scope, window: 'day', from: 0, until: 9_000, limit: microcredits(200), mode: 'soft' } as const];
  const asked = { sources, caps, terms };
  expect(await ledger.standing(asked)).toMatchObject({
    available: 80,
    sources: [{ account: 'user:a/u', available: 80, grants: [{ id: 'user:a/u@500#0', amount: 80 }] }],
    caps: [{ id: 'cap:u', used: 0, limit: 200, mode: 'soft', resetsAt: 9_000 }],
    extra: { limit: 50, spent: 0, held: 0, left: 50 },
    nextExpiryAt: 4_000,
  });
  expect(store.written).toEqual([]);
  expect(await ledger.run(holdFor('c1', 100, asked))).toMatchObject({ ok: true, available: 0 });
  expect(await ledger.standing(asked)).toMatchObject({
    available: 0,
    held: 80,
    caps: [{ used: 100 }],
    extra: { held: 20, left: 30 },
  });
});

test('standing and rehearsal read what is durable and write nothing', async () => {
  const store = fakeStore();
  let at = 1_000;
  const ledger = openLedger(store, { now: () => at });
  await ledger.run(grantFor('g1', 'pool:a', 100, { expiresAt: 3_000 }));
  await ledger.run(grantFor('g2', 'pool:a', 50));
  await ledger.run(holdFor('c1', 30));
  const standing = await ledger.standing({ sources: ['pool:a'] });
  expect(standing).toMatchObject({ available: 120, held: 30, nextExpiryAt: 3_000 });
  expect(await ledger.rehearse(holdFor('c2', 121))).toMatchObject({ ok: false, available: 120 });
  at = 3_000;
  expect(await ledger.standing({ sources: ['pool:a', 'pool:b'] })).toMatchObject({ available: 50, held: 30, nextExpiryAt: null });
  expect(store.written.length).toBe(3);
});

test('a closed ledger ends what it has taken and takes no more', async () => {
  const ledger = openLedger(fakeStore(), { now: () => 1_000 });
  const last = ledger.run(grantFor('g1', 'pool:a', 100));
  await ledger.close();
  expect(await last).toMatchObject({ ok: true });
  await expect(ledger.run(holdFor('c1', 1))).rejects.toBeInstanceOf(LedgerUnavailable);
});

test('a deep queue goes in halves, of which one is decided while the other is written, and none is let past the balance', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  await ledger.run(grantFor('g1', 'pool:a', 200));
  const outcomes = await Promise.all(Array.from({ length: 400 }, (_, index) => ledger.run(holdFor(`c${index}`, 1))));
  expect(store.batches.map((batch) => batch.length)).toEqual([1, 200, 200]);
  expect(outcomes.map(({ ok }) => ok)).toEqual(Array.from({ length: 400 }, (_, index) => index < 200));
});

test('what was decided on top of a batch that failed is decided anew', async () => {
  const store = fakeStore();
  const ledger = openLedger(store, { now: () => 1_000 });
  await ledger.run(grantFor('g1', 'pool:a', 150));
  store.errors = [new Error('disk full')];
  const outcomes = await Promise.allSettled(Array.from({ length: 400 }, (_, index) => ledger.run(holdFor(`c${index}`, 1))));
  expect(outcomes.slice(0, 200).every(({ status }) => status === 'rejected')).toBe(true);
  const second = outcomes.slice(200).map((one) => one.status === 'fulfilled' && one.value.ok);
  expect(second).toEqual(Array.from({ length: 200 }, (_, index) => index < 150));
  expect((await ledger.standing({ sources: ['pool:a'] })).held).toBe(150);
});

test('a command that comes as the queue runs empty is not forgotten', async () => {
  const ledger = openLedger(fakeStore(), { now: () => 1_000 });
  await ledger.run(grantFor('g1', 'pool:a', 1_000));
  for (let index = 0; index < 300; index += 1) {
    for (let turns = index % 9; turns > 0; turns -= 1) await Promise.resolve();
    expect(await ledger.run(holdFor(`c${index}`, 1))).toMatchObject({ ok: true });
  }
});
