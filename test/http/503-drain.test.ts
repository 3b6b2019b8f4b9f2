// SIGTERM: the calls under way end as they would have, new ones get 503, no hold stays open, and the process ends with 0.
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf, endedAt, expectNoHold, newestReceipt, until } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

// Nothing but the shutdown itself may end a call here.
const settings = 'timeouts: { head: 30s, idle: 30s, lease: 3s, shutdown: 2s }\n';
const kit = await startGateway({ upstream: ['--pace-ms', '15'], settings });
afterAll(() => kit.close());

const stream = (mark: string): Promise<Response> =>
  kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    headers: { 'x-demo-call': mark, 'x-demo-fault': 'drip=30' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      stream: true,
      max_completion_tokens: 30,
      messages: [{ role: 'user', content: 'x' }],
    }),
  });

test('streams finish, new calls get 503, the process ends with 0 and nothing is held', async () => {
  const streams = await Promise.all([stream('one'), stream('two'), stream('three')]);
  const texts = Promise.all(streams.map((answer) => answer.text()));
  // A request whose head is half-sent when the signal comes is a new call too.
  const { hostname, port } = new URL(kit.url);
  const half = connect(Number(port), hostname);
  half.write(`GET /plain/ok HTTP/1.1\r\nHost: g\r\nx-api-key: ${kit.spendKey}\r\nx-demo-call: late\r\n`);
  await sleep(50);
  const ending = kit.end('SIGTERM');
  await sleep(150);
  half.write('\r\n');
  const [piece] = (await once(half, 'data')) as [Buffer];
  const refused = piece.toString();
  expect(refused).toMatch(/^HTTP\/1\.1 503/);
  expect(refused.toLowerCase()).toContain('retry-after: 1');
  expect(refused.toLowerCase()).toContain('connection: close');
  expect(refused).toContain('gateway_draining');
  const fresh = await kit.call('/plain/ok', { headers: { 'x-demo-call': 'fresh' } });
  expect(fresh.status).toBe(503);
  expect((await fetch(`${kit.url}/readyz`)).status).toBe(503);
  for (const text of await texts) {
    expect(text).toContain('data: [DONE]');
    expect(text).toMatch(/: credits call=\S+ cost=[\d.]+\n\n$/);
  }
  expect(await ending).toEqual({ code: 0, signal: null });
  expect(arrivals(kit, 'late')).toEqual([]);
  expect(arrivals(kit, 'fresh')).toEqual([]);
  await kit.start();
  expect((await callsOf(kit)).map((call) => call.state as string)).toEqual(['settled', 'settled', 'settled']);
  await expectNoHold(kit);
});

test('a call that does not end within the shutdown time is broken off and charged; nothing is held', async () => {
  const answer = kit.call('/plain/bytes?n=1000', { headers: { 'x-demo-fault': 'hang-body=500', 'x-demo-call': 'stuck' } });
  const reading = answer.then((response) => response.text()).catch(() => 'broken');
  await until('the arrival', () => Promise.resolve(arrivals(kit, 'stuck')[0]));
  const startedMs = performance.now();
  expect(await kit.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedMs).toBeLessThan(9_000);
  await reading;
  expect((await endedAt(kit, 'stuck'))['complete']).toBe(false);
  await kit.start();
  expect(await newestReceipt(kit)).toMatchObject({ operation: 'plain.bytes', state: 'settled', end: 'cut', why: 'shutdown' });
  await expectNoHold(kit);
}, 20_000);

test('an idle gateway ends at once', async () => {
  const startedMs = performance.now();
  expect(await kit.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});
