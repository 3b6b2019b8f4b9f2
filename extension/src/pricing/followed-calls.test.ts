import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const gateway = vi.hoisted(() => ({ state: 'open', looks: 0, running: 0, most: 0, ms: 0 }));
vi.mock('./chain-of.ts', () => ({
  chainOf: async (_pairing: string, id: string) => {
    gateway.looks += 1;
    gateway.running += 1;
    gateway.most = Math.max(gateway.most, gateway.running);
    const { state } = gateway;
    await new Promise((resolve) => setTimeout(resolve, gateway.ms));
    gateway.running -= 1;
    const receipt = { operation: 'run', heldAt: '2026-11-20T12:00:00Z' };
    const tree = { id, operation: 'run', labels: {}, state, own: 1, inclusive: 1, below: [] };
    return id.startsWith('x') ? { code: 'not_found', message: '' } : { receipt, root: 'root', tree, calls: [] };
  },
}));
const { followCalls } = await import('./followed-calls.ts');

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(gateway, { state: 'open', looks: 0, running: 0, most: 0, ms: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a call that is open is looked at now and then, and no more once it has ended', async () => {
  const changed = vi.fn<(call: { tree: { state: string } }) => void>();
  const calls = followCalls(1, changed);
  const following = calls.follow('a', ['g']);
  await vi.advanceTimersByTimeAsync(1);
  expect(await following).toMatchObject({ id: 'a', pairing: 'g' });
  await vi.advanceTimersByTimeAsync(10_001);
  expect(gateway.looks).toBe(2);
  gateway.state = 'settled';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(gateway.looks).toBe(3);
  expect(changed.mock.lastCall?.[0].tree.state).toBe('settled');
  calls.close();
});

test('a hundred receipts of a chain while it is being read are one more look, and the last of them counts', async () => {
  const changed = vi.fn<(call: { tree: { state: string } }) => void>();
  const calls = followCalls(1, changed);
  const following = Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => calls.follow(id, ['g'])));
  await vi.advanceTimersByTimeAsync(100);
  await following;
  gateway.ms = 500;
  gateway.looks = 0;
  for (let n = 0; n < 100; n += 1) {
    calls.receipt('g', { id: `below ${n}`, chain: 'root' });
    await vi.advanceTimersByTimeAsync(35);
  }
  gateway.state = 'settled';
  calls.receipt('g', { id: 'root', chain: null });
  await vi.advanceTimersByTimeAsync(5_000);
  // Three at once, each for half a second.
  expect(gateway.most).toBeLessThanOrEqual(3);
  expect(gateway.looks).toBeLessThan(35);
  expect(changed.mock.calls.slice(-5).map(([{ tree }]) => tree.state)).toEqual(Array.from({ length: 5 }, () => 'settled'));
  calls.close();
});

test('what was waiting for its turn is not looked up once the page has gone', async () => {
  gateway.ms = 500;
  const calls = followCalls(1, () => undefined);
  const all = Promise.all(Array.from({ length: 20 }, (_, n) => calls.follow(`x${n}`, ['g'])));
  await vi.advanceTimersByTimeAsync(1);
  calls.close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await all).toEqual(Array.from({ length: 20 }, () => undefined));
  expect(gateway.looks).toBe(3);
});
