// How fast a key may call: 429 with Retry-After, before its body is read or anything is held, and apart from credits.
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf, expectNoHold, until } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());

const ok = (key: string, init: RequestInit = {}): Promise<Response> =>
  kit.call('/plain/ok', { ...init, headers: { 'x-api-key': key, ...(init.headers as Record<string, string>) } });
const statuses = (answers: readonly Response[]): number[] => answers.map(({ status }) => status).sort((a, b) => a - b);

test('so many calls a minute, and no more; the one after that says when', async () => {
  const { text } = await kit.makeKey({ scope: 'spend', limits: { perMinute: 3 } });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ok(text)));
  expect(statuses(answers)).toEqual([200, 200, 200, 429, 429]);
  const refused = answers.find(({ status }) => status === 429) as Response;
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(50);
  expect(seconds).toBeLessThanOrEqual(60);
  // A client that waits so long gets through: the big SDKs may try again by themselves.
  expect(refused.headers.get('x-should-retry')).toBeNull();
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
  expect(arrivals(kit)).toHaveLength(3);
  expect(await callsOf(kit)).toHaveLength(3);
  // Another key is not concerned.
  expect((await kit.call('/plain/ok')).status).toBe(200);
});

test('a rotated key shares the limit of its line', async () => {
  const key = await kit.makeKey({ scope: 'spend', limits: { perMinute: 2 } });
  expect((await ok(key.text)).status).toBe(200);
  const { body } = await kit.api('POST', `keys/${key.id}/rotate`, { overlap: '1m' });
  expect((await ok(body.text)).status).toBe(200);
  expect((await ok(body.text)).status).toBe(429);
  expect((await ok(key.text)).status).toBe(429);
});

test('so many at once; a call counts until it has ended, whatever its end', async () => {
  const { text } = await kit.makeKey({ scope: 'spend', limits: { concurrent: 2 } });
  const slow = (mark: string): Promise<Response> => ok(text, { headers: { 'x-demo-fault': 'slow=400', 'x-demo-call': mark } });
  const under = [slow('under'), slow('under')];
  await until('two arrivals', () => Promise.resolve(arrivals(kit, 'under').length === 2 ? true : undefined));
  const over = await ok(text, { headers: { 'x-demo-call': 'over' } });
  expect(over.status).toBe(429);
  expect(over.headers.get('retry-after')).toBe('1');
  expect(await over.json()).toMatchObject({ code: 'concurrency_limited' });
  expect(arrivals(kit, 'over')).toEqual([]);
  expect(statuses(await Promise.all(under))).toEqual([200, 200]);
  // Ends of every kind give their place back: broken off, refused for its credits, for its route, unreadable, a dry run, a client that left.
  await ok(text, { headers: { 'x-demo-fault': 'reset' } });
  await kit.call('/plain/ok?size=dear', { headers: { 'x-api-key': text, 'credits-max': '1' } });
  await kit.call('/plain/nothing', { headers: { 'x-api-key': text } });
  await kit.call('/openai/v1/chat/completions', { method: 'POST', body: '{', headers: { 'x-api-key': text } });
  await ok(text, { headers: { 'credits-dry-run': '?1' } });
  const left = new AbortController();
  const leaving = ok(text, { signal: left.signal, headers: { 'x-demo-fault': 'slow=100', 'x-demo-call': 'left' } });
  await until('its arrival', () => Promise.resolve(arrivals(kit, 'left').length === 1 ? true : undefined));
  left.abort();
  await expect(leaving).rejects.toThrow('abort');
  await until('its end', async () => ((await callsOf(kit)).every(({ state }) => state !== 'open') ? true : undefined));
  const again = [slow('again'), slow('again')];
  expect(statuses(await Promise.all(again))).toEqual([200, 200]);
  await expectNoHold(kit);
});

test('it comes before the body is read', async () => {
  const { text } = await kit.makeKey({ scope: 'spend', limits: { perMinute: 1 } });
  expect((await ok(text)).status).toBe(200);
  const answer = await kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    body: 'not json',
    headers: { 'x-api-key': text },
  });
  expect(answer.status).toBe(429);
});
