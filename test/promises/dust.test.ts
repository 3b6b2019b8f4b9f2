// What people know of Dust's credits, as promises of this gateway.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';

const PLANS = `plans:
  dust:
    every: month
    cycle: anniversary
    pool: 1000
    seats:
      free: { lifetime: 500, draw: [individual] }
      pro: { allowance: 8000, price: 29 USD }
      max: { allowance: 40000, price: 99 USD }
    draw: [individual, pool, extra]
    extra: { fee: 0.01 USD }
`;

let town: Town;
beforeEach(async () => {
  town = await startTown(PLANS, '2026-01-31T09:00:00Z');
  await town.done('PATCH', 'organizations/acme', { plan: 'dust', anchor: '2026-01-31' });
});
afterEach(() => town.kit.close());

const own = (who: string): Promise<number> => town.available(who, 'individual');
const statusOf = async (who: string, credits: number): Promise<number> => (await town.spend(who, credits)).status;
const seat = (who: string, change: object): Promise<unknown> => town.done('PATCH', `seats/seat-${who}`, change);

test('each type of seat gives what it includes [dust-02] [dust-03] [dust-04] [dust-05]', async () => {
  await town.seat('fay', 'free');
  await town.seat('pat', 'pro');
  await town.seat('max', 'max');
  expect([await own('fay'), await own('pat'), await own('max')]).toEqual([500, 8_000, 40_000]);
  for (const [who, all] of [
    ['fay', 500],
    ['pat', 8_000],
    ['max', 40_000],
  ] as const) {
    expect(await statusOf(who, all)).toBe(200);
    expect(await own(who)).toBe(0);
  }
});

test('credits can not be spent by another user, moved to one, rolled over or paid out [dust-01]', async () => {
  await town.seat('ann', 'pro');
  await town.seat('bob', 'free');
  expect(await statusOf('bob', 501)).toBe(402);
  expect(await statusOf('ann', 1_000)).toBe(200);
  // A manage key moves nothing either: only an operator grants, and what is taken from one account reaches no other.
  const manage = (await town.kit.makeKey({ id: 'boss', scope: 'manage' })).text;
  for (const [method, path] of [
    ['POST', 'grants'],
    ['POST', 'corrections'],
  ] as const) {
    const answer = await town.kit.api(method, path, { id: 'x', amount: 5, account: 'user:acme/bob', reason: 'x' }, manage);
    expect(answer.status).toBe(403);
  }
  const { paths } = (await town.kit.api('GET', 'openapi.json', undefined, null)).body;
  expect(Object.keys(paths).filter((path) => /transfer|move|payout|withdraw|pay-?back/.test(path))).toEqual([]);
  await town.kit.turnTo('2026-02-28T00:00:00Z');
  expect(await own('ann')).toBe(8_000);
  const { entries } = await town.done('GET', 'entries?account=user%3Aacme%2Fann');
  expect(entries.map(({ kind, delta }: { kind: string; delta: number }) => [kind, delta])).toContainEqual(['expire', -7_000]);
});

test('credits are the user’s, and stay when the seat is changed or lost, to the end of the period [dust-06] [dust-07]', async () => {
  await town.seat('ann', 'max');
  await town.join('bob');
  // Nobody has called yet: what she has seen stays hers all the same.
  expect(await own('ann')).toBe(40_000);
  await seat('ann', { type: 'pro' });
  expect(await own('ann')).toBe(40_000);
  await town.kit.turnTo('2026-02-05T09:00:00Z');
  expect(await statusOf('ann', 9_000)).toBe(200);
  await seat('ann', { user: null });
  expect(await own('ann')).toBe(31_000);
  await seat('ann', { user: 'bob' });
  expect([await own('ann'), await own('bob')]).toEqual([31_000, 0]);
  await town.kit.turnTo('2026-02-27T23:59:59.999Z');
  expect(await statusOf('ann', 30_000)).toBe(200);
  await town.kit.turnTo('2026-02-28T00:00:00Z');
  expect([await own('ann'), await own('bob')]).toEqual([0, 8_000]);
});

test('a call draws the own allocation first, then the pool, then overage [dust-08]', async () => {
  await town.seat('ann', 'pro');
  await town.done('PATCH', 'organizations/acme', { extraLimit: 200 });
  const call = await town.spend('ann', 9_150);
  expect(call.status).toBe(200);
  const receipt = await town.done('GET', `calls/${call.headers.get('credits-call')}`);
  expect(receipt.paidBy.map(({ account, amount }: { account: string; amount: number }) => [account, amount])).toEqual([
    ['user:acme/ann', 8_000],
    ['pool:acme', 1_000],
    ['extra:acme', 150],
  ]);
  const { sources, extra } = await town.balance('ann');
  expect(sources.map(({ kind, available }: { kind: string; available: number }) => [kind, available])).toEqual([
    ['individual', 0],
    ['pool', 0],
  ]);
  expect(extra.left).toBe(50);
});

test('seats reset each month on the anniversary, and nothing carries over [dust-09] [dust-10]', async () => {
  await town.seat('ann', 'pro');
  expect(await statusOf('ann', 1_000)).toBe(200);
  for (const [before, at] of [
    ['2026-02-27T23:59:59.999Z', '2026-02-28T00:00:00Z'],
    ['2026-03-30T23:59:59.999Z', '2026-03-31T00:00:00Z'],
    ['2026-04-29T23:59:59.999Z', '2026-04-30T00:00:00Z'],
  ] as const) {
    await town.kit.turnTo(before);
    expect([before, await own('ann')]).toEqual([before, 7_000]);
    expect((await town.balance('ann')).cycle.resetsAt).toBe(new Date(at).toISOString());
    await town.kit.turnTo(at);
    expect([at, await own('ann')]).toEqual([at, 8_000]);
    expect(await statusOf('ann', 1_000)).toBe(200);
  }
});

test('a free seat gives once in a lifetime: not next month, not in another seat, not to who comes back [dust-11]', async () => {
  await town.seat('fay', 'free');
  expect(await statusOf('fay', 400)).toBe(200);
  await town.kit.turnTo('2026-03-01T00:00:00Z');
  expect(await own('fay')).toBe(100);
  await seat('fay', { user: null });
  await town.done('POST', 'seats', { id: 'another', type: 'free', user: 'fay' });
  expect(await own('fay')).toBe(100);
  await town.done('DELETE', 'users/fay');
  await town.join('fay2', { email: 'fay@example.com' });
  await town.done('PATCH', 'seats/another', { user: 'fay2' });
  expect(await own('fay2')).toBe(0);
  expect(await statusOf('fay2', 1)).toBe(402);
});
