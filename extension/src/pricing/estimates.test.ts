import '../words-of-tests.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { estimatesRequest } from '@tollgate/shared/estimates-contract';

interface Question {
  body: { calls: readonly { operation: string }[] };
}
const gateway = vi.hoisted(() => ({ asked: [] as string[][] }));
vi.mock('../worker/gateway.ts', () => ({
  askGateway: (_pairing: string, _method: string, _path: string, { body }: Question) => {
    const operations = body.calls.map(({ operation }) => operation);
    gateway.asked.push(operations);
    if (!estimatesRequest.safeParse(body).success || operations.includes('bad'))
      return Promise.resolve({ ok: false, status: 400, problem: { code: 'input_invalid', message: 'No.' } });
    const estimate = { exact: true, estimate: { low: 1, expected: 1, high: 1 }, quote: 1, lines: [], would: 'admit' };
    return Promise.resolve({ ok: true, status: 200, body: { estimates: operations.map(() => estimate) } });
  },
}));
const { estimated, forgetEstimates, onEstimates } = await import('./estimates.ts');
const { splitInputs } = await import('./price-here.ts');

const PAYER = { pairing: 'https://credits.test key', context: 'main/main' };
const call = (operation: string, inputs = {}): Parameters<typeof estimated>[1] => ({ operation, ...splitInputs(inputs) });

beforeEach(() => {
  vi.useFakeTimers();
  gateway.asked = [];
});
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(120_000);
  forgetEstimates(PAYER.pairing);
  vi.useRealTimers();
});

test('one call that the gateway does not take keeps no other from its price', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `good ${n}`);
  for (const name of [...names.slice(0, 20), 'bad', ...names.slice(20)]) estimated(PAYER, call(name));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(names.filter((name) => estimated(PAYER, call(name)) === undefined)).toEqual([]);
  expect(names.map((name) => estimated(PAYER, call(name)))).toEqual(names.map(() => expect.objectContaining({ exact: true })));
  expect(estimated(PAYER, call('bad'))).toMatchObject({ problem: 'No.' });
});

test('an input of a page that has no name is of that call alone', () => {
  const calls = [call('query', { 'quantity.': 5, 'quantity.rows': 2 }), call('other')];
  expect(estimatesRequest.safeParse({ calls }).success).toBe(true);
  expect(calls[0]).toMatchObject({ quantities: { rows: 2 } });
});

test('a page that asks for thousands of prices keeps another tab waiting for one question at most', async () => {
  for (let n = 0; n < 5_000; n += 1) estimated(PAYER, call('wild', { n }), 0, 1);
  estimated(PAYER, call('mine'), 0, 2);
  await vi.advanceTimersByTimeAsync(300);
  expect(gateway.asked[0]).toContain('mine');
  expect(estimated(PAYER, call('mine'), 0, 2)).toMatchObject({ exact: true });
});

test('long inputs go in several questions, each as long as a gateway reads', async () => {
  const long = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`field${n}`, 'x'.repeat(1_000)]));
  for (let n = 0; n < 40; n += 1) estimated(PAYER, call('long', { ...long, field0: n }));
  const told = vi.fn<() => void>();
  onEstimates(told);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(gateway.asked.flat()).toHaveLength(40);
  expect(Math.max(...gateway.asked.map(({ length }) => length))).toBeLessThan(12);
  expect(told).toHaveBeenCalledTimes(gateway.asked.length);
});

test('a clock that was set back by an hour does not keep a price for an hour', async () => {
  estimated(PAYER, call('hourly'));
  await vi.advanceTimersByTimeAsync(300);
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(estimated(PAYER, call('hourly'))).toMatchObject({ exact: true });
  await vi.advanceTimersByTimeAsync(300);
  expect(gateway.asked).toEqual([['hourly'], ['hourly']]);
});
