// What a request says must fit what it says elsewhere, and what is there: nothing of it is passed over in silence.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
  api = checkedApi(kit);
  for (const id of ['globex', 'initech', 'closing']) await api('POST', 'organizations', { id, plan: 'team' });
});
afterAll(() => kit.close());

test('an account of another organization than the one that is asked for', async () => {
  const wrong = [422, 'input_invalid', 'body.account'];
  const grant = { id: 'g1', amount: 5, account: 'pool:initech' };
  expect(refused(await api('POST', 'grants?organization=globex', grant))).toEqual(wrong);
  expect(refused(await api('POST', 'corrections?organization=globex', { ...grant, reason: 'x' }))).toEqual(wrong);
  for (const account of ['pool:initech', 'pool:globex'])
    expect((await api('GET', `grants?account=${account}`)).body.grants).toEqual([]);
  expect((await api('POST', 'grants?organization=initech', grant)).status).toBe(201);
  expect((await api('POST', 'grants', { ...grant, id: 'g2' })).status).toBe(201);
});

test('no credits come to an organization that is closed; what it owes is taken', async () => {
  await api('POST', 'grants?organization=closing', { id: 'before', amount: 5 });
  const { order } = (await api('POST', 'orders?organization=closing', { id: 'late', item: 'small' })).body;
  expect((await api('DELETE', 'organizations/closing')).status).toBe(200);
  const closed = [409, 'conflict', undefined];
  const within = '?organization=closing';
  expect(refused(await api('POST', `orders/${order.id}/confirm${within}`, { reason: 'paid' }))).toEqual(closed);
  expect((await api('GET', `orders/${order.id}${within}`)).body.order).toMatchObject({ state: 'open', paidAt: null });
  expect(refused(await api('POST', `grants${within}`, { id: 'after', amount: 5 }))).toEqual(closed);
  expect(refused(await api('POST', 'grants', { id: 'after', amount: 5, account: 'pool:closing' }))).toEqual(closed);
  expect(refused(await api('POST', `corrections${within}`, { id: 'more', amount: 5, reason: 'x' }))).toEqual(closed);
  expect((await api('POST', `corrections${within}`, { id: 'less', amount: -2, reason: 'x' })).status).toBe(201);
  expect((await api('POST', `orders/${order.id}/decline${within}`, { reason: 'closed' })).status).toBe(200);
});

test('an organization with other settings than the one of that id is another one', async () => {
  const made = {
    id: 'again',
    plan: 'team',
    timeZone: 'Europe/Berlin',
    anchor: '2026-01-15',
    seatsMost: { pro: 2, guest: 1 },
    extraLimit: 3,
  };
  expect((await api('POST', 'organizations', made)).status).toBe(201);
  expect((await api('POST', 'organizations', { ...made, seatsMost: { guest: 1, pro: 2 } })).body.repeated).toBe(true);
  for (const other of [
    { timeZone: 'Europe/Paris' },
    { anchor: '2026-01-16' },
    { seatsMost: { pro: 3, guest: 1 } },
    { seatsMost: undefined },
    { extraLimit: 4 },
  ])
    expect(refused(await api('POST', 'organizations', { ...made, ...other }))).toEqual([409, 'conflict', 'body.id']);
});

test('a zone is written as it is spelled, and seats are of types that there are', async () => {
  const zone = await api('PATCH', 'organizations/globex', { timeZone: 'europe/berlin' });
  expect([...refused(zone), zone.body.message]).toEqual([
    422,
    'input_invalid',
    'body.timeZone',
    'body.timeZone: it is spelled Europe/Berlin; found "europe/berlin".',
  ]);
  const seats = await api('PATCH', 'organizations/globex', { seatsMost: { gold: 1 } });
  expect(refused(seats)).toEqual([422, 'input_invalid', 'body.seatsMost.gold']);
  expect(seats.body.message).toContain('it has: free, pro, guest.');
  expect(refused(await api('POST', 'organizations', { id: 'planless', seatsMost: { pro: 1 } }))[0]).toBe(422);
});
