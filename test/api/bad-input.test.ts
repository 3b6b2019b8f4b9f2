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
  await api('POST', 'organizations', { id: 'small', plan: 'team', seatsMost: { pro: 1 } });
  const { text } = (await api('POST', 'keys?organization=small', { id: 'small-boss', scope: 'manage' })).body;
  const rows = 'name,email,seat\nAda,ada@example.com,pro\nBen,ben@example.com,guest\n';
  expect((await api('POST', 'users/import', rows, text)).status).toBe(201);
  const more = await api('POST', 'users/import', `${rows}Cyd,cyd@example.com,pro\n`, text);
  expect([more.status, more.body.field]).toEqual([403, 'row.4.seat']);
  const role = await told('POST', 'users/import', 'name,email,role\nAda,ada@example.com,boss\n', text);
  expect(role).toBe('row.2.role: found "boss"; one of owner, member, viewer would be right.');
});

test('a refusal of a scope is a sentence', async () => {
  expect(await told('GET', 'grants', undefined, manage)).toBe('A manage key can not do this; it takes an operate key.');
});
