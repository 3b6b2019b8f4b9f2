// Tenants are strangers (promise 7): every read and every write of organization amber, tried with every key of organization beryl, changes
// nothing of amber and shows nothing of it. That each request is a right one is shown by amber's own key, afterwards.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsInOrganization } from '../../gateway/src/api/route.ts';
import { ROUTES } from '../../gateway/src/api/routes.ts';
import { ROWS, type Asked } from './route-rows.ts';
import { startTwoOrganizations, type TwoOrganizations } from './two-organizations.ts';

let town: TwoOrganizations;
beforeAll(async () => {
  town = await startTwoOrganizations();
  await town.kit.api('POST', 'users?organization=amber', { id: 'amber-bob', name: 'Bob', email: 'bob@example.com' });
});
afterAll(() => town.kit.close());

const within = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}organization=amber`;

/** What comes first of a stream is read with it. */
async function ask(method: string, { path, body }: Asked, key: string): Promise<{ status: number; text: string }> {
  const gone = new AbortController();
  const answer = await fetch(`${town.kit.url}/tollgate/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
    signal: gone.signal,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream'))
    return { status: answer.status, text: await answer.text() };
  const first = await answer.body?.getReader().read();
  gone.abort();
  return { status: answer.status, text: new TextDecoder().decode(first?.value) };
}

/** Nothing of amber is in it but what was asked with. */
function expectNothingOf(text: string, asked: Asked, who: string): void {
  expect(text.toLowerCase(), who).not.toContain('topaz');
  const said = `${asked.path} ${JSON.stringify(asked.body) ?? ''}`;
  for (const [word] of text.matchAll(/amber[\w:./-]*/g)) {
    const bare = word.replace(/[.:]+$/, '');
    if (!said.includes(bare)) expect(bare, `${who} is told of it`).toBe('');
  }
}

// What names nothing, and ends who asks, shows itself in pairing.test.ts.
const ASKED = ROUTES.filter(({ method, path }) => ROWS[`${method} ${path}`]?.endsKey !== true);

test.each(ASKED.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (name, route) => {
  const row = ROWS[name];
  if (row === undefined) throw new Error(`${name} has no row in route-rows.ts`);
  const { method } = route;
  for (const [kind, key] of Object.entries(town.keys.beryl)) {
    const takes = row.who === 'anyone' || row.who === 'prices' || row.who.split(' ').includes(kind === 'self' ? 'view' : kind);
    const asked = await row.ask(town.amber);
    for (const each of [asked, { ...asked, path: within(asked.path) }]) {
      const isNamed = each.path !== asked.path;
      const before = await town.kept();
      const { status, text } = await ask(method, each, key);
      const who = `${kind} key, ${method} ${each.path}: ${status} ${text}`;
      expect(await town.kept(), who).toBe(before);
      expectNothingOf(text, each, who);
      if (!takes) expect(status, who).toBe(403);
      else if (isNamed) expect([404, actsInOrganization(route) ? 404 : 422], who).toContain(status);
      else if (row.names === true) expect(status, who).toBe(404);
      else if (row.ofUsers === true && kind === 'spend') expect(status, who).toBe(403);
      else expect(status, who).toBe(row.answers ?? (status === 201 ? 201 : status === 202 ? 202 : 200));
    }
  }
  const asked = await row.ask(town.amber);
  const scope = ['manage', 'spend'].find((one) => row.who.split(' ').includes(one)) ?? 'operate';
  const own = scope === 'operate' ? town.kit.operateKey : (town.keys.amber[scope] ?? '');
  const path = scope === 'operate' && actsInOrganization(route) ? within(asked.path) : asked.path;
  const { status, text } = await ask(method, { ...asked, path }, own);
  expect(status, `amber's own ${scope} key: ${text}`).toSatisfy((code: number) =>
    row.answers === undefined ? code >= 200 && code < 300 : code === row.answers,
  );
});

const INTO: readonly (readonly [string, string, () => object])[] = [
  ['POST', 'keys', () => ({ id: 'into-1', scope: 'spend', workspace: 'amber-lab' })],
  ['POST', 'keys', () => ({ id: 'into-2', scope: 'spend', contexts: ['amber/main'] })],
  ['POST', 'keys', () => ({ id: 'into-3', scope: 'spend', user: 'amber-ann' })],
  ['POST', 'caps', () => ({ id: 'into', scope: { kind: 'user', id: 'amber-ann' }, window: 'day', limit: 0 })],
  ['POST', 'caps', () => ({ id: 'into', scope: { kind: 'key', id: 'amber-spend' }, window: 'day', limit: 0 })],
  ['POST', 'caps', () => ({ id: 'into', scope: { kind: 'workspace', id: 'amber/main' }, window: 'day', limit: 0 })],
  ['POST', 'caps', () => ({ id: 'into', scope: { kind: 'organization', id: 'amber' }, window: 'day', limit: 0 })],
  ['POST', 'seats', () => ({ id: 'into', type: 'guest', user: 'amber-ann' })],
  ['PATCH', 'seats/beryl-seat', () => ({ user: 'amber-ann' })],
  ['POST', 'workspaces', () => ({ name: 'into', kind: 'personal', user: 'amber-ann' })],
  ['POST', 'pairings', () => ({ user: 'amber-ann' })],
  ['POST', 'pairings', () => ({ workspace: 'amber-lab' })],
  ['PUT', 'workspaces/main/users/amber-ann', () => ({ role: 'owner' })],
];

test.each(INTO)('%s %s with the ids of another organization in it', async (method, path, body) => {
  const before = await town.kept();
  const asked = { path, body: body() };
  const { status, text } = await ask(method, asked, town.keys.beryl['manage'] ?? '');
  expect([403, 404, 409, 422]).toContain(status);
  expect(text.toLowerCase()).not.toContain('topaz');
  expect(await town.kept()).toBe(before);
});

// All that it has guessed is right, and it is told so by nothing: what it names is its own.
test.each([
  ['keys', { id: 'amber-spend', scope: 'spend' }],
  ['users', { id: 'amber-ann', name: 'Ann' }],
  ['users', { id: 'amber-bob', name: 'Bob', email: 'bob@example.com' }],
])('POST %s with the id that another organization has makes its own', async (path, body) => {
  const before = await town.kept();
  const { status, text } = await ask('POST', { path, body }, town.keys.beryl['manage'] ?? '');
  expect([status, text]).toEqual([201, expect.stringContaining(`"beryl_${body.id}"`)]);
  expect(await town.kept()).toBe(before);
});

test('the same address in two organizations is two users, and neither learns of the other', async () => {
  const person = { name: 'Both', email: 'both@example.com' };
  const [one, other] = await Promise.all(
    (['amber', 'beryl'] as const).map((of) => town.kit.api('POST', 'users', person, town.keys[of]['manage'])),
  );
  expect([one?.status, other?.status]).toEqual([201, 201]);
  expect(one?.body.user.id).not.toBe(other?.body.user.id);
});

test('a key spends in its own contexts alone', async () => {
  const before = await town.kept();
  for (const context of ['amber/main', 'amber-lab', 'amber/amber-lab']) {
    const headers = { authorization: `Bearer ${town.keys.beryl['spend']}`, 'credits-context': context };
    const answer = await town.kit.call('/plain/ok', { headers });
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).code]).toEqual([403, 'scope_insufficient']);
    expect(text.toLowerCase()).not.toContain('topaz');
  }
  expect(await town.kept()).toBe(before);
});
