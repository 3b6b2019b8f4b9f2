// 402: refused before anything is sent, with every field of the wire contract, and a `fits` that is true to the last token.
import { afterAll, expect, test } from 'vitest';
import { arrivals, balanceOf, receiptOf } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ credits: 3, settings: 'top_up_url: https://example.com/top-up\n' });
afterAll(() => kit.close());

const messages = [{ role: 'user', content: 'How were the orders in Lisbon?' }];

function chat(body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Response> {
  return kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-4o', messages, ...body }),
  });
}

// Tool calls are bounded by 8 at the dearest tool (3): with 24 credits more, the rest of a chat has to fit into 3.
await kit.grant(24);

test('the body has every field, for people, for programs and for SDKs', async () => {
  const answer = await chat({ max_completion_tokens: 4_000 });
  expect(answer.status).toBe(402);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-should-retry')).toBe('false');
  const body = (await answer.json()) as Record<string, unknown>;
  const bytes = JSON.stringify({ model: 'gpt-4o', messages, max_completion_tokens: 4_000 }).length;
  // Input by its bytes at 0.5 per 1,000, output at 2 per 1,000, eight tool calls at 3.
  const needed = (bytes * 500 + 4_000 * 2_000) / 1e6 + 24;
  expect(body).toEqual({
    type: expect.stringMatching(/failure-modes#insufficient_credits$/) as string,
    title: 'Not enough credits',
    status: 402,
    message: expect.stringContaining(`up to ${needed} credits; 27 are available`) as string,
    detail: body['message'],
    code: 'insufficient_credits',
    callId: answer.headers.get('credits-call'),
    operation: 'chat.complete',
    scope: { kind: 'organization', id: 'main', cap: null },
    needed,
    available: 27,
    fits: { max_completion_tokens: Math.floor((3e6 - bytes * 500) / 2_000) },
    topUpUrl: 'https://example.com/top-up',
    error: { type: 'insufficient_credits', code: 'insufficient_credits', message: body['message'] },
  });
  expect(String(body['message'])).toContain('max_completion_tokens up to');
});

test('what `fits` says is admitted, and one more is not', async () => {
  const { fits } = (await (await chat({ max_completion_tokens: 4_000 })).json()) as { fits: { max_completion_tokens: number } };
  const most = fits.max_completion_tokens;
  expect((await chat({ max_completion_tokens: most + 1 })).status).toBe(402);
  expect(arrivals(kit)).toEqual([]);
  const admitted = await chat({ max_completion_tokens: most });
  expect(admitted.status).toBe(200);
  const receipt = await receiptOf(kit, admitted.headers.get('credits-call'));
  expect(receipt.charge).toBeLessThan(receipt.hold);
});

test('`fits` counts the alias that the client used, and n', async () => {
  const first = await chat({ max_tokens: 9_000, n: 3 });
  expect(first.status).toBe(402);
  const { fits } = (await first.json()) as { fits: Record<string, number> };
  expect(Object.keys(fits)).toEqual(['max_tokens']);
  const most = fits['max_tokens'] as number;
  expect((await chat({ max_tokens: most + 1, n: 3 })).status).toBe(402);
  const dry = (await (await chat({ max_tokens: most, n: 3 }, { 'credits-dry-run': '?1' })).json()) as { would: string };
  expect(dry.would).toBe('admit');
});

test('a limit that the client left out is in `fits` too: it is what would be injected', async () => {
  const { available } = await balanceOf(kit);
  const poor = await kit.makeKey({ scope: 'spend', caps: [{ window: 'day', limit: 25 }] });
  expect(available).toBeGreaterThan(25);
  const answer = await chat({ n: 2 }, { 'x-api-key': poor.text });
  const body = (await answer.json()) as { fits: Record<string, number>; scope: unknown; available: number; resetsAt: string };
  expect(answer.status).toBe(402);
  expect(body.scope).toEqual({ kind: 'key', id: poor.id, cap: 'day' });
  expect(body.available).toBe(25);
  // The reset that is shown is the one that is enforced: the next midnight of the payer.
  const midnight = new Date();
  midnight.setUTCHours(24, 0, 0, 0);
  expect(body.resetsAt).toBe(midnight.toISOString());
  expect(
    (await chat({ n: 2, max_completion_tokens: body.fits['max_completion_tokens'] }, { 'x-api-key': poor.text })).status,
  ).toBe(200);
});

test('Credits-Max: refused where it could cost more, with what would fit; admitted where it could not', async () => {
  const before = arrivals(kit).length;
  const answer = await chat({ max_completion_tokens: 1_000 }, { 'credits-max': '25.5' });
  expect(answer.status).toBe(402);
  const body = (await answer.json()) as { fits: Record<string, number>; needed: number; available: number; code: string };
  expect(body).toMatchObject({ code: 'call_maximum', available: 25.5, operation: 'chat.complete' });
  expect(body.needed).toBeGreaterThan(25.5);
  const most = body.fits['max_completion_tokens'] as number;
  expect((await chat({ max_completion_tokens: most + 1 }, { 'credits-max': '25.5' })).status).toBe(402);
  expect(arrivals(kit)).toHaveLength(before);
  expect((await chat({ max_completion_tokens: most }, { 'credits-max': '25.5' })).status).toBe(200);
});

test('Credits-Max of the price itself is enough, a microcredit less is not', async () => {
  expect((await kit.call('/plain/ok', { headers: { 'credits-max': '1' } })).status).toBe(200);
  expect((await kit.call('/plain/ok', { headers: { 'credits-max': '0.999999' } })).status).toBe(402);
});

test('20 concurrent calls of 75 against 500 admit exactly 6', async () => {
  const { available } = await balanceOf(kit);
  await kit.grant(Number((500 - available).toFixed(6)));
  const before = arrivals(kit).length;
  const answers = await Promise.all(Array.from({ length: 20 }, () => kit.call('/plain/ok?size=dear')));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
  expect(answers.filter(({ status }) => status === 402)).toHaveLength(14);
  expect(arrivals(kit)).toHaveLength(before + 6);
  expect(await balanceOf(kit)).toMatchObject({ available: 50, held: 0 });
});
