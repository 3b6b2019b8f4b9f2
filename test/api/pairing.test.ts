// Pairing: who has a key lets a browser have one of its own, which sees and never spends. A code is good once, for ten minutes, and no longer
// than the rights of who made it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import type { ApiAnswer, GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

const MINUTE_MS = 60_000;

let kit: ClockedGatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, at: '2026-11-20T09:00:00Z' });
  api = checkedApi(kit);
  await api('POST', 'workspaces', { name: 'lab' });
  await api('POST', 'workspaces', { name: 'attic' });
  for (const id of ['ann', 'ben']) await api('POST', 'users', { id, name: id, workspace: 'main' });
  await api('PUT', 'workspaces/lab/users/ann', { role: 'member' });
});
afterAll(() => kit.close());

const pair = (key: string, body: object = {}): Promise<ApiAnswer> => api('POST', 'pairings', body, key);
const claim = (code: string, name = 'Firefox on Linux'): Promise<ApiAnswer> =>
  api('POST', 'pairings/claim', { code, name }, null);
const made = async (key: Readonly<Record<string, unknown>>): Promise<string> => (await kit.makeKey(key)).text;

test('a person with a spend key lets a browser see what is theirs, wherever they have a place', async () => {
  const spend = await made({ id: 'anns', scope: 'spend', user: 'ann' });
  const paired = await pair(spend);
  expect(paired).toMatchObject({ status: 201, body: { expiresAt: '2026-11-20T09:10:00.000Z' } });
  const { code, link } = paired.body;
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
  expect(link).toBe(`${kit.url}/tollgate/console/pair#${code}`);
  const claimed = await claim(code.replace('-', ''));
  const { key, text, gateway } = claimed.body;
  expect(claimed.status).toBe(201);
  expect(gateway).toBe(new URL(kit.url).host);
  expect(text).toMatch(/^tg_view_/);
  expect(key).toMatchObject({
    name: 'Firefox on Linux',
    scope: 'view',
    sees: 'self',
    organization: 'main',
    workspace: 'main',
    contexts: ['main/lab'],
    user: 'ann',
    caps: [],
    expiresAt: null,
    revokedAt: null,
  });
  expect((await api('GET', 'balance', undefined, text)).status).toBe(200);
  expect((await api('GET', 'balance?context=lab', undefined, text)).status).toBe(200);
  expect((await api('GET', 'balance?context=attic', undefined, text)).status).toBe(403);
  const headers = { authorization: `Bearer ${text}` };
  expect((await kit.call('/plain/ok', { headers })).status).toBe(403);
  expect((await api('GET', 'keys?user=ann')).body.keys[0]).toEqual(key);
  const { audit } = (await api('GET', 'audit?limit=2')).body;
  expect(audit.map(({ action, by, user, subject }: Record<string, unknown>) => [action, by, user, subject])).toEqual([
    ['key.pair', 'anns', 'ann', { kind: 'key', id: key.id }],
    ['pairing.make', 'anns', 'ann', { kind: 'pairing', id: expect.any(String) }],
  ]);
  expect(JSON.stringify(audit)).not.toContain(code.slice(0, 5));
  expect(JSON.stringify(audit)).not.toContain('Firefox');
  const events = await kit.app().store.events({ organization: 'main', types: ['key.changed'], after: 0, limit: 100 });
  expect(events.at(-1)?.data).toEqual({ key: key.id, what: 'made', scope: 'view' });
});

test('of many who claim a code at once exactly one has it, and afterwards nobody', async () => {
  const spend = await made({ id: 'anns-2', scope: 'spend', user: 'ann' });
  const { code } = (await pair(spend)).body;
  const before = (await api('GET', 'keys?scope=view')).body.keys.length;
  const all = await Promise.all(Array.from({ length: 10 }, () => claim(code)));
  expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(all.filter(({ status }) => status === 404)).toHaveLength(9);
  expect((await api('GET', 'keys?scope=view')).body.keys).toHaveLength(before + 1);
  expect((await claim(code)).body).toEqual((await claim('23456-789AB')).body);
});

test('unknown, used, too old, and of a key that is revoked or lost its place: one answer', async () => {
  const unknown = (await claim('ABCDE-FGHJK')).body;
  expect(unknown).toMatchObject({ code: 'not_found', field: 'body.code', message: expect.stringContaining('Make a new one') });
  const benSpends = await made({ id: 'bens', scope: 'spend', user: 'ben' });

  const old = (await pair(benSpends)).body.code;
  kit.clock.now += 10 * MINUTE_MS;
  expect((await claim(old)).body).toEqual(unknown);

  const revoked = (await pair(await made({ id: 'bens-2', scope: 'spend', user: 'ben' }))).body.code;
  await api('DELETE', 'keys/bens-2');
  expect((await claim(revoked)).body).toEqual(unknown);

  const placeless = (await pair(benSpends)).body.code;
  await api('DELETE', 'workspaces/main/users/ben');
  expect((await claim(placeless)).body).toEqual(unknown);
  expect(refused(await pair(benSpends))).toEqual([422, 'input_invalid', 'body.user']);
});

test('so it is where the person is erased, the organization closed, or the key expired meanwhile', async () => {
  await api('POST', 'users', { id: 'dan', name: 'dan', workspace: 'main' });
  const erased = (await pair(await made({ id: 'dans', scope: 'spend', user: 'dan' }))).body.code;
  const named = (await pair(kit.operateKey, { user: 'dan' })).body.code;
  await api('DELETE', 'users/dan');
  await api('POST', 'organizations', { id: 'cedar' });
  const cedars = (await api('POST', 'keys?organization=cedar', { id: 'c', scope: 'view' })).body.text as string;
  const closed = (await pair(cedars)).body.code;
  expect((await api('DELETE', 'organizations/cedar')).status).toBe(200);
  const expiresAt = new Date(kit.clock.now + MINUTE_MS).toISOString();
  const expired = (await pair(await made({ id: 'anns-minute', scope: 'spend', user: 'ann', expiresAt }))).body.code;
  kit.clock.now += MINUTE_MS;
  for (const code of [erased, named, closed, expired])
    expect(refused(await claim(code))).toEqual([404, 'not_found', 'body.code']);
});

test('a code is good until the last moment of its ten minutes', async () => {
  const { code } = (await pair(await made({ id: 'anns-3', scope: 'spend', user: 'ann' }))).body;
  kit.clock.now += 10 * MINUTE_MS - 1;
  expect((await claim(code)).status).toBe(201);
});

test('nobody lets in more than themselves', async () => {
  const spend = await made({ id: 'anns-4', scope: 'spend', user: 'ann' });
  expect(refused(await pair(spend, { user: 'ben' }))).toEqual([403, 'scope_insufficient', 'body.user']);
  expect(refused(await pair(spend, { workspace: 'lab' }))).toEqual([403, 'scope_insufficient', 'body.workspace']);
  const sight = async (key: string, body: object = {}): Promise<unknown[]> => {
    const answer = await claim((await pair(key, body)).body.code);
    const { sees, workspace, contexts, user } = answer.body.key;
    return [sees, workspace, contexts, user];
  };
  const service = await made({ id: 'nightly', scope: 'spend', service: 'nightly', contexts: ['lab'] });
  expect(refused(await pair(service)).slice(0, 2), 'it sees its own calls alone').toEqual([403, 'scope_insufficient']);
  const watching = await made({ id: 'wall', scope: 'view', service: 'wall', contexts: ['lab'] });
  expect(await sight(watching)).toEqual(['workspace', 'main', ['main/lab'], null]);
  expect(await sight(watching, { workspace: 'lab' })).toEqual(['workspace', 'lab', ['main/main'], null]);
  await api('PUT', 'workspaces/attic/users/ann', { role: 'owner' });
  const all = await made({ id: 'anns-attic', scope: 'view', user: 'ann', workspace: 'attic' });
  expect(await sight(all)).toEqual(['workspace', 'attic', [], 'ann']);
  const self = await made({ id: 'anns-own', scope: 'view', user: 'ann', workspace: 'attic', sees: 'self' });
  expect(await sight(self)).toEqual(['self', 'attic', ['main/lab', 'main/main'], 'ann']);
});

test('who manages names the person, and where', async () => {
  const manage = await made({ id: 'boss', scope: 'manage' });
  const sight = async (key: string, body: object): Promise<unknown[]> => {
    const { sees, workspace, user } = (await claim((await pair(key, body)).body.code)).body.key;
    return [sees, workspace, user];
  };
  expect(await sight(manage, { user: 'ann' })).toEqual(['self', 'main', 'ann']);
  expect(await sight(manage, { user: 'ann', workspace: 'lab' })).toEqual(['self', 'lab', 'ann']);
  expect(await sight(kit.operateKey, { user: 'ann' })).toEqual(['self', 'main', 'ann']);
  expect(await sight(manage, {})).toEqual(['workspace', 'main', null]);
  expect(refused(await pair(manage, { user: 'nobody' }))).toEqual([422, 'input_invalid', 'body.user']);
  await api('POST', 'workspaces', { name: 'anns', kind: 'personal', user: 'ann' });
  expect(refused(await pair(manage, { workspace: 'anns' }))).toEqual([422, 'input_invalid', 'body.user']);
  expect(refused(await pair(kit.operateKey, { user: 'ben', workspace: 'anns' }))[0]).toBe(422);
  expect(await sight(manage, { user: 'ann', workspace: 'anns' })).toEqual(['self', 'anns', 'ann']);
  expect(refused(await pair(manage, { workspace: 'cellar' }))).toEqual([422, 'input_invalid', 'body.workspace']);
});

test('labels that decide prices go with it, and it lives no longer than the key that let it in', async () => {
  const expiresAt = new Date(kit.clock.now + 60 * MINUTE_MS).toISOString();
  const labels = { agent: 'sidekick' };
  const spend = await made({ id: 'anns-hour', scope: 'spend', user: 'ann', labels, expiresAt });
  const { key, text } = (await claim((await pair(spend)).body.code)).body;
  expect(key).toMatchObject({ labels, expiresAt });
  kit.clock.now += 60 * MINUTE_MS;
  expect((await api('GET', 'balance', undefined, text)).status).toBe(401);
});

test('a browser takes itself off: its key ends at once, and no other', async () => {
  const spend = await made({ id: 'anns-5', scope: 'spend', user: 'ann' });
  const { key, text } = (await claim((await pair(spend)).body.code)).body;
  const answer = await api('DELETE', 'keys/self', undefined, text);
  expect(answer.body.key).toMatchObject({ id: key.id, revokedAt: expect.any(String) });
  expect((await api('GET', 'balance', undefined, text)).status).toBe(401);
  expect((await api('GET', 'balance', undefined, spend)).status).toBe(200);
  expect((await api('GET', 'audit?limit=1')).body.audit[0]).toMatchObject({ action: 'key.revoke', by: key.id });
  expect(refused(await api('DELETE', 'keys/self'))).toEqual([403, 'scope_insufficient', undefined]);
  expect(refused(await api('POST', 'keys', { id: 'self', scope: 'spend' }))).toEqual([422, 'input_invalid', 'body.id']);
});

test('it can do so also when its person has no place any more', async () => {
  await api('POST', 'users', { id: 'cid', name: 'cid', workspace: 'main' });
  const spend = await made({ id: 'cids', scope: 'spend', user: 'cid' });
  const { text } = (await claim((await pair(spend)).body.code)).body;
  await api('DELETE', 'workspaces/main/users/cid');
  expect((await api('GET', 'balance', undefined, text)).status).toBe(403);
  expect((await api('DELETE', 'keys/self', undefined, text)).status).toBe(200);
  expect((await api('GET', 'balance', undefined, text)).status).toBe(401);
});

test('of codes that nobody claimed nothing stays once others are made', async () => {
  const spend = await made({ id: 'anns-6', scope: 'spend', user: 'ann' });
  for (const _ of [1, 2, 3]) await pair(spend);
  kit.clock.now += 10 * MINUTE_MS;
  await pair(spend);
  expect(await kit.app().store.records('pairing', { organization: 'main' })).toHaveLength(1);
});

test('wrong codes are slowed down, and right ones cost nothing', async () => {
  const spend = await made({ id: 'anns-7', scope: 'spend', user: 'ann' });
  let slowed: ApiAnswer | undefined;
  for (let tries = 0; tries < 25 && slowed === undefined; tries += 1) {
    const answer = await claim('ZZZZZ-ZZZZZ');
    if (answer.status === 429) slowed = answer;
  }
  expect(slowed?.body.code).toBe('rate_limited');
  const wait = Number(slowed?.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(600);
  // Also the right one: whoever guesses does not learn that it was.
  expect((await claim((await pair(spend)).body.code)).status).toBe(429);
  expect(refused(await api('POST', 'pairings/claim', { code: '11111-00000', name: 'x' }, null))).toEqual([
    422,
    'input_invalid',
    'body.code',
  ]);
});
