import { afterEach, expect, test } from 'vitest';
import { verify, type Finding } from '../../ledger/verify.ts';
import { sampleStore } from './full-sample.ts';
import { emptyStore, grantOf, holdOf, HOUR_MS, reopen, settlementOf, START, type Sample } from './sample-store.ts';
import { openSnapshot } from './snapshot.ts';

let sample: Sample | undefined;
afterEach(() => sample?.remove());

const settle = (callId: string, charge: number) =>
  ({ type: 'settle', callId, owner: 'p1', settlement: settlementOf(charge, { n: 1 }), answer: null }) as const;

async function findingsOf(file: string, at: number): Promise<Finding[]> {
  const snapshot = await openSnapshot(file);
  const findings = await Array.fromAsync(verify(snapshot, { at, overdueMs: HOUR_MS }));
  await snapshot.close();
  return findings;
}

test('everything that was told is there after the file is opened again', async () => {
  sample = await emptyStore();
  const { ledger, store } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  const held = await ledger.run(holdOf('c1', 300));
  await ledger.run(holdOf('c2', 100));
  await ledger.run(settle('c2', 40));
  const [kept, ended] = [await store.call('c1'), await store.call('c2')];
  if (!held.ok) throw new Error('the hold was refused');
  expect(kept).toEqual(held.call);
  await sample.close();
  const again = await reopen(sample.file);
  expect(await again.store.call('c1')).toEqual(kept);
  expect(await again.ledger.standing({ sources: ['pool:a'] })).toMatchObject({ available: 660, held: 300 });
  expect(await again.ledger.run(settle('c2', 40))).toEqual({ ok: true, call: ended, repeated: true });
  expect(await again.ledger.run(settle('c1', 300))).toMatchObject({
    ok: true,
    repeated: false,
    call: { charge: 300, availableAfter: 660 },
  });
  await again.close();
  expect(await findingsOf(sample.file, START)).toEqual([]);
});

test('a call id that was used before is refused, from memory and from the disk', async () => {
  sample = await emptyStore();
  const { ledger } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  await ledger.run(holdOf('c1', 10));
  await ledger.run(settle('c1', 10));
  const repeated = { ok: false, refusal: 'call_repeated', callId: 'c1' };
  expect(await ledger.run(holdOf('c1', 10))).toEqual(repeated);
  await sample.close();
  const again = await reopen(sample.file);
  const both = await Promise.all([again.ledger.run(holdOf('c2', 10)), again.ledger.run(holdOf('c1', 10))]);
  expect(both).toMatchObject([{ ok: true }, repeated]);
  await again.close();
});

test('a repeat that memory does not know is refused by the table, and the rest of its batch is kept', async () => {
  sample = await emptyStore();
  await sample.close();
  const { ledger, file, close } = await reopen(sample.file, { recentCalls: 2 });
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  for (const id of ['old', 'a', 'b', 'c', 'd']) {
    await ledger.run(holdOf(id, 10));
    await ledger.run(settle(id, 10));
  }
  const outcomes = await Promise.all([ledger.run(holdOf('new', 10)), ledger.run(holdOf('old', 10))]);
  expect(outcomes).toMatchObject([{ ok: true }, { refusal: 'call_repeated' }]);
  expect(await ledger.run(holdOf('next', 10))).toMatchObject({ ok: true });
  await close();
  expect(await findingsOf(file, START)).toEqual([]);
});

test('a hold and its end in one batch', async () => {
  sample = await emptyStore();
  const { ledger, store, file } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  const outcomes = await Promise.all([ledger.run(holdOf('c1', 10)), ledger.run(settle('c1', 4)), ledger.run(holdOf('c2', 5))]);
  expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
  expect(await store.call('c1')).toMatchObject({ state: 'settled', charge: 4 });
  await sample.close();
  expect(await findingsOf(file, START)).toEqual([]);
});

test('what is kept as JSON comes back to the same text, however odd', async () => {
  sample = await emptyStore();
  const { ledger, store, file } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  const odd = {
    z: 1,
    '10': 'x',
    '2': 'y',
    '': null,
    deep: [[{ 'quo"te': '\\ / \u2028 \u0000 \ud800 é 🦊' }]],
    n: [1e21, 1e-9, 0.1, -0, 2 ** 53],
  };
  const hold = holdOf('c1', 10);
  await ledger.run({ ...hold, about: { ...hold.about, more: odd }, onLapse: settlementOf(10, odd) });
  await ledger.run(holdOf('c2', 10));
  await ledger.run({ ...settle('c2', 1), settlement: settlementOf(1, odd) });
  await ledger.run({ type: 'void', grantId: 'g1', reason: '\ud800', by: 'o\0p' });
  expect(JSON.stringify((await store.call('c2'))?.ended)).toBe(JSON.stringify(odd));
  await sample.close();
  expect(await findingsOf(file, START)).toEqual([]);
});

test('lists are newest first, in pages and by filter', async () => {
  sample = await sampleStore();
  const { store, ledger } = sample;
  const first = await store.calls({ limit: 3 });
  expect(first.map(({ id }) => id)).toEqual(['p-2', 'p-1', 'late-1']);
  const next = await store.calls({ limit: 2, before: 'c-298', workspaces: ['main'], operation: 'chat.complete' });
  expect(next.map(({ id }) => id)).toEqual(['c-297', 'c-296']);
  expect((await store.calls({ limit: 9, state: 'open' })).map(({ id }) => id)).toEqual([
    'p-2',
    'c-294',
    'c-293',
    'c-284',
    'c-274',
    'c-264',
    'c-254',
  ]);
  expect(await store.calls({ limit: 9, key: 'nobody' })).toEqual([]);
  expect((await store.entries('pool:b', { limit: 2 })).map(({ number }) => number)).toEqual([
    await last(store, 'pool:b'),
    (await last(store, 'pool:b')) - 1,
  ]);
  expect((await store.grantsOf('pool:b')).map(({ id }) => id).sort()).toEqual(['cor-2', 'g3', 'soon', 'voided']);
  const [sums] = await store.rollups({ from: 0, until: ledger.now(), groupBy: [] });
  const byHour = await store.rollups({ from: 0, until: ledger.now(), groupBy: ['hour', 'operation'] });
  expect(byHour.reduce((calls, row) => calls + row.calls, 0)).toBe(sums?.calls);
  expect(byHour[0]).toMatchObject({ hour: START - (START % HOUR_MS), operation: 'chat.complete' });
  expect(await store.brokenBounds()).toEqual([{ operation: 'chat.complete', cardVersion: 'v1', workspace: 'main' }]);
  expect((await store.openCallOfJob('chat', 'job-294'))?.id).toBe('c-294');
  expect(await store.openCallOfJob('other', 'job-294')).toBeUndefined();
  await sample.close();
});

test('the quantities of recent calls', async () => {
  sample = await emptyStore();
  const { ledger, store } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  for (const tokens of [1, 2, 3]) {
    const hold = holdOf(`c${tokens}`, 10);
    const more = tokens === 3 ? { bounds: { tokens: 30 } } : {};
    await ledger.run({ ...hold, about: { ...hold.about, more } });
    const ended = { measurement: { quantities: { tokens } } };
    await ledger.run({ ...settle(`c${tokens}`, 1), settlement: settlementOf(1, ended) });
  }
  expect(await store.recentQuantities('chat.complete', 'main', 2)).toEqual([
    { quantities: { tokens: 3 }, bounds: { tokens: 30 } },
    { quantities: { tokens: 2 }, bounds: {} },
  ]);
  await sample.close();
});

test('an id belongs to the workspace that made it first; cards are kept', async () => {
  sample = await emptyStore();
  const { store } = sample;
  expect(await store.claimOwned('dune', 'e1', 'one', 'c1', START)).toBe(true);
  expect(await store.claimOwned('dune', 'e1', 'one', 'c1', START)).toBe(true);
  expect(await store.claimOwned('dune', 'e1', 'two', 'c2', START)).toBe(false);
  expect(await store.ownerOf('dune', 'e1')).toBe('one');
  expect(await store.ownerOf('dune', 'e2')).toBeUndefined();
  const card = { version: 'v1', text: 'card: x', file: 'rates.yaml', loadedAt: START };
  await store.putCard(card);
  await store.putCard({ ...card, loadedAt: START + 1 });
  expect(await store.card('v1')).toEqual(card);
  await sample.close();
  expect(await findingsOf(sample.file, START)).toEqual([]);
});

test('claims past their time are forgotten with their answers, and the key is free', async () => {
  sample = await emptyStore();
  const { ledger, store, clock } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  const claim = { id: 'w/o/k', fingerprint: 'f', keepMs: 1_000 };
  await ledger.run(holdOf('c1', 10, { claim }));
  await ledger.run({ ...settle('c1', 1), answer: { status: 200, headers: [['a', 'b']], body: 'aGk=' } });
  expect(await store.answer('w/o/k')).toEqual({ status: 200, headers: [['a', 'b']], body: 'aGk=' });
  expect(await store.forgetClaims(clock.now + 999, 10)).toBe(0);
  clock.now += 1_000;
  expect(await store.forgetClaims(clock.now, 10)).toBe(1);
  expect(await store.answer('w/o/k')).toBeUndefined();
  expect(await ledger.run(holdOf('c2', 10, { claim }))).toMatchObject({ ok: true });
  await sample.close();
  expect(await findingsOf(sample.file, clock.now)).toEqual([]);
});

test('batches and administrative rows take turns', async () => {
  sample = await emptyStore();
  const { ledger, store } = sample;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  const mixed = Array.from({ length: 60 }, (_, index) =>
    index % 2 === 0 ? ledger.run(holdOf(`c${index}`, 1)) : store.claimOwned('dune', `e${index}`, 'w', `c${index}`, START),
  );
  await Promise.all(mixed);
  await sample.close();
  expect(await findingsOf(sample.file, START)).toEqual([]);
});

async function last(store: Sample['store'], account: string): Promise<number> {
  return (await store.entries(account, { limit: 1 }))[0]?.number ?? 0;
}
