// Caps on the wire: which one refused, whose it is, when it resets, what would fit; what soft, shadow and a privilege let pass; who is told.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';

const NOON = '2026-03-10T12:00:00Z';
// A sweep comes each second, and a busy machine takes its time.
const SOON = { timeout: 10_000 };
let town: Town;
beforeAll(async () => {
  town = await startTown('', NOON);
  await town.done('POST', 'grants', { id: 'all', amount: 10_000 });
  await town.join('ann');
  await town.join('ben');
});
afterAll(() => town.kit.close());

const cap = (id: string, scope: object, more: object): Promise<unknown> =>
  town.done('POST', 'caps', { id, scope, window: 'day', limit: 10, ...more });
const receiptOf = async (headers: Headers) => (await town.kit.api('GET', `calls/${headers.get('credits-call')}`)).body;
const alertsOf = async (window: string) =>
  (await town.kit.app().store.events({ after: 0, limit: 1_000, types: ['alert.crossed'] })).filter(
    ({ data }) => data['window'] === window,
  );

describe('hard', () => {
  test.each([
    ['user', 'ann', 'user ann'],
    ['workspace', 'main', 'workspace acme/main'],
    ['organization', 'acme', 'organization acme'],
    ['service', 'work', 'service work'],
    ['operation', 'work.do', 'operation work.do'],
    ['key', 'key-ann', 'key key-ann'],
  ])('of a %s: the refusal says whose it is', async (kind, id, whose) => {
    await cap(`hard-${kind}`, { kind, id }, { limit: 0 });
    const { status, body, headers } = await town.spend('ann', 1);
    expect(status).toBe(402);
    const stored = kind === 'workspace' ? 'acme/main' : id;
    expect(body).toMatchObject({ scope: { kind, id: stored, cap: 'day' }, available: 0, needed: 1 });
    expect(body.resetsAt).toBe('2026-03-11T00:00:00.000Z');
    expect(headers.get('credits-reset')).toBe(body.resetsAt);
    expect(body.message).toContain(`0 are left in the day cap of ${whose} until 2026-03-11T00:00:00.000Z.`);
    await town.done('DELETE', `caps/hard-${kind}`);
    expect((await town.spend('ann', 1)).status).toBe(200);
  });

  test('one of each user counts each on their own, in one window', async () => {
    await cap('each', { kind: 'user', id: '*' }, { limit: 10 });
    expect((await town.spend('ann', 10)).status).toBe(200);
    expect((await town.spend('ann', 1)).body).toMatchObject({ scope: { kind: 'user', id: 'ann', cap: 'day' } });
    const other = await town.spend('ben', 4);
    expect(other.status).toBe(200);
    expect(other.headers.get('ratelimit-policy')).toBe('"day of user ben";q=10;qu="credits"');
    expect(other.headers.get('ratelimit')).toBe('"day of user ben";r=6;t=43200');
    expect(other.headers.get('credits-reset')).toBe('2026-03-11T00:00:00.000Z');
    expect((await town.spend('service', 20)).status).toBe(200);
    await town.done('DELETE', 'caps/each');
  });

  test('what is raised for a time falls back by itself, in the middle of a window', async () => {
    await cap('low', { kind: 'user', id: 'ben' }, { window: 'month', limit: 10 });
    await town.done('PATCH', 'caps/low', { raise: { limit: 30, until: '2026-03-10T13:00:00Z', reason: 'launch' } });
    const shown = (await town.balance('ben')).caps;
    expect(shown).toMatchObject([
      { id: 'low', limit: 30, raise: { limit: 30, until: '2026-03-10T13:00:00.000Z', reason: 'launch' } },
    ]);
    expect((await town.spend('ben', 20)).status).toBe(200);
    town.kit.clock.now = Date.parse('2026-03-10T13:00:00Z');
    const { status, body } = await town.spend('ben', 1);
    expect(status).toBe(402);
    expect(body).toMatchObject({ available: 0, scope: { cap: 'month' }, resetsAt: '2026-04-01T00:00:00.000Z' });
    await town.done('DELETE', 'caps/low');
  });
});

describe('soft and shadow', () => {
  test('let pass and are noted with the call; no header limits by them', async () => {
    await cap('kind', { kind: 'user', id: 'ann' }, { window: 'hour', limit: 1, mode: 'soft' });
    await cap('quiet', { kind: 'user', id: 'ann' }, { window: 'hour', limit: 2, mode: 'shadow' });
    const { status, headers } = await town.spend('ann', 5);
    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toBeNull();
    expect(await receiptOf(headers)).toMatchObject({
      skippedQuotaEnforcement: false,
      passed: [
        { cap: 'kind', mode: 'soft' },
        { cap: 'quiet', mode: 'shadow' },
      ],
    });
    await town.done('DELETE', 'caps/kind');
    await town.done('DELETE', 'caps/quiet');
  });
});

test('a key with the privilege passes hard caps, which each call notes; credits must be there all the same', async () => {
  await cap('wall', { kind: 'organization', id: 'acme' }, { limit: 0 });
  const { text } = await town.kit.makeKey({ id: 'export', scope: 'spend', bypass: true });
  const call = (credits: number): Promise<Response> =>
    town.kit.call(`/town/ok?credits=${credits}`, { headers: { authorization: `Bearer ${text}` } });
  const passed = await call(3);
  expect(passed.status).toBe(200);
  expect(passed.headers.get('ratelimit')).toBeNull();
  const mine = (calls: { key: string }[]) => calls.filter(({ key }) => key === 'export');
  expect(await receiptOf(passed.headers)).toMatchObject({
    skippedQuotaEnforcement: true,
    passed: [{ cap: 'wall', mode: 'bypass' }],
  });
  expect(mine((await town.kit.api('GET', 'calls')).body.calls)).toMatchObject([{ skippedQuotaEnforcement: true }]);
  const short = await call(1e6);
  expect(short.status).toBe(402);
  expect(await short.json()).toMatchObject({ scope: { kind: 'organization', id: 'acme', cap: null } });
  expect((await town.spend('ann', 1)).status).toBe(402);
  await town.done('DELETE', 'caps/wall');
});

test('a refusal is told of once in its window, as reached', async () => {
  await cap('told', { kind: 'user', id: 'ben' }, { limit: 4 });
  for (let times = 0; times < 3; times += 1) expect((await town.spend('ben', 50)).status).toBe(402);
  const window = `cap:acme/told@${Date.parse('2026-03-10T00:00:00Z')}`;
  await expect.poll(() => alertsOf(window), SOON).toHaveLength(1);
  const [alert] = await alertsOf(window);
  expect(alert).toMatchObject({
    id: `alert:${window}:100`,
    organization: 'acme',
    workspace: 'acme/main',
    data: { percent: 100, limit: 4_000_000 },
  });
  await town.done('DELETE', 'caps/told');
});

describe('chains', () => {
  test('a cap counts the first call and all that name it, directly or not, and no other', async () => {
    await cap('agents', { kind: 'chain', id: '*' }, { window: 'lifetime', limit: 10 });
    const spend = async (credits: number, parent?: string) => {
      const { status, headers, body } = await town.spend(
        'ann',
        credits,
        parent === undefined ? {} : { 'credits-parent': parent },
      );
      return { status, body, id: headers.get('credits-call') ?? '', headers };
    };
    const root = await spend(4);
    const child = await spend(4, root.id);
    expect(await receiptOf(child.headers)).toMatchObject({ parent: root.id, chain: root.id });
    const refused = await spend(4, child.id);
    expect(refused).toMatchObject({
      status: 402,
      body: { scope: { kind: 'chain', id: root.id, cap: 'lifetime' }, available: 2 },
    });
    expect(refused.body.message).toContain('left in the lifetime cap of this chain');
    const grandchild = await spend(2, child.id);
    expect(await receiptOf(grandchild.headers)).toMatchObject({ parent: child.id, chain: root.id });
    expect((await spend(10)).status).toBe(200);
    expect((await spend(10, 'nobody-made-this')).status).toBe(200);
    await town.done('DELETE', 'caps/agents');
  });

  test('a chain that was stopped is told of, and not each call that is too much by itself', async () => {
    await cap('runs', { kind: 'chain', id: '*' }, { window: 'lifetime', limit: 10 });
    const refused = [await town.spend('ann', 11), await town.spend('ann', 11)];
    const root = (await town.spend('ann', 1)).headers.get('credits-call') ?? '';
    expect((await town.spend('ann', 10, { 'credits-parent': root })).status).toBe(402);
    const told = async (chain: string) => (await alertsOf(`cap:acme/runs:${chain}@0`)).map(({ data }) => data['percent']);
    await expect.poll(() => told(root), SOON).toEqual([100]);
    for (const { status, body } of refused) {
      expect(status).toBe(402);
      expect(body.scope).toMatchObject({ kind: 'chain', id: body.callId });
      expect(await told(body.callId)).toEqual([]);
    }
    await town.done('DELETE', 'caps/runs');
  });

  test('a call of another workspace is no parent', async () => {
    await town.done('POST', 'workspaces', { name: 'apart' });
    const { text } = await town.kit.makeKey({ id: 'apart', scope: 'spend', workspace: 'apart' });
    const theirs = await town.spend('ann', 1);
    const mine = await town.kit.call('/town/ok?credits=1', {
      headers: { authorization: `Bearer ${text}`, 'credits-parent': theirs.headers.get('credits-call') ?? '' },
    });
    expect(await receiptOf(mine.headers)).toMatchObject({ parent: null, chain: null });
  });
});
