// What is left of a person who was erased (FEATURES H13): their usage in the sums, and nothing of them.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sqlite3 from 'sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
let manage: string;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
  api = checkedApi(kit);
  await api('PATCH', 'organizations/main', { plan: 'team' });
  manage = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => kit.close());

async function spend(text: string): Promise<number> {
  return (await kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } })).status;
}

test('erased: name and address are nowhere, keys and places end, the sums stay, and the lifetime allowance is not given again', async () => {
  const person = { name: 'Zoltan Quux', email: 'zoltan.quux@example.com', workspace: 'main', role: 'owner' };
  const { id } = (await api('POST', 'users', person)).body.user as { id: string };
  await api('POST', 'seats', { id: 'zseat', type: 'free', user: id });
  await api('POST', 'workspaces', { name: 'zspace', kind: 'personal', user: id });
  await api('POST', 'organizations', { id: 'zorg', name: 'Zoltan Quux', kind: 'person', user: id });
  const { text } = await kit.makeKey({ id: 'zkey', name: 'Zoltan Quux laptop', scope: 'spend', user: id });
  for (let calls = 0; calls < 2; calls += 1) expect(await spend(text)).toBe(200);
  const left = async (user: string): Promise<number> =>
    (await api('GET', `grants?account=user:main/${user}`)).body.grants.reduce(
      (sum: number, grant: { left: number }) => sum + grant.left,
      0,
    );
  expect(await left(id)).toBe(3);
  expect((await api('DELETE', `users/${id}`)).body).toMatchObject({ id, erasedAt: expect.any(String) });
  expect((await api('DELETE', `users/${id}`)).status).toBe(200);
  expect(await spend(text)).toBe(401);
  expect((await api('GET', `users/${id}`)).body.user).toMatchObject({ name: '', email: null, places: [], seat: null });
  expect((await api('GET', 'workspaces/zspace')).body.workspace.closedAt).not.toBeNull();
  expect((await api('GET', 'organizations/zorg')).body.organization).toMatchObject({
    name: 'zorg',
    closedAt: expect.any(String),
  });
  expect((await api('GET', 'seats')).body.seats.find((seat: { id: string }) => seat.id === 'zseat').user).toBeNull();
  const { calls } = (await api('GET', 'calls?key=zkey')).body as { calls: { charge: number }[] };
  expect(calls.map(({ charge }) => charge)).toEqual([1, 1]);
  const rows = await everythingKept();
  expect(rows).toContain(id);
  for (const word of ['zoltan', 'quux', 'laptop']) expect(rows.toLowerCase()).not.toContain(word);
  expect(kit.output().toLowerCase()).not.toContain('zoltan');
  expect(refused(await api('POST', 'workspaces', { name: 'again', kind: 'personal', user: id }))).toEqual([
    422,
    'input_invalid',
    'body.user',
  ]);
  expect(refused(await api('PUT', `workspaces/main/users/${id}`, { role: 'owner' }))[0]).toBe(409);
  expect(refused(await api('PATCH', 'seats/zseat', { user: id }))).toEqual([422, 'input_invalid', 'body.user']);
  expect(refused(await api('PATCH', `users/${id}`, { name: 'Zoltan' }))[0]).toBe(409);
  // Whoever comes back is a new user, and the same person.
  const back = (await api('POST', 'users', person)).body.user as { id: string };
  expect(back.id).not.toBe(id);
  await api('PATCH', 'seats/zseat', { user: back.id });
  const again = await kit.makeKey({ scope: 'spend', user: back.id });
  expect(await spend(again.text)).toBe(402);
  expect(await left(back.id)).toBe(0);
});

/** Every value of every table, as text. */
async function everythingKept(): Promise<string> {
  const database = new sqlite3.Database(kit.storeFile, sqlite3.OPEN_READONLY);
  const all = (sql: string): Promise<object[]> =>
    new Promise((resolve, reject) =>
      database.all<object>(sql, (error, rows) => (error === null ? resolve(rows) : reject(error))),
    );
  const tables = (await all("SELECT name FROM sqlite_master WHERE type = 'table'")) as { name: string }[];
  const texts = [];
  for (const { name } of tables) texts.push(JSON.stringify(await all(`SELECT * FROM ${name}`)));
  await new Promise((resolve) => database.close(resolve));
  return texts.join('\n');
}

test('a company that erases somebody with a life elsewhere ends what it has, and learns nothing of the rest', async () => {
  const people = ['yuri', 'yves'];
  for (const id of people) {
    await api('POST', 'users', { id, name: 'Y', email: `${id}@example.com`, workspace: 'main', role: 'owner' });
    await api('POST', 'seats', { id: `seat-${id}`, type: 'guest', user: id });
  }
  await api('POST', 'organizations', { id: 'yorg', name: 'Yuri', kind: 'person', user: 'yuri' });
  await api('POST', 'grants?organization=yorg', { id: 'y-first', amount: 5 });
  const contexts = ['yorg/personal'];
  const wide = await api('POST', 'keys', { id: 'wide', scope: 'spend', user: 'yuri', contexts });
  await api('POST', 'keys', { id: 'narrow', scope: 'spend', user: 'yves' });
  const own = await api('POST', 'keys?organization=yorg', { id: 'y-own', scope: 'spend', user: 'yuri', workspace: 'personal' });
  const seen = async (path: string): Promise<string> => JSON.stringify((await api('GET', path, undefined, manage)).body);
  for (const path of ['keys', 'audit?kind=key&id=wide', 'users']) expect(await seen(path)).not.toContain('yorg');
  expect(JSON.stringify((await api('GET', 'keys')).body)).toContain('yorg/personal');
  expect(JSON.stringify((await api('GET', 'audit?kind=key&id=wide')).body)).toContain('yorg/personal');

  const [yuri, yves] = await Promise.all(
    people.map(async (id) => {
      const told = [];
      for (const [method, path] of [
        ['DELETE', `users/${id}`],
        ['GET', `users/${id}`],
        ['DELETE', `users/${id}`],
        ['GET', `seats`],
        ['GET', `workspaces/main/users`],
        ['GET', `users`],
        ['GET', `keys?user=${id}`],
        ['GET', 'audit?action=user.erase&limit=1'],
      ] as const) {
        const { status, body } = await api(method, path, undefined, manage);
        told.push([status, JSON.stringify(body).includes(id), Object.keys(body)]);
      }
      return told;
    }),
  );
  expect(yuri?.slice(0, 7)).toEqual(yves?.slice(0, 7));
  expect(yuri?.map(([status]) => status)).toEqual([200, 404, 404, 200, 200, 200, 200, 200]);
  expect(await spend(wide.body.text)).toBe(401);
  expect(await spend(own.body.text)).toBe(200);
  expect((await api('GET', 'users/yuri?organization=yorg')).body.user).toMatchObject({
    name: 'Y',
    organization: 'yorg',
    erasedAt: null,
  });
  expect((await api('GET', 'users/yves')).body.user).toMatchObject({ name: '', email: null });
});

test('erased: not even the free parts of the store’s file have the name', async () => {
  const name = 'Xanthippe '.repeat(19).trim();
  const { id } = (await api('POST', 'users', { name: 'Xanthippe', email: 'x@example.com' })).body.user as { id: string };
  await api('PATCH', `users/${id}`, { name });
  expect((await api('DELETE', `users/${id}`)).status).toBe(200);
  await kit.end();
  const bytes = readFileSync(kit.storeFile, 'latin1');
  await kit.start();
  expect(bytes).toContain(id);
  expect(bytes).not.toContain('Xanthippe');
});

test('a person is told apart by an HMAC of their address, which without the secret says nothing', async () => {
  await api('POST', 'users', { id: 'hal', name: 'Hal', email: 'Hal@Example.com' });
  const rows = await everythingKept();
  const hmac = createHmac('sha256', 'a secret of tests that hashes keys of tests')
    .update('identity email hal@example.com')
    .digest('hex');
  expect(rows).toContain(hmac);
});
