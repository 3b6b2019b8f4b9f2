// How much of the pool is used is what was drawn from the pool, and how much of a person's allowance what was drawn from their own credits, in
// the balance and in alerts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOME, startTown, type Town } from '../kit/town.ts';

const PLANS = `plans:
  team:
    every: month
    pool: 100
    seats:
      pro: { allowance: 1000 }
      free: { lifetime: 50, draw: [individual] }
  seated: { every: month, seats: { pro: { allowance: 1000 } }, draw: [individual] }`;

let town: Town;
beforeAll(async () => {
  town = await startTown(PLANS, '2026-03-06T00:00:00Z');
  await town.done('PATCH', `organizations/${HOME}`, { plan: 'team' });
  await town.seat('ann', 'pro');
  await town.seat('bob', 'free');
});
afterAll(() => town.kit.close());

const whole = async (): Promise<Record<string, unknown>> => (await town.done('GET', 'balance')).cycle;
const crossed = async (): Promise<unknown[]> => {
  const events = await town.kit.app().store.events({ after: 0, limit: 1_000, types: ['alert.crossed'] });
  return events.map(({ data }) => [data['window'], data['percent']]);
};
const from = Date.parse('2026-03-01T00:00:00Z');

test('what a person spends of their own leaves the pool as it is', async () => {
  await town.spend('ann', 450);
  await town.spend('bob', 20);
  expect(await whole()).toMatchObject({ allowance: 100, used: 0, percent: 0, runsOutAt: null });
  expect((await town.balance('ann')).cycle).toMatchObject({ of: { kind: 'user', id: 'ann' }, allowance: 1_000, used: 450 });
  expect(await crossed()).toEqual([]);
  await town.spend('service', 40);
  expect(await whole()).toMatchObject({ used: 40, percent: 40, averagePerDay: 8, runsOutAt: '2026-03-13T12:00:00.000Z' });
  // Who is kept out of the pool, and has nothing that comes again, is not shown what the others have of it.
  expect((await town.balance('bob')).cycle).toBeNull();
  const asked = { call: { method: 'GET', path: '/town/ok?credits=2' }, schedule: { cron: '0 9 * * *' } };
  const shareOf = async (who: string): Promise<unknown> => {
    const { body } = await town.kit.api('POST', 'estimates', asked, await town.keyOf(who));
    return [body.schedule.allowance, body.schedule.share];
  };
  expect(await shareOf('bob')).toEqual([null, null]);
  expect(await shareOf('ann')).toEqual([1_000, 6.2]);
  expect(await shareOf('service')).toEqual([100, 62]);
});

test('a charge that both pay counts in the pool with its part of it', async () => {
  await town.spend('ann', 560);
  expect(await whole()).toMatchObject({ used: 50, percent: 50 });
  expect((await town.balance('ann')).cycle).toMatchObject({ allowance: 1_000, used: 1_000, percent: 100 });
  expect(await crossed()).toEqual(
    expect.arrayContaining([
      [`watch:pool:${HOME}@${from}`, 50],
      [`watch:user:${HOME}/ann@${from}`, 100],
    ]),
  );
  expect((await town.done('GET', 'verify')).findings).toEqual([]);
});

test('without a pool it is what all spend of what their seats bring', async () => {
  await town.done('PATCH', `organizations/${HOME}`, { plan: 'seated' });
  expect(await whole()).toMatchObject({ allowance: 1_000 });
});
