// Seats that are sold give what was sold, however they are made, changed and removed by who may make only so many of them (rule 18).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import type { ApiAnswer } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: ClockedGatewayKit;
let api: ClockedGatewayKit['api'];
let manage: string;
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, credits: 0, at: '2026-01-10T12:00:00Z' });
  api = checkedApi(kit);
  await api('PATCH', 'organizations/main', { plan: 'team', seatsMost: { pro: 1, guest: 9 } });
  manage = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
  for (const id of ['ann', 'bob', 'cleo'])
    await api('POST', 'users', { id, name: id, email: `${id}@example.com`, workspace: 'main' });
});
afterAll(() => kit.close());

const seat = (method: string, path: string, body?: object, key = manage): Promise<ApiAnswer> => api(method, path, body, key);

async function given(): Promise<number> {
  let sum = 0;
  for (const user of ['ann', 'bob', 'cleo'])
    for (const { amount } of (await api('GET', `grants?account=user:main/${user}`)).body.grants) sum += amount;
  return sum;
}

const TOO_MANY = [403, 'scope_insufficient', 'body.type'];

test('one that was removed counts until its cycle ends', async () => {
  expect((await seat('POST', 'seats', { id: 'one', type: 'pro', user: 'ann' })).status).toBe(201);
  expect((await seat('DELETE', 'seats/one')).status).toBe(200);
  expect(refused(await seat('POST', 'seats', { id: 'two', type: 'pro', user: 'bob' }))).toEqual(TOO_MANY);
  expect(await given()).toBe(80);
  await kit.turnTo('2026-02-10T00:00:00Z');
  expect((await seat('POST', 'seats', { id: 'two', type: 'pro', user: 'bob' })).status).toBe(201);
});

test('one that became another type counts as both, and may become again what it was', async () => {
  expect((await seat('PATCH', 'seats/two', { type: 'guest' })).status).toBe(200);
  expect(refused(await seat('POST', 'seats', { id: 'three', type: 'pro', user: 'cleo' }))).toEqual(TOO_MANY);
  expect((await seat('POST', 'seats', { id: 'three', type: 'guest' })).status).toBe(201);
  expect(refused(await seat('PATCH', 'seats/three', { type: 'pro' }))).toEqual(TOO_MANY);
  expect((await seat('PATCH', 'seats/two', { type: 'pro' })).status).toBe(200);
  await seat('PATCH', 'seats/two', { type: 'guest' });
  expect((await seat('DELETE', 'seats/two')).status).toBe(200);
  expect(refused(await seat('PATCH', 'seats/three', { type: 'pro', user: 'cleo' }))).toEqual(TOO_MANY);
  expect(await given()).toBe(160);
});

test('one that nobody ever sat in gave nothing, and the operator frees one by their own word', async () => {
  await kit.turnTo('2026-03-10T00:00:00Z');
  expect((await seat('POST', 'seats', { id: 'four', type: 'pro' })).status).toBe(201);
  expect((await seat('DELETE', 'seats/four')).status).toBe(200);
  expect((await seat('POST', 'seats', { id: 'five', type: 'pro', user: 'cleo' })).status).toBe(201);
  expect((await seat('DELETE', 'seats/five', undefined, kit.operateKey)).status).toBe(200);
  expect((await seat('POST', 'seats', { id: 'six', type: 'pro', user: 'ann' })).status).toBe(201);
});
