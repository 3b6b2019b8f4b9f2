// Cycles, as those who pay see them: what is shown is what is enforced, on both sides of a turn, and it turns without anybody calling.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrivals } from './books.ts';
import { HOME, startTown, type Town } from '../kit/town.ts';

const PLANS = `plans:
  team:
    every: month
    cycle: anniversary
    pool: 100
    seats:
      pro: { allowance: 40, draw: [individual, pool, extra] }
      free: { lifetime: 5, draw: [individual] }
    draw: [pool, extra]
    extra: { limit: 0, fee: 0.002 USD }
    rollover: { most: 15, for: 1 }
packages:
  small: { credits: 30, price: 12 USD, months: 12 }
`;
const iso = (text: string): string => new Date(text).toISOString();

// A sweep comes each second, and a busy machine takes its time.
const SOON = { timeout: 10_000 };
let town: Town;
beforeAll(async () => {
  town = await startTown(PLANS, '2026-01-31T12:00:00Z');
  await town.done('PATCH', `organizations/${HOME}`, { plan: 'team', anchor: '2026-01-31', timeZone: 'UTC' });
  await town.seat('ann', 'pro');
  await town.seat('ben', 'free');
  await town.seat('eve', 'pro');
});
afterAll(() => town.kit.close());

describe('on both sides of a turn', () => {
  test('the reset and what is available are those of the next call', async () => {
    const { kit } = town;
    const first = await town.spend('ann', 30);
    expect(first.status).toBe(200);
    expect(first.headers.get('credits-reset')).toBe(iso('2026-02-28'));
    expect(first.headers.get('ratelimit-policy')).toBe('"cycle";q=140;qu="credits"');
    expect(first.headers.get('ratelimit')).toBe(`"cycle";r=110;t=${27.5 * 86_400}`);
    for (const moment of [
      '2026-01-31T12:00:01Z',
      '2026-02-27T23:59:59.999Z',
      '2026-02-28T00:00:00Z',
      '2026-03-30T23:59:59Z',
      '2026-03-31T00:00:00Z',
    ]) {
      // Only the clock moves: what the sweep would do has not been done yet.
      kit.clock.now = Date.parse(moment);
      for (const who of ['ann', 'ben', 'service']) {
        const { available, cycle, extra } = await town.balance(who);
        const short = await town.spend(who, available + 0.000001);
        expect([moment, who, short.status]).toEqual([moment, who, 402]);
        expect(short.body).toMatchObject({ needed: available + 0.000001, available });
        expect(short.body.resetsAt ?? null).toBe(who === 'ben' ? null : cycle.resetsAt);
        expect(extra?.left ?? 0).toBe(0);
        const dry = await town.spend(who, available, { 'credits-dry-run': '?1' });
        expect(dry.body).toMatchObject({ would: 'admit', available: 0 });
      }
    }
  });

  test('the scope says whose credits are gone', async () => {
    expect((await town.spend('ann', 1_000)).body.scope).toEqual({ kind: 'organization', id: HOME, cap: 'cycle' });
    const { body } = await town.spend('ben', 1_000);
    expect(body.scope).toEqual({ kind: 'user', id: 'ben', cap: null });
    expect(body.message).toContain('5 are available.');
  });

  test('a hold across the turn is charged to the cycle of its beginning', async () => {
    const { kit } = town;
    kit.clock.now = Date.parse('2026-04-29T23:59:59Z');
    const before = await town.balance('eve');
    expect(before.cycle).toMatchObject({
      from: iso('2026-03-31'),
      until: iso('2026-04-30'),
      daysLeft: 1,
      allowance: 40,
      used: 0,
      percent: 0,
    });
    const slow = town.spend('eve', 10, { 'x-demo-fault': 'slow=300', 'x-demo-call': 'across' });
    await expect.poll(() => arrivals(kit, 'across').length, SOON).toBe(1);
    expect(await town.balance('eve')).toMatchObject({ held: 10, cycle: { used: 10 } });
    await kit.turnTo('2026-04-30T00:00:01Z');
    expect((await slow).status).toBe(200);
    const after = await town.balance('eve');
    expect(after.cycle).toMatchObject({ from: iso('2026-04-30'), until: iso('2026-05-31'), used: 0, percent: 0 });
    const [own] = after.sources;
    // 40 of this cycle, and of the 30 that were left of the one before the 15 that the plan lets go on.
    expect(own).toMatchObject({ account: 'user:acme/eve', kind: 'individual', granted: 55, spent: 0, available: 55 });
    expect(own.expiring).toMatchObject([
      { kind: 'rollover', left: 15, expiresAt: iso('2026-05-31') },
      { kind: 'allowance', left: 40, expiresAt: iso('2026-05-31') },
    ]);
  });
});

test('accounts that nobody uses turn by themselves, and it is told', async () => {
  const { kit } = town;
  const told = async (): Promise<unknown[]> =>
    (await kit.app().store.events({ after: 0, limit: 1_000, types: ['cycle.turned'] }))
      .filter(({ data, at }) => at >= Date.parse('2026-05-31') && data['account'] === 'user:acme/eve')
      .map(({ data }) => data);
  await kit.turnTo('2026-05-31T00:00:00Z');
  await expect.poll(told, SOON).toHaveLength(1);
  const row = (await kit.app().store.grantsOf('user:acme/eve')).filter(({ kind }) => kind === 'allowance');
  expect(row.at(0)).toMatchObject({
    effectiveAt: Date.parse('2026-05-31'),
    expiresAt: Date.parse('2026-06-30'),
    amount: 40_000_000,
  });
  await kit.turnTo('2026-05-31T00:00:05Z');
  expect(await told()).toHaveLength(1);
  // Who sits nowhere any more is given nothing, and keeps what there is until it ends.
  await town.done('DELETE', 'seats/seat-eve');
  await kit.turnTo('2026-06-30T00:00:00Z');
  expect(await town.available('eve', 'individual')).toBe(15);
  expect(await town.available('ann', 'individual')).toBe(55);
});

test('the rest of a balance: extra credits apart, packages, a pace', async () => {
  const { kit, done, balance, spend } = town;
  await done('PATCH', `organizations/${HOME}`, { extraLimit: 20 });
  await done('POST', 'grants', { id: 'bought', amount: 30, reason: 'package small', expiresAt: '2027-06-30T00:00:00Z' });
  const pool = await town.available('service', 'pool');
  expect((await spend('service', pool + 4)).status).toBe(200);
  kit.clock.now = Date.parse('2026-07-02T00:00:00Z');
  const { extra, packages, cycle, sources, context, available } = await balance('service');
  expect(context).toEqual({ organization: HOME, workspace: 'main', kind: 'team', user: null, plan: 'team', seat: null });
  expect(extra).toEqual({ limit: 20, spent: 4, held: 0, left: 16, fee: '0.002', currency: 'USD' });
  expect(packages).toEqual([]);
  expect(available).toBe(0);
  expect(sources).toMatchObject([{ account: 'pool:acme', kind: 'pool', available: 0, held: 0 }]);
  expect(cycle).toMatchObject({
    every: 'month',
    of: { kind: 'organization', id: HOME },
    allowance: 100,
    used: pool,
    daysLeft: 29,
  });
  expect(cycle.averagePerDay).toBe(pool / 2);
  expect(cycle.runsOutAt).toBe(iso('2026-07-02'));
  const short = await spend('service', 17);
  expect(short.body).toMatchObject({
    available: 16,
    scope: { kind: 'organization', id: HOME, cap: 'extra' },
    resetsAt: cycle.resetsAt,
  });
  // What was bought is said by the grant itself, not by what somebody wrote beside it.
  await done('POST', 'grants', { id: 'gift', amount: 1, reason: 'package small', expiresAt: '2026-12-01T00:00:00Z' });
  await done('POST', 'grants', { id: 'again', package: 'small', reason: 'by invoice', expiresAt: '2027-06-30T00:00:00Z' });
  expect((await balance('service')).packages).toEqual([
    { grant: 'again', name: 'small', granted: 30, left: 30, boughtAt: iso('2026-07-02'), expiresAt: iso('2027-06-30') },
  ]);
  expect((await done('GET', 'verify')).findings).toEqual([]);
  // A receipt says what its extra credits cost.
  const drawn = await spend('service', 32.5);
  const { body } = await kit.api('GET', `calls/${drawn.headers.get('credits-call')}`);
  expect(body).toMatchObject({ plan: 'team', fee: { credits: 1.5, amount: '0.003', currency: 'USD' } });
});

test('a manage key reads its organization', async () => {
  const { text } = await town.kit.makeKey({ id: 'manager', scope: 'manage' });
  const { status, body } = await town.kit.api('GET', 'balance', undefined, text);
  expect(status).toBe(200);
  expect(body).toMatchObject({ organization: HOME, context: { workspace: null, kind: null, user: null }, contexts: [] });
  expect(body.sources.map(({ account }: { account: string }) => account)).toEqual(['pool:acme']);
  expect((await town.kit.api('GET', 'balance?context=main', undefined, text)).status).toBe(422);
});

test('a schedule: how often in a cycle, what it costs, and how much of the allowance', async () => {
  const call = { method: 'GET', path: '/town/ok?credits=2' };
  const ask = async (schedule: object) => town.kit.api('POST', 'estimates', { call, schedule }, await town.keyOf('ann'));
  const { body } = await ask({ cron: '0 9 * * *' });
  expect(body.schedule).toEqual({
    from: iso('2026-06-30'),
    until: iso('2026-07-31'),
    runs: 31,
    runsLeft: 29,
    credits: { low: 62, expected: 62, high: 62 },
    allowance: 40,
    share: 155,
    next: ['02', '03', '04', '05', '06'].map((day) => iso(`2026-07-${day}T09:00:00Z`)),
  });
  expect((await ask({ cron: '0 9 * * *', timeZone: 'Asia/Tokyo' })).body.schedule.next[0]).toBe(iso('2026-07-02T00:00:00Z'));
  for (const [schedule, field] of [
    [{ cron: 'every day' }, 'body.schedule.cron'],
    [{ cron: '0 9 * * *', timeZone: 'Mars/Base' }, 'body.schedule.timeZone'],
  ] as const) {
    expect(await ask(schedule)).toMatchObject({ status: 422, body: { code: 'input_invalid', field } });
  }
});

test('who has come to a plan or a seat and never called has had their first cycle like every other', async () => {
  const fresh = await startTown(PLANS, '2026-01-31T12:00:00Z');
  try {
    await fresh.done('PATCH', `organizations/${HOME}`, { plan: 'team', anchor: '2026-01-31' });
    await fresh.seat('ann', 'pro');
    const given = async (): Promise<unknown> =>
      Promise.all(['pool:acme', 'user:acme/ann'].map(async (account) => (await fresh.kit.app().store.grantsOf(account)).length));
    await expect.poll(given, SOON).toEqual([1, 1]);
    await fresh.kit.turnTo('2026-02-28T00:00:00Z');
    // What nobody used goes on as the plan says.
    expect([await fresh.available('service', 'pool'), await fresh.available('ann', 'individual')]).toEqual([115, 55]);
  } finally {
    await fresh.kit.close();
  }
});
