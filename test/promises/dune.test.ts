// What people know of Dune's credits, as promises of this gateway.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';

const PLANS = `plans:
  each: { every: month, allowance: 100, draw: [individual, extra], extra: { fee: 0.002 USD } }
  team: { every: month, cycle: anniversary, pool: 1000, draw: [pool, extra], extra: { fee: 0.002 USD } }
  cheap: { every: month, pool: 1000, draw: [pool] }
packages:
  more: { credits: 50, price: 5 USD }
`;

// 20, 10 and 2 credits for the same thing, by plan.
const BY_PLAN =
  '- { id: work.priced, match: GET /rows, price: [{ by: plan, is: { each: 20, cheap: 10, team: 2 }, absent: each, unknown: refuse }] }';

let town: Town;
beforeEach(async () => {
  town = await startTown(PLANS, '2026-11-10T09:00:00Z', '', BY_PLAN);
});
afterEach(() => town.kit.close());

const take = (plan: string, more = {}): Promise<unknown> => town.done('PATCH', 'organizations/acme', { plan, ...more });
const statusOf = async (who: string, credits: number, headers = {}): Promise<number> =>
  (await town.spend(who, credits, headers)).status;

test('every user has what the plan gives, each month, whatever others have spent [dune-01] [dune-02]', async () => {
  await take('each');
  await town.join('ann');
  await town.join('bob');
  expect(await statusOf('ann', 100)).toBe(200);
  expect(await statusOf('ann', 1)).toBe(402);
  expect(await town.available('bob', 'individual')).toBe(100);
  await town.kit.turnTo('2026-12-01T00:00:00Z');
  expect([await town.available('ann', 'individual'), await town.available('bob', 'individual')]).toEqual([100, 100]);
  expect(await statusOf('ann', 100)).toBe(200);
});

test('who has run out adds more at any time, and goes on at once [dune-03]', async () => {
  await take('cheap');
  expect(await statusOf('service', 1_000)).toBe(200);
  expect(await statusOf('service', 20)).toBe(402);
  await town.done('POST', 'orders', { id: 'top-up', item: 'more' });
  await town.done('POST', 'orders/top-up/confirm', {});
  expect(await statusOf('service', 20)).toBe(200);
  await town.kit.turnTo('2026-12-01T00:00:00Z');
  // What was bought is not part of what resets.
  expect(await town.available('service', 'pool')).toBe(1_030);
});

test('credits reset at the start of a billing cycle, and what is left does not roll over [dune-04]', async () => {
  await take('team', { anchor: '2026-10-15' });
  expect(await statusOf('service', 300)).toBe(200);
  expect((await town.balance('service')).cycle.resetsAt).toBe('2026-11-15T00:00:00.000Z');
  await town.kit.turnTo('2026-11-14T23:59:59.999Z');
  expect(await town.available('service', 'pool')).toBe(700);
  await town.kit.turnTo('2026-11-15T00:00:00Z');
  expect(await town.available('service', 'pool')).toBe(1_000);
  const { entries } = await town.done('GET', 'entries');
  expect(entries.map(({ kind, delta }: { kind: string; delta: number }) => `${kind} ${delta}`).toReversed()).toEqual([
    'grant 1000',
    'charge -300',
    'expire -700',
    'grant 1000',
  ]);
});

test('all of a team draw from one pool, together never more than it has [dune-05] [dune-12]', async () => {
  await take('cheap');
  for (const who of ['ann', 'bob', 'cem']) await town.join(who);
  const statuses = await Promise.all(['ann', 'bob', 'cem'].flatMap((who) => [1, 2, 3, 4].map(() => statusOf(who, 150))));
  expect(statuses.filter((status) => status === 200)).toHaveLength(6);
  expect(statuses.filter((status) => status === 402)).toHaveLength(6);
  // What is left is what each of them sees.
  const left = await Promise.all(['ann', 'bob', 'cem'].map((who) => town.available(who, 'pool')));
  expect(left).toEqual([100, 100, 100]);
});

test('which context pays is chosen, and named in every answer and every balance [dune-06]', async () => {
  await take('cheap');
  await town.join('ann');
  await town.done('POST', 'organizations', { id: 'ann-own', kind: 'person', user: 'ann', plan: 'each' });
  await town.reach('ann', ['ann-own/personal']);
  const team = await town.spend('ann', 10);
  const own = await town.spend('ann', 10, { 'credits-context': 'ann-own/personal' });
  expect([team.headers.get('credits-context'), own.headers.get('credits-context')]).toEqual(['acme/main', 'ann-own/personal']);
  expect([team.headers.get('credits-available'), own.headers.get('credits-available')]).toEqual(['990', '90']);
  const balances = [await town.balance('ann'), await town.balance('ann', '?context=ann-own%2Fpersonal')];
  expect(balances.map(({ context, available }) => [context.organization, context.workspace, available])).toEqual([
    ['acme', 'main', 990],
    ['ann-own', 'personal', 90],
  ]);
  expect(await statusOf('ann', 10, { 'credits-context': 'other/main' })).toBe(403);
});

test('past the allowance a payment method lets extra credits be used, at a fee, up to their limit [dune-07] [dune-08] [dune-11]', async () => {
  await take('each');
  await town.join('ann');
  const manage = (await town.kit.makeKey({ id: 'boss', scope: 'manage' })).text;
  const limit = (extraLimit: number) => town.kit.api('PATCH', 'organizations/acme', { extraLimit }, manage);
  expect(await statusOf('ann', 101)).toBe(402);
  expect((await limit(40)).status).toBe(422);
  await town.done('POST', 'payment-methods/setup');
  expect((await limit(40)).status).toBe(200);
  const past = await town.spend('ann', 130);
  expect(past.status).toBe(200);
  const receipt = await town.kit.api('GET', `calls/${past.headers.get('credits-call')}`, undefined, await town.keyOf('ann'));
  expect(receipt.body.fee).toEqual({ credits: 30, amount: '0.06', currency: 'USD' });
  const over = await town.spend('ann', 11);
  expect([over.status, over.body.scope.cap, over.body.available]).toEqual([402, 'extra', 10]);
  expect(await statusOf('ann', 10)).toBe(200);
  expect((await town.balance('ann')).extra).toMatchObject({ limit: 40, spent: 40, left: 0, fee: '0.002', currency: 'USD' });
});

test('a call that passed a quota by a privilege says so, and no other does [dune-09]', async () => {
  await take('cheap');
  await town.done('POST', 'caps', { id: 'day', scope: { kind: 'organization', id: 'acme' }, window: 'day', limit: 20 });
  const free = await town.kit.makeKey({ id: 'free', scope: 'spend', bypass: true });
  const spend = (): Promise<Response> =>
    town.kit.call('/town/ok?credits=15', { headers: { authorization: `Bearer ${free.text}` } });
  const calls = [(await spend()).headers.get('credits-call'), (await spend()).headers.get('credits-call')];
  const receipts = await Promise.all(calls.map((id) => town.done('GET', `calls/${id}`)));
  expect(receipts.map(({ skippedQuotaEnforcement }) => skippedQuotaEnforcement)).toEqual([false, true]);
  expect(await statusOf('service', 1)).toBe(402);
});

test('what a call costs goes by the plan at the time of the call, and stays explained by it [dune-10]', async () => {
  await take('cheap');
  const key = { authorization: `Bearer ${await town.keyOf('service')}` };
  const call = async (): Promise<string> => {
    const answer = await town.kit.call('/town/rows', { headers: key });
    expect(answer.status).toBe(200);
    return answer.headers.get('credits-call') ?? '';
  };
  const before = await call();
  await take('team');
  await town.kit.turnTo('2026-12-01T00:00:00Z');
  const after = await call();
  const receipts = await Promise.all([before, after].map((id) => town.done('GET', `calls/${id}?wait=5s`)));
  expect(receipts.map(({ plan, charge, lines }) => [plan, charge, lines[0].arithmetic])).toEqual([
    ['cheap', 10, '10 per call (cheap)'],
    ['team', 2, '2 per call (team)'],
  ]);
  const explained = await Promise.all([before, after].map((id) => town.done('GET', `explain/${id}`)));
  expect(explained.map(({ equal, explanation }) => [equal, explanation.inputs.plan])).toEqual([
    [true, 'cheap'],
    [true, 'team'],
  ]);
});
