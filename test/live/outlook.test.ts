// Alerts that look ahead and back: on real books, under a clock that the test moves.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { afterEach, expect, test } from 'vitest';
import { HOME, startTown, type Town } from '../kit/town.ts';

let town: Town;
afterEach(() => town.kit.close());

const PLANS = `plans:
  team: { every: month, pool: 300, draw: [pool] }`;
const DAY_MS = 86_400_000;

async function alerts(type: string): Promise<{ id: string; data: Record<string, unknown> }[]> {
  const events = await town.kit.app().store.events({ after: 0, limit: 1_000, types: [type] });
  return events.map(({ id, data }) => ({ id, data: { ...data } }));
}

test('an allowance that will not last is told of once in its cycle, with when it ends', async () => {
  town = await startTown(PLANS, '2026-03-01T08:00:00Z');
  await town.done('PATCH', `organizations/${HOME}`, { plan: 'team' });
  await town.spend('service', 20);
  // Two days of 31 are too early to tell.
  await town.kit.turnTo('2026-03-03T00:00:00Z');
  expect(await alerts('alert.forecast')).toEqual([]);
  await town.spend('service', 130);
  await town.kit.turnTo('2026-03-11T00:00:00Z');
  const from = Date.parse('2026-03-01T00:00:00Z');
  expect(await alerts('alert.forecast')).toEqual([
    {
      id: `forecast:${HOME}@${from}`,
      data: {
        from,
        until: Date.parse('2026-04-01T00:00:00Z'),
        limit: 300_000_000,
        spent: 150_000_000,
        runsOutAt: Date.parse('2026-03-21T00:00:00Z'),
        expected: 465_000_000,
      },
    },
  ]);
  await town.kit.turnTo('2026-03-12T00:00:00Z');
  await town.kit.end();
  await town.kit.start();
  await town.kit.turnTo('2026-03-13T00:00:00Z');
  expect(await alerts('alert.forecast')).toHaveLength(1);
  // The next cycle is judged anew.
  await town.kit.turnTo('2026-04-02T00:00:00Z');
  await town.spend('service', 200);
  await town.kit.turnTo('2026-04-06T00:00:00Z');
  expect((await alerts('alert.forecast')).map(({ id }) => id)).toEqual([
    `forecast:${HOME}@${from}`,
    `forecast:${HOME}@${Date.parse('2026-04-01T00:00:00Z')}`,
  ]);
});

test('what open calls hold is not spent, and no forecast is made of it', async () => {
  town = await startTown(PLANS, '2026-03-01T08:00:00Z');
  await town.done('PATCH', `organizations/${HOME}`, { plan: 'team' });
  await town.spend('service', 50);
  await town.kit.turnTo('2026-03-11T00:00:00Z');
  const { ledger } = town.kit.app().gate;
  const from = Date.parse('2026-03-01T00:00:00Z');
  const until = Date.parse('2026-04-01T00:00:00Z');
  const scope = { kind: 'organization', id: HOME };
  const watch = {
    id: `watch:pool:${HOME}`,
    scope,
    window: 'cycle',
    from,
    until,
    limit: microcredits(300_000_000),
    mode: 'watch',
  } as const;
  const held = await ledger.run({
    type: 'hold',
    callId: 'a long call',
    amount: microcredits(200_000_000),
    sources: [`pool:${HOME}`],
    caps: [watch],
    owner: 'somebody',
    leaseMs: DAY_MS,
    claim: null,
    about: { workspace: `${HOME}/main`, key: 'k', service: 's', operation: 'o', reason: 'r', cardVersion: 'v', more: {} },
    onLapse: { charge: ZERO, free: ZERO, absorbed: ZERO, ended: {} },
  });
  expect(held.ok).toBe(true);
  await town.kit.app().live.outlook.now();
  expect(await alerts('alert.forecast')).toEqual([]);
});

test('a day that sticks out is told of once, by the days of the zone', async () => {
  // Half an hour off the hour, where the day begins at 18:30 UTC.
  town = await startTown('', '2026-03-01T10:00:00Z', 'time_zone: Asia/Kolkata\n');
  await town.kit.grant(10_000, { account: `pool:${HOME}` });
  for (let day = 0; day < 9; day += 1) {
    await town.spend('service', 10);
    if (day === 8) {
      await town.spend('service', 50);
      // A quarter of an hour past midnight calls of that day may still be under way; after an hour it is judged.
      await town.kit.turnTo('2026-03-09T18:45:00Z');
      expect(await alerts('alert.unusual')).toEqual([]);
      await town.kit.turnTo('2026-03-09T19:31:00Z');
      expect(await alerts('alert.unusual')).toHaveLength(1);
    }
    await town.kit.turnTo(Date.parse('2026-03-01T10:00:00Z') + (day + 1) * DAY_MS);
  }
  const expected = [
    {
      id: `unusual:${HOME}@2026-03-09`,
      data: { day: '2026-03-09', timeZone: 'Asia/Kolkata', spent: 60_000_000, usual: 10_000_000, limit: 20_000_000 },
    },
  ];
  expect(await alerts('alert.unusual')).toEqual(expected);
  await town.kit.end();
  await town.kit.start();
  await town.kit.turnTo('2026-03-10T12:00:00Z');
  expect(await alerts('alert.unusual')).toEqual(expected);
});
