import { afterEach, expect, test } from 'vitest';
import type { HoldCommand } from '../../ledger/commands.ts';
import { emptyStore, grantOf, holdOf, HOUR_MS, settlementOf, START, type Sample } from './sample-store.ts';

let sample: Sample;
afterEach(async () => {
  await sample.close();
  await sample.remove();
});

/** A call in this workspace that ends with this charge. */
async function charge(callId: string, workspace: string, amount: number, change: Partial<HoldCommand> = {}): Promise<void> {
  const hold = holdOf(callId, Math.max(amount, 1), change);
  await sample.ledger.run({ ...hold, about: { ...hold.about, workspace } });
  await sample.ledger.run({ type: 'settle', callId, owner: hold.owner, settlement: settlementOf(amount, {}), answer: null });
}

async function told(after: number, organizations?: string[]): Promise<[number, string][]> {
  const upTo = await sample.store.lastEntry();
  const found = await sample.store.charged({ after, upTo, ...(organizations === undefined ? {} : { organizations }) });
  return found.map(({ entry, call }) => [entry, call.id]);
}

test('charged calls come in the order of their entries, each once, at its first entry', async () => {
  sample = await emptyStore();
  const { ledger, store } = sample;
  expect(await store.lastEntry()).toBe(0);
  await ledger.run(grantOf('g1', 'pool:a', 100));
  await ledger.run(grantOf('g2', 'pool:b', 100));
  await charge('c1', 'a/main', 10);
  await charge('free', 'a/main', 0);
  // Two accounts, and so two entries: 4 and 5.
  await charge('c2', 'a/main', 95, { sources: ['pool:a', 'pool:b'] });
  await charge('c3', 'b/main', 5, { sources: ['pool:b'] });
  expect(await store.lastEntry()).toBe(6);
  expect(await told(0)).toEqual([
    [3, 'c1'],
    [4, 'c2'],
    [6, 'c3'],
  ]);
  // Who has seen the first entry of a call has seen the call, also where a look ends between its entries.
  expect(await told(4)).toEqual([[6, 'c3']]);
  expect((await store.charged({ after: 3, upTo: 4 })).map(({ call }) => call.id)).toEqual(['c2']);
  expect((await store.charged({ after: 4, upTo: 5 })).map(({ call }) => call.id)).toEqual([]);
  expect(await told(6)).toEqual([]);
});

test('only calls of these organizations', async () => {
  sample = await emptyStore();
  await sample.ledger.run(grantOf('g1', 'pool:a', 100));
  for (const workspace of ['acme/main', 'acme-2/main', 'umbrella/main']) await charge(workspace, workspace, 1);
  expect((await told(0, ['acme'])).map(([, id]) => id)).toEqual(['acme/main']);
  expect((await told(0, ['acme', 'umbrella'])).map(([, id]) => id)).toEqual(['acme/main', 'umbrella/main']);
  expect(await told(0, [])).toEqual([]);
});

test("charges by hour are one organization's own, from the hour to before the other", async () => {
  sample = await emptyStore();
  const { clock, ledger, store } = sample;
  const first = Math.ceil(START / HOUR_MS) * HOUR_MS;
  await ledger.run(grantOf('g1', 'pool:a', 1_000));
  for (let hour = 0; hour < 4; hour += 1) {
    clock.now = first + hour * HOUR_MS + 1;
    await charge(`own-${hour}`, 'acme/main', 10 + hour);
    await charge(`lab-${hour}`, 'acme/lab', 100);
    await charge(`other-${hour}`, 'acme-2/main', 7);
  }
  expect(await store.hourlyCharges('acme', { from: first + HOUR_MS, until: first + 3 * HOUR_MS })).toEqual([
    { hour: first + HOUR_MS, charge: 111 },
    { hour: first + 2 * HOUR_MS, charge: 112 },
  ]);
  // A range that begins within an hour begins with the next one.
  expect(await store.hourlyCharges('acme', { from: first + 1, until: first + 2 * HOUR_MS })).toEqual([
    { hour: first + HOUR_MS, charge: 111 },
  ]);
  expect(await store.hourlyCharges('nobody', { from: first, until: first + 3 * HOUR_MS })).toEqual([]);
  expect(await store.hourlyCharges('acme', { from: first, until: first })).toEqual([]);
});
