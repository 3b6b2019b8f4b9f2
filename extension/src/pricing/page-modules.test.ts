import '../words-of-tests.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const gateway = vi.hoisted(() => ({ asked: 0, running: 0, most: 0, ms: 0, cost: 1 }));
vi.mock('../worker/gateway.ts', () => ({
  askGateway: async () => {
    gateway.asked += 1;
    gateway.running += 1;
    gateway.most = Math.max(gateway.most, gateway.running);
    await new Promise((resolve) => setTimeout(resolve, gateway.ms));
    gateway.running -= 1;
    const labels = { scenario: 's', module: 'm', run: 'r' };
    return { ok: true, status: 200, body: { calls: [{ labels, state: 'settled', charge: gateway.cost }], next: null } };
  },
}));
const { createPageModules } = await import('./page-modules.ts');

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(gateway, { asked: 0, running: 0, most: 0, ms: 0, cost: 1 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a run that takes long to read is read once at a time, and the last receipt of very many counts', async () => {
  const shown: string[] = [];
  const modules = createPageModules(
    1,
    () => ['g'],
    ({ modules: costs }) => void shown.push(costs['m']?.text ?? ''),
  );
  modules.take({ scenario: 's', run: 'r', modules: ['m', 'other'] });
  await vi.advanceTimersByTimeAsync(200);
  expect(shown).toEqual(['−1']);
  gateway.ms = 1_000;
  for (let n = 0; n < 100; n += 1) {
    modules.receipt({ labels: { scenario: 's' } });
    await vi.advanceTimersByTimeAsync(100);
  }
  gateway.cost = 7;
  modules.receipt({ labels: { scenario: 's' } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(gateway.most).toBe(1);
  expect(gateway.asked).toBeLessThan(10);
  expect(shown.at(-1)).toBe('−7');
  modules.close();
});
