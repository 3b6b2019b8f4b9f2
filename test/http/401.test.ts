// No key, and keys that are unknown, revoked or expired: one answer for all, in the same time, so that nobody learns which keys exist.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());

const revoked = await kit.makeKey({ scope: 'spend' });
expect((await kit.api('DELETE', `keys/${revoked.id}`)).status).toBeLessThan(300);
const expired = await kit.makeKey({ scope: 'spend', expiresAt: new Date(Date.now() + 1_000).toISOString() });
await sleep(1_100);
const unknown = `tg_spend_${'A'.repeat(32)}`;

async function ask(key: string | undefined): Promise<{ status: number; headers: Headers; body: string }> {
  const answer = await fetch(`${kit.url}/plain/ok`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

test('no key: 401 that says how to send one', async () => {
  const { status, body, headers } = await ask(undefined);
  expect(status).toBe(401);
  expect(JSON.parse(body)).toMatchObject({ code: 'key_missing', status: 401 });
  expect(headers.get('content-type')).toBe('application/problem+json');
});

test('unknown, revoked, expired and malformed keys get the very same answer', async () => {
  const answers = await Promise.all([unknown, revoked.text, expired.text, 'sk-live-something', 'tg_spend_short', 'x'].map(ask));
  const [first] = answers;
  expect(first?.status).toBe(401);
  expect(JSON.parse(first?.body ?? '')).toMatchObject({ code: 'key_unknown' });
  const headersOf = (answer: { headers: Headers }): string[] => [...answer.headers.keys()].filter((name) => name !== 'date');
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect(answer.body).toBe(first?.body);
    expect(headersOf(answer)).toEqual(headersOf(first as { headers: Headers }));
  }
});

test('the answers take near the same time', async () => {
  const times = new Map<string, number[]>([
    [unknown, []],
    [revoked.text, []],
    [expired.text, []],
  ]);
  for (let round = 0; round < 60; round += 1) {
    for (const [key, taken] of times) {
      const startedMs = performance.now();
      await ask(key);
      taken.push(performance.now() - startedMs);
    }
  }
  const medians = [...times.values()].map((taken) => taken.sort((a, b) => a - b)[30] as number);
  expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(2);
});

test('the same for a route without a price: what has one is not told to strangers', async () => {
  const answer = await fetch(`${kit.url}/plain/nothing`, { headers: { authorization: `Bearer ${unknown}` } });
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toContain('closest');
});

test('a key that is revoked while it is in use stops at once', async () => {
  const { id, text } = await kit.makeKey({ scope: 'spend' });
  expect((await ask(text)).status).toBe(200);
  await kit.api('DELETE', `keys/${id}`);
  expect((await ask(text)).status).toBe(401);
});

test('nothing of the refused reached the upstream or was recorded', async () => {
  expect(arrivals(kit)).toHaveLength(1);
  expect(await callsOf(kit)).toHaveLength(1);
});
