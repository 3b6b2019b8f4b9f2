// Caps of an organization: made of what is there, changed, raised for a time, taken away, and enforced as shown.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import type { GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: ClockedGatewayKit;
let api: GatewayKit['api'];
let manage: string;
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, credits: 1_000, at: '2026-03-10T10:00:00Z' });
  api = checkedApi(kit);
  manage = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
  await api('POST', 'users', { id: 'ann', name: 'Ann', workspace: 'main' });
});
afterAll(() => kit.close());

const call = async (text: string): Promise<number> =>
  (await kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } })).status;

test('made once, of a scope that is there', async () => {
  const wanted = { id: 'anns', scope: { kind: 'user', id: 'ann' }, window: 'day', limit: 2.5 };
  const made = await api('POST', 'caps', wanted, manage);
  expect([made.status, made.headers.get('etag'), made.body.cap]).toMatchObject([
    201,
    '"1"',
    { ...wanted, mode: 'hard', raise: null },
  ]);
  expect((await api('POST', 'caps', wanted, manage)).body.repeated).toBe(true);
  expect(refused(await api('POST', 'caps', { ...wanted, limit: 3 }, manage))).toEqual([409, 'conflict', 'body.id']);
  const at = async (body: object): Promise<unknown> =>
    refused(await api('POST', 'caps', { ...wanted, id: 'bad', ...body }, manage));
  expect(await at({ limit: -1 })).toEqual([422, 'input_invalid', 'body.limit']);
  expect(await at({ limit: 0.0000001 })).toEqual([422, 'input_invalid', 'body.limit']);
  expect(await at({ window: 'fortnight' })).toEqual([422, 'input_invalid', 'body.window']);
  expect(await at({ mode: 'firm' })).toEqual([422, 'input_invalid', 'body.mode']);
  for (const [kind, id] of [
    ['user', 'nobody'],
    ['workspace', 'cellar'],
    ['key', 'nothing'],
    ['organization', 'other'],
    ['service', 'mail'],
    ['operation', 'mail.send'],
    ['chain', 'some-call'],
  ])
    expect(await at({ scope: { kind, id } })).toEqual([422, 'input_invalid', 'body.scope.id']);
  for (const [kind, id] of [
    ['user', '*'],
    ['workspace', 'main'],
    ['key', 'kit'],
    ['organization', 'main'],
    ['service', 'plain'],
    ['operation', 'plain.ok'],
    ['chain', '*'],
  ]) {
    const each = await api(
      'POST',
      'caps',
      { id: `of-${kind}`, scope: { kind, id }, window: 'cycle', limit: 900, mode: 'shadow' },
      manage,
    );
    expect([each.status, each.body.cap.scope]).toEqual([201, { kind, id }]);
  }
  expect((await api('GET', 'caps?limit=3', undefined, manage)).body).toMatchObject({
    caps: [{}, {}, {}],
    next: expect.any(String),
  });
});

test('enforced as shown: changed, raised until its end, and gone', async () => {
  const { text } = await kit.makeKey({ id: 'ann-web', scope: 'spend', user: 'ann' });
  expect([await call(text), await call(text)]).toEqual([200, 200]);
  const short = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } });
  expect([short.status, await short.json()]).toMatchObject([
    402,
    { scope: { kind: 'user', id: 'ann', cap: 'day' }, available: 0.5, resetsAt: '2026-03-11T00:00:00.000Z' },
  ]);
  const raise = async (body: object): Promise<unknown> => refused(await api('PATCH', 'caps/anns', { raise: body }, manage));
  const until = '2026-03-10T12:00:00Z';
  expect(await raise({ limit: 4, until: '2026-03-10T09:00:00Z', reason: 'report' })).toEqual([
    422,
    'input_invalid',
    'body.raise.until',
  ]);
  expect(await raise({ limit: 2, until, reason: 'report' })).toEqual([422, 'input_invalid', 'body.raise.limit']);
  expect(await raise({ limit: 4, until })).toEqual([422, 'input_invalid', 'body.raise.reason']);
  const raised = await api('PATCH', 'caps/anns', { raise: { limit: 4, until, reason: 'report' } }, manage);
  expect(raised.body.cap).toMatchObject({ limit: 2.5, raise: { limit: 4, until: '2026-03-10T12:00:00.000Z' }, version: 2 });
  expect([await call(text), await call(text), await call(text)]).toEqual([200, 200, 402]);
  await api('PATCH', 'caps/anns', { limit: 4.5, mode: 'hard' }, manage);
  await kit.turnTo(until);
  expect(await call(text)).toBe(402);
  expect((await api('PATCH', 'caps/anns', { mode: 'soft' }, manage)).body.cap.mode).toBe('soft');
  expect(await call(text)).toBe(200);
  expect((await api('PATCH', 'caps/anns', { mode: 'hard' }, manage)).status).toBe(200);
  expect((await api('DELETE', 'caps/anns', undefined, manage)).body).toEqual({ gone: 'anns' });
  expect(await call(text)).toBe(200);
  expect((await api('GET', 'caps/anns')).status).toBe(404);
  const { audit } = (await api('GET', 'audit?kind=cap&id=main/anns', undefined, manage)).body;
  expect(audit.map(({ action, by }: { action: string; by: string }) => [action, by])).toEqual([
    ['cap.remove', 'boss'],
    ['cap.change', 'boss'],
    ['cap.change', 'boss'],
    ['cap.change', 'boss'],
    ['cap.raise', 'boss'],
    ['cap.make', 'boss'],
  ]);
  expect(audit[4]).toMatchObject({
    reason: 'report',
    before: { limit: 2.5, raise: null },
    after: { raise: { limit: 4 } },
    from: expect.stringContaining('127.0.0.1'),
  });
});

test('a cap of a key goes on over its rotation', async () => {
  const { text } = await kit.makeKey({ id: 'turning', scope: 'spend' });
  await api('POST', 'caps', { id: 'turns', scope: { kind: 'key', id: 'turning' }, window: 'lifetime', limit: 1 }, manage);
  expect(await call(text)).toBe(200);
  const next = await api('POST', 'keys/turning/rotate', {}, manage);
  expect(await call(next.body.text)).toBe(402);
  // Whichever of its keys is named, the line is meant.
  const cap = { id: 'turned', scope: { kind: 'key', id: 'turning.2' }, window: 'lifetime', limit: 1 };
  expect((await api('POST', 'caps', cap, manage)).body.cap.scope.id).toBe('turning');
});
