// Every route with every kind of key, against a real gateway. The table is written by hand (route-rows.ts) and the routes are the router's:
// one that is in neither, or says something else in one of them, fails.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HEALTH_ROUTES, ROUTES } from '../../gateway/src/api/routes.ts';
import type { ApiAnswer } from '../kit/gateway.ts';
import { ROWS, type Row } from './route-rows.ts';
import { startTwoOrganizations, type TwoOrganizations } from './two-organizations.ts';

const SCOPES = ['spend', 'view', 'manage', 'operate'] as const;

let town: TwoOrganizations;
const keys: Record<string, string | null> = {};

beforeAll(async () => {
  town = await startTwoOrganizations('prices: keys\n');
  const { kit } = town;
  const own = '?organization=amber';
  const ended: string[] = [];
  const rotated = (await kit.api('POST', `keys${own}`, { id: 'rotated-away', scope: 'manage' })).body as { text: string };
  await kit.api('POST', 'keys/rotated-away/rotate', { overlap: '0s' });
  for (const scope of SCOPES) {
    const where = scope === 'operate' ? '' : own;
    const revoked = (await kit.api('POST', `keys${where}`, { id: `revoked-${scope}`, scope })).body as { text: string };
    await kit.api('DELETE', `keys/revoked-${scope}`);
    const expiresAt = new Date(Date.now() + 400).toISOString();
    const expired = (await kit.api('POST', `keys${where}`, { id: `expired-${scope}`, scope, expiresAt })).body as {
      text: string;
    };
    Object.assign(keys, { [`revoked ${scope}`]: revoked.text, [`expired ${scope}`]: expired.text });
    ended.push(expired.text);
  }
  expect(ended.every((text) => text.startsWith('tg_'))).toBe(true);
  Object.assign(keys, {
    none: null,
    unknown: `tg_operate_${'x'.repeat(32)}`,
    shapeless: 'sk-123',
    rotated: rotated.text,
    ...town.keys.amber,
    operate: kit.operateKey,
  });
  await new Promise((resolve) => setTimeout(resolve, 450));
});
afterAll(() => town.kit.close());

/** The scope of a kind of key that works; undefined for one that does not. */
function scopeOf(kind: string): string | undefined {
  return kind === 'self' ? 'view' : SCOPES.find((scope) => scope === kind);
}

/** The status and code that a kind of key is refused with, or undefined where the route answers. */
function barred({ who }: Row, kind: string): [number, string] | undefined {
  if (who === 'anyone') return undefined;
  const scope = scopeOf(kind);
  if (kind === 'none') return [401, 'key_missing'];
  if (scope === undefined) return [401, 'key_unknown'];
  return who === 'prices' || who.split(' ').includes(scope) ? undefined : [403, 'scope_insufficient'];
}

/** A stream is let go of as soon as it answers. */
async function ask(method: string, path: string, body: unknown, key: string | null): Promise<Pick<ApiAnswer, 'status' | 'body'>> {
  if (path !== 'events') return town.kit.api(method, path, body, key);
  const gone = new AbortController();
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${town.kit.url}/tollgate/v1/${path}`, { headers, signal: gone.signal });
  const said: unknown = answer.status === 200 ? undefined : await answer.json();
  gone.abort();
  return { status: answer.status, body: said };
}

test('every route has a row, and every row a route that takes the same keys', () => {
  const routes = Object.fromEntries(
    ROUTES.map(({ method, path, access }) => [`${method} ${path}`, String(access).replaceAll(',', ' ')]),
  );
  expect(Object.fromEntries(Object.entries(ROWS).map(([name, { who }]) => [name, who]))).toEqual(routes);
  expect(HEALTH_ROUTES.map(({ path, access }) => [path, access])).toEqual([
    ['/livez', 'anyone'],
    ['/readyz', 'anyone'],
  ]);
});

test.each(ROUTES.map(({ method, path }) => [`${method} ${path}`, method] as const))('%s', async (name, method) => {
  const row = ROWS[name];
  if (row === undefined) throw new Error(`${name} has no row in route-rows.ts: say who may use it`);
  // What it would do with a right body is told by strangers.test.ts; here nothing is made by looking.
  const { path } = await row.ask({ ...town.amber, make: (kind) => Promise.resolve(`no-${kind}`) });
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { 'not-a-field': 1 } : undefined;
  for (const [kind, key] of Object.entries(keys)) {
    const expected = barred(row, kind);
    if (expected === undefined && method === 'DELETE') continue;
    const { status, body: said } = await ask(method, path, body, key);
    if (expected !== undefined) expect([status, said.code], `${kind} key`).toEqual(expected);
    else expect([200, 201, row.answers ?? 200, 404, 409, 422], `${kind} key: ${JSON.stringify(said)}`).toContain(status);
  }
});

test('a refusal never tells which keys exist: unknown, revoked, expired and rotated read the same', async () => {
  const kinds = Object.keys(keys).filter((kind) => kind !== 'none' && scopeOf(kind) === undefined);
  expect(kinds.length).toBeGreaterThan(9);
  const said = await Promise.all(kinds.map((kind) => town.kit.api('GET', 'balance', undefined, keys[kind] ?? null)));
  expect(new Set(said.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test('a view, a manage and an operate key can not call through the gateway', async () => {
  const before = await town.kit.upstream.arrived();
  for (const kind of ['view', 'self', 'manage', 'operate']) {
    const answer = await town.kit.call('/plain/ok', { headers: { authorization: `Bearer ${keys[kind]}` } });
    expect(answer.status).toBe(403);
  }
  expect(await town.kit.upstream.arrived()).toBe(before);
});

test('paths and methods that are not there', async () => {
  const { kit } = town;
  expect(await kit.api('GET', 'nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await kit.api('PUT', 'keys', {})).toMatchObject({ status: 405 });
  expect(await kit.api('GET', 'Balance')).toMatchObject({ status: 404 });
});
