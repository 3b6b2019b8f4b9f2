import { expect, test } from 'vitest';
import { deliveryOf } from './fan-out.ts';
import { afterAttempt, WAITS_MS } from './retry.ts';

const made = deliveryOf(7, 'wh-1', 1_000);
const failed = { status: 500, error: '' } as const;

test('the schedule of Standard Webhooks: at once, then ten attempts over some three days', () => {
  const waits: number[] = [];
  let delivery = made;
  let at = 1_000;
  while (delivery.state === 'waiting') {
    delivery = afterAttempt(delivery, failed, at, 0);
    if (delivery.nextAt !== null) waits.push(delivery.nextAt - at);
    at = delivery.nextAt ?? at;
  }
  const [s, m, h] = [1_000, 60_000, 3_600_000];
  expect(waits).toEqual([5 * s, 5 * m, 30 * m, 2 * h, 5 * h, 10 * h, 14 * h, 20 * h, 24 * h]);
  expect(delivery).toMatchObject({
    state: 'dead',
    attempts: WAITS_MS.length,
    nextAt: null,
    lastStatus: 500,
    lastError: 'answered 500',
  });
});

test('waits are spread by up to a tenth, never shortened', () => {
  expect(afterAttempt(made, failed, 0, 0.999_9).nextAt).toBeCloseTo(5_500, -1);
  expect(afterAttempt(made, failed, 0, 0).nextAt).toBe(5_000);
});

test('any 2xx delivers; a redirect does not; 410 gives up at once', () => {
  for (const status of [200, 202, 204, 299]) {
    expect(afterAttempt(made, { status, error: '' }, 5, 0)).toMatchObject({
      state: 'delivered',
      lastStatus: status,
      lastError: '',
    });
  }
  expect(afterAttempt(made, { status: 301, error: '' }, 5, 0)).toMatchObject({
    state: 'waiting',
    lastError: expect.stringContaining('redirects') as string,
  });
  expect(afterAttempt(made, { status: 410, error: '' }, 5, 0)).toMatchObject({ state: 'dead', nextAt: null });
  expect(afterAttempt(made, { status: null, error: 'no answer within 15 s' }, 5, 0)).toMatchObject({
    state: 'waiting',
    lastStatus: null,
    lastError: 'no answer within 15 s',
  });
});
