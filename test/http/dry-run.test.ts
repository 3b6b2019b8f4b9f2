// Credits-Dry-Run: what the call would cost and whether it would be admitted, by the functions that enforce it. Nothing is sent.
import { afterAll, expect, test } from 'vitest';
import { arrivals, balanceOf, callsOf } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ credits: 100 });
afterAll(() => kit.close());

const DRY = { 'credits-dry-run': '?1' };
// oxlint-disable-next-line typescript/no-explicit-any
const dry = async (path: string, init: RequestInit = {}): Promise<any> => {
  const answer = await kit.call(path, { ...init, headers: { ...(init.headers as Record<string, string>), ...DRY } });
  expect(answer.status).toBe(200);
  return answer.json();
};

test('a price that the request decides is exact, and is then what it costs', async () => {
  const told = await dry('/plain/ok?size=dear');
  expect(told).toMatchObject({ operation: 'plain.ok', exact: true, quote: 75, would: 'admit', available: 25 });
  expect(told.estimate).toEqual({ low: 75, expected: 75, high: 75 });
  expect(arrivals(kit)).toEqual([]);
  expect(await callsOf(kit)).toEqual([]);
  expect(await balanceOf(kit)).toMatchObject({ available: 100, held: 0 });
  const real = await kit.call('/plain/ok?size=dear');
  expect(real.headers.get('credits-cost')).toBe('75');
  expect(real.headers.get('credits-available')).toBe(String(told.available));
});

test('what would be refused says so, with the same body as the refusal', async () => {
  const told = await dry('/plain/ok?size=dear');
  expect(told.would).toBe('refuse');
  const refused = await kit.call('/plain/ok?size=dear');
  expect(refused.status).toBe(402);
  const callId = expect.any(String) as string;
  expect(told.refusal).toEqual({ ...((await refused.json()) as object), callId });
});

test('Credits-Max takes part', async () => {
  const told = await dry('/plain/ok', { headers: { 'credits-max': '0.5' } });
  expect(told).toMatchObject({ would: 'refuse', refusal: { code: 'call_maximum' } });
});

test('an estimate has an interval, and no expectation before there is one', async () => {
  const body = JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 10, messages: [{ role: 'user', content: 'x' }] });
  const before = await dry('/openai/v1/chat/completions', { method: 'POST', body });
  expect(before).toMatchObject({ exact: false, estimate: { expected: null } });
  expect(before.estimate.high).toBe(before.quote);
  const real = await kit.call('/openai/v1/chat/completions', { method: 'POST', body });
  expect(real.status).toBe(200);
  const cost = Number(real.headers.get('credits-cost'));
  const after = await dry('/openai/v1/chat/completions', { method: 'POST', body });
  expect(after.estimate).toEqual({ low: cost, expected: cost, high: cost });
});

test('a dry run takes no idempotency key, and still needs a key that may spend', async () => {
  await dry('/plain/ok', { headers: { 'idempotency-key': 'dry' } });
  const real = await kit.call('/plain/ok', { headers: { 'idempotency-key': 'dry' } });
  expect(real.headers.get('idempotent-replayed')).toBeNull();
  expect((await fetch(`${kit.url}/plain/ok`, { headers: DRY })).status).toBe(401);
});

test('a call that is malformed is refused as such, dry or not', async () => {
  const answer = await kit.call('/plain/ok?size=none', { headers: DRY });
  expect(answer.status).toBe(400);
});
