import { beforeEach, expect, test, vi } from 'vitest';

const world = vi.hoisted(() => ({
  kept: {} as Record<string, unknown>,
  /** Names of items that there is no room for. */
  full: [] as string[],
  scope: 'view',
  asked: [] as string[],
  /** Bearers that the gateway was asked with. */
  keys: [] as (string | null)[],
}));
vi.mock('wxt/browser', () => {
  const area = {
    get: (name: string) => Promise.resolve(name in world.kept ? { [name]: world.kept[name] } : {}),
    set: (items: Record<string, unknown>) => {
      if (Object.keys(items).some((name) => world.full.includes(name))) return Promise.reject(new Error('quota exceeded'));
      Object.assign(world.kept, items);
      return Promise.resolve();
    },
    remove: (name: string) => {
      delete world.kept[name];
      return Promise.resolve();
    },
  };
  return {
    browser: {
      i18n: { getMessage: (name: string, given: string[]) => [name, ...given].join(' ') },
      permissions: { contains: () => Promise.resolve(true) },
      storage: { local: area, session: area },
    },
  };
});

const key = {
  id: 'k1',
  prefix: 'tg_view',
  name: 'Chrome',
  organization: 'acme',
  workspace: 'lab',
  contexts: [],
  user: 'ada',
  service: null,
  sees: 'self',
  limits: { perMinute: null, concurrent: null },
  bypass: false,
  labels: {},
  caps: [],
  createdAt: '2026-11-20T12:00:00Z',
  expiresAt: null,
  revokedAt: null,
  replaces: null,
};
const long = 'too much of it '.repeat(50_000);
const said = { code: 'store_down', message: long };
const refusal = { type: 'a', title: 'b', status: 503, detail: long, ...said, error: { type: 'c', ...said } };
vi.stubGlobal('fetch', (address: string, { method, headers }: { method?: string; headers: Record<string, string> }) => {
  const path = new URL(address).pathname.replace('/tollgate/v1/', '');
  world.asked.push(`${method} ${path}`);
  if (path === 'keys/self') world.keys.push(headers['authorization'] ?? null);
  if (path === 'balance') return Promise.resolve(Response.json(refusal, { status: 503 }));
  const answer =
    path === 'pairings/claim' ? { key: { ...key, scope: world.scope }, text: 'the-key', gateway: 'Acme '.repeat(100_000) } : {};
  return Promise.resolve(Response.json(answer));
});

beforeEach(() => {
  vi.resetModules();
  Object.assign(world, { kept: {}, full: [], scope: 'view', asked: [], keys: [] });
});

const LINK = 'https://credits.test/tollgate/console/pair#K7QF9-M2XTR';

test('without room for the key it is given back at once, and nothing of it is kept', async () => {
  world.full = ['keys'];
  const { pair } = await import('./pair.ts');
  await expect(pair(LINK, 'Chrome')).rejects.toThrow('no room');
  expect(world.asked).toEqual(['POST pairings/claim', 'DELETE keys/self']);
  expect(world.keys).toEqual(['Bearer the-key']);
  expect(JSON.stringify(world.kept)).not.toContain('the-key');
});

test('without room for the pairing its key is given back, and nothing of it is kept', async () => {
  world.full = ['pairings'];
  const { pair } = await import('./pair.ts');
  expect(await pair(LINK, 'Chrome')).toMatchObject({ ok: false, problem: { code: 'storage_full' } });
  expect(world.keys).toEqual(['Bearer the-key']);
  expect(JSON.stringify(world.kept)).not.toContain('the-key');
});

test('a key that could spend is given back and was never kept', async () => {
  world.scope = 'spend';
  // Were it written, that would fail.
  world.full = ['keys'];
  const { pair } = await import('./pair.ts');
  expect(await pair(LINK, 'Chrome')).toMatchObject({ ok: false, problem: { message: 'worker_key_spends credits.test' } });
  expect(world.keys).toEqual(['Bearer the-key']);
});

test('a context is chosen of a pairing that is there; one that was unpaired meanwhile does not come back', async () => {
  const { putPairing, dropPairing, pairings } = await import('./pairings.ts');
  const { choose } = await import('./choose.ts');
  const one = { id: 'https://credits.test k1', url: 'https://credits.test', name: 'Acme', pairedAt: 0, keyId: 'k1' };
  const contexts = ['a', 'b'].map((id) => ({ id, kind: 'team' as const }));
  await putPairing({ ...one, organization: 'acme', user: 'ada', context: 'a', contexts });
  expect(await choose(one.id, 'b')).toMatchObject({ context: 'b' });
  const [chosen] = await Promise.all([choose(one.id, 'a'), dropPairing(one.id)]);
  expect(chosen).toBeUndefined();
  expect(await pairings()).toEqual([]);
});

test('of a gateway that says very much no more is kept than a person reads', async () => {
  const { pair } = await import('./pair.ts');
  const { standings } = await import('./standing.ts');
  expect(await pair(LINK, 'Chrome')).toMatchObject({ ok: true });
  const [standing] = await standings();
  expect(standing).toMatchObject({ problem: { code: 'store_down' }, balance: null });
  expect(standing?.problem?.message).toHaveLength(1_000);
  expect(standing?.pairing.name).toHaveLength(200);
});
