// What a stranger sends: each answer names the place, what was found there and what would be right, and nothing is changed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
let manage: string;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 100 });
  api = checkedApi(kit);
  manage = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => kit.close());

const told = async (method: string, path: string, body?: unknown, key?: string): Promise<string> =>
  (await api(method, path, body, key)).body.message as string;

test('what was found, and what would be right', async () => {
  const cap = { id: 'bad', scope: { kind: 'organization', id: 'main' }, window: 'day', limit: 10 };
  const at = (body: object): Promise<string> => told('POST', 'caps', { ...cap, ...body }, manage);
  expect(await at({ limit: -1 })).toBe('body.limit: found -1; at least 0 would be right.');
  expect(await at({ limit: '10' })).toBe('body.limit: found "10"; a number would be right.');
  expect(await at({ limit: undefined })).toBe('body.limit: it is missing; a number would be right.');
  expect(await at({ limit: 1e-7 })).toBe('body.limit: credits with at most six decimals, up to 1,000,000,000; found 1e-7.');
  expect(await at({ mode: 'firm' })).toBe('body.mode: found "firm"; one of hard, soft, shadow would be right.');
  expect(await at({ scope: 'all' })).toBe('body.scope: found "all"; an object would be right.');
  expect(await at({ id: 'a/b' })).toBe('body.id: up to 63 lower-case letters, digits and dashes, not a dash first; found "a/b".');
  expect(await told('GET', 'caps?limit=0', undefined, manage)).toBe('query.limit: found 0; at least 1 would be right.');
  expect(await told('GET', 'caps?limit=ten', undefined, manage)).toBe('query.limit: found no number; a number would be right.');
  expect(await told('POST', 'users', { name: '', email: 'e@example.com' }, manage)).toBe(
    'body.name: found ""; at least 1 character would be right.',
  );
  expect(await told('POST', 'users', { name: 'x'.repeat(201), email: 'e@example.com' }, manage)).toBe(
    `body.name: found "${'x'.repeat(60)}…"; at most 200 characters would be right.`,
  );
  expect((await api('GET', 'caps', undefined, manage)).body.caps).toEqual([]);
});

test('a body that is not UTF-8 is refused, and not kept with broken letters', async () => {
  const send = async (path: string, type: string, body: Buffer): Promise<unknown> => {
    const headers = { authorization: `Bearer ${manage}`, 'content-type': type };
    const answer = await fetch(`${kit.url}/tollgate/v1/${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
    const { code, message } = (await answer.json()) as { code: string; message: string };
    return [answer.status, code, message];
  };
  const csv = 'name,email\nJosé,jose@example.com\n';
  const refusal = [400, 'body_unreadable', expect.stringMatching(/not UTF-8/)];
  expect(await send('users/import', 'text/csv', Buffer.from(csv, 'latin1'))).toEqual(refusal);
  expect(await send('users/import', 'text/csv; charset=utf-16', Buffer.from(csv, 'utf16le'))).toEqual(refusal);
  const json = JSON.stringify({ id: 'jose', name: 'José' });
  expect(await send('users', 'application/json', Buffer.from(json, 'latin1'))).toEqual(refusal);
  expect((await send('users', 'application/json; charset=UTF-8', Buffer.from(json))) as unknown[]).toHaveProperty('0', 201);
  expect((await api('GET', 'users', undefined, manage)).body.users.map(({ name }: { name: string }) => name)).toEqual(['José']);
});

test('an import blames the row that is too much', async () => {
  await api('POST', 'organizations', { id: 'small', plan: 'team', seatsMost: { pro: 1, guest: 9 } });
  const { text } = (await api('POST', 'keys?organization=small', { id: 'small-boss', scope: 'manage' })).body;
  const rows = 'name,email,seat\nAda,ada@example.com,pro\nBen,ben@example.com,guest\n';
  expect((await api('POST', 'users/import', rows, text)).status).toBe(201);
  const more = await api('POST', 'users/import', `${rows}Cyd,cyd@example.com,pro\n`, text);
  expect([more.status, more.body.field]).toEqual([403, 'row.4.seat']);
  const role = await told('POST', 'users/import', 'name,email,role\nAda,ada@example.com,boss\n', text);
  expect(role).toBe('row.2.role: found "boss"; one of owner, member, viewer would be right.');
});

test('a refusal is a sentence', async () => {
  expect(await told('POST', 'webhooks', { id: 'h', url: 'https://10.1.2.3/h' }, manage)).toBe(
    'body.url: it takes a public address: private, loopback and link-local ones are not sent to here.',
  );
  expect(await told('GET', 'grants', undefined, manage)).toBe('A manage key can not do this; it takes an operate key.');
});

test('a name is one that people can read', async () => {
  for (const name of [' ', '\u0000', 'a\nb', '\u202egro'])
    expect(await told('POST', 'users', { id: 'odd', name })).toMatch(
      /^body\.name: a name that people can read, in one line; found /,
    );
  expect((await api('POST', 'users', { id: 'odd', name: 'Zoë 日本語 🏢' })).status).toBe(201);
});

test('a grant that can not be: the field is named', async () => {
  const at = async (body: object): Promise<unknown> => (await api('POST', 'grants', { id: 'odd', amount: 5, ...body })).body;
  expect(await at({ effectiveAt: '2099-02-01T00:00:00Z', expiresAt: '2099-01-01T00:00:00Z' })).toMatchObject({
    code: 'input_invalid',
    field: 'body.expiresAt',
    message: 'body.expiresAt: the grant would end before it begins; a time after effectiveAt would be right.',
  });
  expect(await at({ expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({ field: 'body.expiresAt' });
  expect(await at({ effectiveAt: '1969-01-01T00:00:00Z' })).toMatchObject({ field: 'body.effectiveAt' });
  expect(await at({ amount: 1e9 })).toMatchObject({ field: 'body.amount' });
  expect(await at({ id: 'pool:main' })).toMatchObject({ field: 'body.id' });
  expect((await api('GET', 'grants')).body.grants).toHaveLength(1);
});

test('nobody takes the id that an order will need', async () => {
  expect((await api('POST', 'orders', { id: 'first', item: 'small' }, manage)).status).toBe(201);
  for (const path of ['grants', 'corrections']) {
    const body = { id: 'order:main:first', amount: 5, reason: 'before it' };
    expect((await api('POST', path, body)).body).toMatchObject({ code: 'input_invalid', field: 'body.id' });
  }
  expect((await api('POST', 'orders/first/confirm', {})).body.order).toMatchObject({ state: 'paid', grant: 'order:main:first' });
});

test('an operator who leaves out whose order it is, is told where it was looked for', async () => {
  await api('POST', 'organizations', { id: 'buyer' });
  const { text } = (await api('POST', 'keys?organization=buyer', { id: 'buyers', scope: 'manage' })).body;
  await api('POST', 'orders', { id: 'one', item: 'small' }, text);
  expect(await told('POST', 'orders/buyer:one/confirm', {})).toBe(
    'There is no order buyer:one in main. ?organization= names another one.',
  );
  expect(await told('GET', 'orders/buyer:one', undefined, manage)).toBe('There is no order buyer:one in main.');
});

test('as many webhooks as there may be, however many ask at once, and nothing is made in what is closed', async () => {
  await api('POST', 'organizations', { id: 'hooks' });
  const { text } = (await api('POST', 'keys?organization=hooks', { id: 'hooks-boss', scope: 'manage' })).body;
  const make = (n: number): Promise<{ status: number }> =>
    api('POST', 'webhooks', { id: `h${n}`, url: `https://8.8.8.8/${n}` }, text);
  const made = await Promise.all(Array.from({ length: 30 }, (_, n) => make(n)));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
  expect((await api('GET', 'webhooks', undefined, text)).body.webhooks).toHaveLength(20);
  await api('DELETE', 'organizations/hooks');
  const cap = { id: 'late', scope: { kind: 'organization', id: 'hooks' }, window: 'day', limit: 1 };
  expect((await api('POST', 'caps', cap, text)).status).toBe(409);
});

test('the workspace that the gateway begins in is not closed, because it could not be made again', async () => {
  expect((await api('DELETE', 'workspaces/main', undefined, manage)).body).toMatchObject({ status: 409, code: 'conflict' });
  expect((await api('DELETE', 'workspaces/main')).status).toBe(409);
  expect((await api('GET', 'workspaces/main')).body.workspace.closedAt).toBeNull();
  await api('POST', 'organizations', { id: 'guests' });
  expect((await api('DELETE', 'workspaces/main?organization=guests')).body.workspace.closedAt).not.toBeNull();
});

test('a context that is not the key’s own is told by its place in the query', async () => {
  const { text } = (await api('POST', 'keys', { id: 'spends', scope: 'spend' })).body;
  const call = { method: 'POST', path: '/plain/ok' };
  for (const asked of [
    api('GET', 'balance?context=guests/main', undefined, text),
    api('POST', 'estimates?context=guests/main', { call }, text),
  ])
    expect((await asked).body).toMatchObject({
      status: 403,
      field: 'query.context',
      message: 'This key can not spend in "guests/main". It may spend in: main/main.',
    });
});

test('a person’s own organization is of one: no further people bring its allowance again, and none come to what is closed', async () => {
  await api('POST', 'users', { id: 'kim', name: 'Kim', email: 'kim@example.com' });
  await api('POST', 'organizations', { id: 'kims', kind: 'person', user: 'kim' });
  const rows = 'name,email\nFake,fake@example.com\n';
  const key = { id: 'kims-boss', scope: 'manage', user: 'kim', workspace: 'personal' };
  const { text } = (await api('POST', 'keys?organization=kims', key)).body;
  expect((await api('POST', 'users', { id: 'fake', name: 'Fake' }, text)).status).toBe(409);
  expect((await api('POST', 'users/import', rows, text)).status).toBe(409);
  expect((await api('GET', 'users', undefined, text)).body.users.map(({ id }: { id: string }) => id)).toEqual(['kim']);
  await api('DELETE', 'organizations/guests');
  expect((await api('POST', 'users?organization=guests', { id: 'late', name: 'Late' })).status).toBe(409);
});

test('a path that can not be read is told as everything else is, and nothing of the gateway’s inside', async () => {
  for (const key of [manage, null]) {
    const answer = await api('GET', 'users/%ff', undefined, key);
    expect([answer.status, answer.body.code]).toEqual([400, 'request_malformed']);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|file:/);
  }
});
