// No free credits by made-up people (rule 18): a manage key makes as many users and seats that bring credits as the operator said.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import type { ApiAnswer } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

const EVERYONES = `  solo: { every: month, cycle: anniversary, allowance: 7 }
  once: { lifetime: 9, draw: [individual] }
packages:`;

let kit: ClockedGatewayKit;
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD.replace('packages:', EVERYONES), credits: 0, at: '2026-01-10T12:00:00Z' });
});
afterAll(() => kit.close());

/** A company with this plan, asked with a manage key of its own. */
async function company(id: string, more: object): Promise<(method: string, path: string, body?: unknown) => Promise<ApiAnswer>> {
  const api = checkedApi(kit);
  expect((await api('POST', 'organizations', { id, ...more })).status).toBe(201);
  const { text } = (await api('POST', `keys?organization=${id}`, { id: `boss-of-${id}`, scope: 'manage' })).body;
  return (method, path, body) => api(method, path, body, text as string);
}

const person = (id: string, more: object = {}): object => ({
  id,
  name: id,
  email: `${id}@example.com`,
  workspace: 'main',
  ...more,
});
const TOO_MANY_SEATS = [403, 'scope_insufficient', 'body.type'];
const TOO_MANY_USERS = [403, 'scope_insufficient', 'body'];

test('seats that give credits are none by default, and those that give nothing are as many as one likes', async () => {
  const ask = await company('none', { plan: 'team' });
  for (const type of ['free', 'guest', 'pro'])
    expect(refused(await ask('POST', 'seats', { id: `a-${type}`, type }))).toEqual(TOO_MANY_SEATS);
  expect((await ask('POST', 'users', person('ann'))).status).toBe(201);
});

test('a seat that gives each person something once counts anew for each', async () => {
  const ask = await company('passing', { plan: 'team', seatsMost: { free: 2 } });
  for (const id of ['p1', 'p2', 'p3', 'p4']) expect((await ask('POST', 'users', person(id))).status).toBe(201);
  expect((await ask('POST', 'seats', { id: 'one', type: 'free' })).status).toBe(201);
  expect((await ask('PATCH', 'seats/one', { user: 'p1' })).status).toBe(200);
  expect((await ask('PATCH', 'seats/one', { user: 'p2' })).status).toBe(200);
  expect(refused(await ask('PATCH', 'seats/one', { user: 'p3' }))).toEqual(TOO_MANY_SEATS);
  expect((await ask('PATCH', 'seats/one', { user: null })).status).toBe(200);
  expect(refused(await ask('PATCH', 'seats/one', { user: 'p4' }))).toEqual(TOO_MANY_SEATS);
  const row = 'name,email,seat\nP,p5@example.com,free\n';
  expect(refused(await ask('POST', 'users/import', row))).toEqual([403, 'scope_insufficient', 'row.2.seat']);
});

test('a plan that gives everyone credits takes as many users as the operator said, also those that were erased', async () => {
  const ask = await company('sole', { plan: 'solo', seatsMost: { everyone: 2 } });
  expect((await ask('POST', 'users', person('s1'))).status).toBe(201);
  expect(refused(await ask('POST', 'users/import', 'name,email\nS,s8@example.com\nS,s9@example.com\n'))).toEqual(TOO_MANY_USERS);
  expect((await ask('POST', 'users/import', 'name,email\nS,s2@example.com\n')).status).toBe(201);
  expect(refused(await ask('POST', 'users', person('s3')))).toEqual(TOO_MANY_USERS);
  expect((await ask('DELETE', 'users/s1')).status).toBe(200);
  expect(refused(await ask('POST', 'users', person('s3')))).toEqual(TOO_MANY_USERS);
  expect((await checkedApi(kit)('POST', 'users?organization=sole', person('s4'))).status).toBe(201);
  await checkedApi(kit)('DELETE', 'users/s4?organization=sole');
  await kit.turnTo('2026-02-10T12:00:01Z');
  expect((await ask('POST', 'users', person('s5'))).status).toBe(201);
});

test('what is given once in a life is given to who has an address', async () => {
  const ask = await company('ever', { plan: 'once', seatsMost: { everyone: 9 } });
  const left = async (user: object): Promise<unknown> => {
    const made = (await ask('POST', 'users', user)).body.user as { id: string };
    const { text } = (await ask('POST', 'keys', { id: `of-${made.id}`, scope: 'spend', user: made.id })).body;
    return (await kit.api('GET', 'balance', undefined, text as string)).body.available;
  };
  expect(await left(person('e1'))).toBe(9);
  expect(await left({ id: 'e2', name: 'Nobody', workspace: 'main' })).toBe(0);
});
