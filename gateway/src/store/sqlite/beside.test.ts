// What is kept beside the money, as the rest of the gateway reads it.
import { microcredits } from '@tollgate/shared/credits';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../../ledger/beside.ts';
import type { Put } from '../../ledger/commands.ts';
import { verify } from '../../ledger/verify.ts';
import { auditOf } from './sample-plans.ts';
import { emptyStore, grantOf, holdOf, HOUR_MS, reopen, START, type Sample } from './sample-store.ts';
import { openSnapshot } from './snapshot.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await emptyStore();
});
afterEach(async () => {
  await sample.close();
  const snapshot = await openSnapshot(sample.file);
  const findings = await Array.fromAsync(verify(snapshot, { at: START, overdueMs: HOUR_MS }));
  await snapshot.close();
  await sample.remove();
  expect(findings).toEqual([]);
});

function put(kind: string, id: string, change: Partial<Put> = {}): Put {
  return { kind, id, organization: id.split('/')[0] ?? '', lookup: null, body: { id }, expects: null, ...change };
}

function write(...puts: Put[]) {
  return sample.ledger.run({ type: 'put', puts, audits: [], events: [] });
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test('records are listed by id, of an organization, by prefix and in pages; those that are gone are not', async () => {
  const { store } = sample;
  await write(...['a/1', 'a/2', 'a/3', 'ab/1', 'b/1'].map((id) => put('seat', id)), put('cap', 'a/1'));
  await write(put('seat', 'a/2', { body: null }));
  expect(idsOf(await store.records('seat', {}))).toEqual(['a/1', 'a/3', 'ab/1', 'b/1']);
  expect(idsOf(await store.records('seat', { prefix: 'a/' }))).toEqual(['a/1', 'a/3']);
  expect(idsOf(await store.records('seat', { organization: 'a', after: 'a/1' }))).toEqual(['a/3']);
  expect(idsOf(await store.records('seat', { limit: 1, after: 'a/3' }))).toEqual(['ab/1']);
  const anns = { body: { user: 'ann' } };
  await write(put('key', 'a/1', anns), put('key', 'a/2'), put('key', 'a/3', anns), put('key', 'b/1', anns));
  expect(idsOf(await store.records('key', { organization: 'a', user: 'ann' }))).toEqual(['a/1', 'a/3']);
  expect(idsOf(await store.records('key', { organization: 'a', user: 'ann', after: 'a/1' }))).toEqual(['a/3']);
  expect(await store.record('seat', 'a/2')).toMatchObject({ body: null, version: 2 });
  expect(await store.record('seat', 'a/4')).toBeUndefined();
});

test('a name that goes from one record to another is found at the new one, within one write and after a restart', async () => {
  const named = (id: string, lookup: string | null) => put('seat', id, { lookup });
  await write(named('a/1', 'ann'), named('a/2', null), named('a/0', 'ben'));
  // The one that gets it is written before the one that gives it, and two swap theirs.
  await write(named('a/1', null), named('a/2', 'ann'));
  await write(named('a/0', null), named('a/2', 'ben'), named('a/0', 'ann'));
  expect(await sample.store.recordByLookup('seat', 'ann')).toMatchObject({ id: 'a/0' });
  expect(await sample.store.recordByLookup('seat', 'ben')).toMatchObject({ id: 'a/2' });
  expect(await write(named('a/1', 'ann'))).toMatchObject({ refusal: 'lookup_taken', by: 'a/0' });
  await write(named('b/1', 'cid'));
  await write(named('b/1', null));
  expect(await write(named('b/2', 'cid'))).toMatchObject({ ok: true });
  await sample.close();
  sample = { ...sample, ...(await reopen(sample.file)) };
  expect(await write(named('a/1', 'ben'))).toMatchObject({ refusal: 'lookup_taken', by: 'a/2' });
  expect(await write(put('seat', 'a/2', { expects: 2 }))).toMatchObject({ refusal: 'record_changed', version: 3 });
  expect(await write(put('seat', 'a/2', { body: null, expects: 3 }), named('a/1', 'ben'))).toMatchObject({ ok: true });
});

test('the audit is read newest first, by organization, action, author and subject, with what was there before and after', async () => {
  const { store, ledger } = sample;
  const odd = { before: 'text', after: [1, { 'quo"te': null }], reason: 'why not' };
  const audits = [
    auditOf('seat.make', 'a/1'),
    auditOf('seat.change', 'a/1', odd),
    auditOf('cap.make', 'c1', { organization: 'b', by: 'k2', user: null, from: '' }),
    auditOf('gateway.start', 'g', { organization: null, before: undefined, after: false }),
  ];
  await ledger.run({ type: 'put', puts: [], audits, events: [] });
  const all = await store.audits({ limit: 9 });
  expect(all.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
  expect(all[2]).toMatchObject({ action: 'seat.change', at: START, ...odd });
  expect(all[0]).toMatchObject({ organization: null, before: null, after: false });
  const numbers = async (filter: object) => (await store.audits({ limit: 9, ...filter })).map(({ number }) => number);
  expect(await numbers({ organization: 'a' })).toEqual([2, 1]);
  expect(await numbers({ organization: 'a', subject: { kind: 'seat', id: 'a/1' }, before: 2 })).toEqual([1]);
  expect(await numbers({ by: 'k2' })).toEqual([3]);
  expect(await numbers({ action: 'seat.change' })).toEqual([2]);
});

test('an event is kept once, in the order of the commits, and read by organization, workspace and type', async () => {
  const { store, ledger } = sample;
  const told = (id: string, organization: string, workspace: string | null, type = 'cap.changed') => {
    const events = [{ id, type, organization, workspace, data: { id } }];
    return ledger.run({ type: 'put', puts: [], audits: [], events });
  };
  // Together, so that some of them are of one batch.
  await Promise.all([told('1', 'a', null), told('2', 'a', 'a/x'), told('1', 'a', null), told('3', 'b', 'b/x')]);
  await told('2', 'a', 'a/x');
  await told('4', 'a', 'a/y', 'seat.changed');
  expect((await store.events({ after: 0, limit: 9 })).map(({ id, number }) => [id, number])).toEqual([
    ['1', 1],
    ['2', 2],
    ['3', 3],
    ['4', 4],
  ]);
  expect(await store.lastEvent()).toBe(4);
  expect(idsOf(await store.events({ organization: 'a', workspace: 'a/x', after: 0, limit: 9 }))).toEqual(['1', '2']);
  expect(idsOf(await store.events({ organization: 'a', after: 1, limit: 1 }))).toEqual(['2']);
  expect(idsOf(await store.events({ types: ['seat.changed'], after: 0, limit: 9 }))).toEqual(['4']);
});

test('deliveries are given out once, tried when they are due, and listed newest first', async () => {
  const { store, ledger } = sample;
  const events = [1, 2, 3].map((id) => ({ id: `${id}`, type: 'cap.changed', organization: 'a', workspace: null, data: {} }));
  await ledger.run({ type: 'put', puts: [], audits: [], events });
  const made = [1, 2, 3].map((event): Delivery => {
    const never = { attempts: 0, lastAt: null, lastStatus: null, lastError: '' };
    return { id: `00000000000${event}.w`, event, webhook: 'w', state: 'waiting', nextAt: START + event, ...never };
  });
  const [one, two, three] = made;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three were made');
  await store.fanOut([one, two], 2);
  expect(await store.fannedOut()).toBe(2);
  const failed: Delivery = { ...one, attempts: 1, nextAt: START + 9, lastAt: START, lastStatus: 500, lastError: 'status 500' };
  // Many at once are one write; the last word on each counts.
  await Promise.all([
    store.putDelivery(failed),
    store.putDelivery({ ...two, state: 'dead', nextAt: null }),
    store.putDelivery(failed),
  ]);
  // Whoever gives out anew, after a crash, does not undo what was tried meanwhile.
  await store.fanOut(made, 3);
  expect(idsOf(await store.dueDeliveries(START + 3, 9))).toEqual([three.id]);
  expect(idsOf(await store.dueDeliveries(START + 9, 9))).toEqual([three.id, one.id]);
  expect(await store.delivery(one.id)).toEqual(failed);
  expect(idsOf(await store.deliveries({ webhook: 'w', limit: 2 }))).toEqual([three.id, two.id]);
  expect(idsOf(await store.deliveries({ webhook: 'w', before: three.id, limit: 9 }))).toEqual([two.id, one.id]);
  expect(idsOf(await store.deliveries({ webhook: 'w', state: 'dead', limit: 9 }))).toEqual([two.id]);
  expect(await store.deliveries({ webhook: 'x', limit: 9 })).toEqual([]);
});

test('a sweep finds accounts whose period has ended, page by page, and no seats', async () => {
  const { store, ledger } = sample;
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
    const until = START + (name === 'd' ? 99 : 1);
    const period = { from: START - 100, until, rollover: null, amount: microcredits(5) };
    const allowance = { kind: 'allowance', account: `user:o/${name}`, seat: `seat:o/${index}`, ...period } as const;
    await ledger.run({ type: 'allow', allowance });
  }
  expect(await store.endedAllowances(START, 9)).toEqual([]);
  const first = await store.endedAllowances(START + 1, 2);
  expect(idsOf(first)).toEqual(['user:o/a', 'user:o/b']);
  expect(idsOf(await store.endedAllowances(START + 1, 2, first[1]))).toEqual(['user:o/c']);
});

test('open holds of a workspace, and the last moment of the store', async () => {
  const { store, ledger, clock } = sample;
  expect(await store.lastAt()).toBe(0);
  await ledger.run(grantOf('g', 'pool:a', 100));
  clock.now += 5;
  await ledger.run(holdOf('c1', 10));
  await ledger.run(holdOf('c2', 10));
  await ledger.run({ type: 'release', callId: 'c1', owner: 'p1', reason: 'refused', ended: {} });
  expect(await store.openHolds('main')).toBe(1);
  expect(await store.openHolds('other')).toBe(0);
  expect(await store.lastAt()).toBe(START + 5);
});
