// Every route with every kind of key, against a real gateway.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Access } from '../../gateway/src/api/route.ts';
import { HEALTH_ROUTES, ROUTES } from '../../gateway/src/api/routes.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

let kit: GatewayKit;
const keys: Record<string, string | null> = {};

beforeAll(async () => {
  kit = await startGateway({ credits: 0, settings: 'prices: keys\n' });
  for (const scope of ['spend', 'view', 'manage', 'operate']) keys[scope] = (await kit.makeKey({ scope })).text;
  const revoked = await kit.makeKey({ scope: 'operate' });
  await kit.api('DELETE', `keys/${revoked.id}`);
  const soon = await kit.makeKey({ scope: 'operate', expiresAt: new Date(Date.now() + 50).toISOString() });
  await new Promise((resolve) => setTimeout(resolve, 60));
  Object.assign(keys, {
    none: null,
    unknown: `tg_operate_${'x'.repeat(32)}`,
    shapeless: 'sk-123',
    revoked: revoked.text,
    expired: soon.text,
  });
});
afterAll(() => kit.close());

/** What the table promises for a kind of key: the status of a refusal, or undefined where the route answers. */
function barred(access: Access, kind: string): number | undefined {
  if (access === 'anyone') return undefined;
  if (!['spend', 'view', 'manage', 'operate'].includes(kind)) return 401;
  return access === 'prices' || (access as readonly string[]).includes(kind) ? undefined : 403;
}

test.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_, { method, path, access }) => {
  for (const [kind, key] of Object.entries(keys)) {
    // A body that every schema refuses: nothing is made by looking.
    const body = method === 'POST' ? { 'not-a-field': 1 } : undefined;
    const answer = await kit.api(method, path.slice(1).replaceAll(/\{\w+\}/g, 'nothing'), body, key);
    const expected = barred(access, kind);
    if (expected === undefined) expect([200, 400, 404], `${kind} key`).toContain(answer.status);
    else expect(answer.status, `${kind} key`).toBe(expected);
    if (expected === 401) expect(answer.body.code).toBe(kind === 'none' ? 'key_missing' : 'key_unknown');
    if (expected === 403) expect(answer.body.code).toBe('scope_insufficient');
  }
});

test('what takes other keys than operate ones is this and no more', () => {
  const open = ROUTES.filter(({ access }) => String(access) !== 'operate').map(
    ({ method, path, access }) => `${method} ${path}: ${String(access)}`,
  );
  expect(open).toEqual([
    'GET /balance: spend,view,operate',
    'POST /estimates: spend,view,operate',
    'GET /calls: spend,view,operate',
    'GET /calls/{id}: spend,view,operate',
    'GET /prices: prices',
    'GET /openapi.json: anyone',
  ]);
  expect(HEALTH_ROUTES.map(({ path }) => path)).toEqual(['/livez', '/readyz']);
});

test('a refusal never tells which keys exist: unknown, revoked and expired read the same', async () => {
  const said = await Promise.all(
    ['unknown', 'revoked', 'expired', 'shapeless'].map((kind) => kit.api('GET', 'balance', undefined, keys[kind] ?? null)),
  );
  expect(new Set(said.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test('a view, a manage and an operate key can not call through the gateway', async () => {
  for (const kind of ['view', 'manage', 'operate']) {
    const answer = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${keys[kind]}` } });
    expect(answer.status).toBe(403);
  }
  expect(kit.upstream.log()).toEqual([]);
});

test('paths and methods that are not there', async () => {
  expect(await kit.api('GET', 'nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await kit.api('PUT', 'keys', {})).toMatchObject({ status: 404 });
  expect(await kit.api('GET', 'Balance')).toMatchObject({ status: 404 });
});
