// Streams: what passes, what is hidden, and how the cost follows: a comment after a whole event on a clean end, or nothing.
import { afterAll, expect, test } from 'vitest';
import { endedAt, newestReceipt, receiptOf } from './books.ts';
import { KIT_CARD, cardWith, SHORT } from './card.ts';
import { raw, request } from './raw.ts';
import { startGateway } from '../kit/gateway.ts';

// A second service to the same upstream, which does not want comments.
const quiet = KIT_CARD.slice(KIT_CARD.indexOf('  openai:'), KIT_CARD.indexOf('      - id: response.create'))
  .replace('  openai:\n    path: /openai', '  quiet:\n    path: /quiet\n    sse_comment: false')
  .replace('chat.complete', 'quiet.chat');
const kit = await startGateway({ credits: 10_000, upstream: ['--pace-ms', '1'], settings: SHORT, card: cardWith(quiet) });
afterAll(() => kit.close());

const chat = (mark: string, more: object = {}): string =>
  JSON.stringify({
    model: 'gpt-4o-mini',
    max_completion_tokens: 40,
    stream: true,
    ...more,
    messages: [{ role: 'user', content: mark }],
  });

const post = (mark: string, text: string, fault = '', path = '/openai/v1/chat/completions'): Promise<Response> =>
  kit.call(path, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', 'x-demo-call': mark, 'x-demo-fault': fault },
  });

/** A stream without what differs from request to request. */
const plain = (text: string): string => text.replaceAll(/"(id|created)":("[^"]*"|\d+)/g, '"$1":0');

test('a stream passes byte for byte, and ends with the cost as a comment', async () => {
  const text = chat('bytes', { stream_options: { include_usage: true } });
  const direct = await fetch(`${kit.upstream.origin}/v1/chat/completions`, {
    method: 'POST',
    body: text,
    headers: { authorization: 'Bearer sk-demo-kit' },
  });
  const answer = await post('bytes', text);
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(answer.headers.get('credits-cost')).toBeNull();
  const passed = await answer.text();
  const id = answer.headers.get('credits-call');
  const receipt = await receiptOf(kit, id);
  const comment = `: credits call=${id} cost=${receipt.charge}\n\n`;
  expect(passed.endsWith(comment)).toBe(true);
  expect(plain(passed.slice(0, -comment.length))).toBe(plain(await direct.text()));
  const { prompt_tokens: input, completion_tokens: output } = (await endedAt(kit, 'bytes'))['usage'] as Record<string, number>;
  expect(Math.round(receipt.charge * 1e6)).toBe((input as number) * 30 + (output as number) * 120);
});

test('usage is asked for in the name of a client that did not, and hidden from it', async () => {
  const answer = await post('hidden', chat('hidden'));
  const passed = await answer.text();
  expect(passed).toContain('data: [DONE]');
  expect(passed).not.toContain('prompt_tokens');
  expect(passed).not.toContain('"choices":[]');
  const usage = (await endedAt(kit, 'hidden'))['usage'];
  expect(usage).toMatchObject({ prompt_tokens: expect.any(Number) as number });
  expect((await receiptOf(kit, answer.headers.get('credits-call'))).flags).toEqual([]);
});

test('a client that switches usage off pays the same', async () => {
  const answer = await post('off', chat('off', { stream_options: { include_usage: false } }));
  expect(await answer.text()).not.toContain('prompt_tokens');
  const { prompt_tokens: input, completion_tokens: output } = (await endedAt(kit, 'off'))['usage'] as Record<string, number>;
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(Math.round(receipt.charge * 1e6)).toBe((input as number) * 30 + (output as number) * 120);
});

test('the limit that keeps the bound is injected only where the client gave none', async () => {
  for (const [mark, more, bound] of [
    ['absent', { max_completion_tokens: undefined }, 1_024],
    ['null', { max_completion_tokens: null }, 1_024],
    ['alias', { max_completion_tokens: undefined, max_tokens: 33 }, 33],
    ['given', { max_completion_tokens: 7 }, 7],
  ] as const) {
    const answer = await post(mark, chat(mark, more));
    expect(answer.status, mark).toBe(200);
    await answer.text();
    const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
    expect(receipt.bounds['output_tokens'], mark).toBe(bound);
    expect(receipt.quantities['output_tokens']).toBeLessThanOrEqual(bound);
  }
});

test('a service can switch the comment off', async () => {
  const answer = await post('quiet', chat('quiet'), '', '/quiet/v1/chat/completions');
  expect(await answer.text()).not.toContain(': credits');
});

test.each([
  ['cut-after=900', 'cut in the middle of an event'],
  ['reset-after=900', 'reset in the middle'],
  ['bad-chunk=900', 'a malformed chunk'],
])('%s: %s is a reset, without a comment, and charged by what was received (rule 10)', async (fault) => {
  const body = chat(fault, { stream_options: { include_usage: true } });
  const answer = await raw(
    kit.url,
    request('POST /openai/v1/chat/completions HTTP/1.1', [`x-api-key: ${kit.spendKey}`, `x-demo-fault: ${fault}`], body),
  );
  expect(answer.status).toBe(200);
  expect(answer.end).toBe('reset');
  expect(answer.body).not.toContain(': credits');
  expect(answer.body).not.toMatch(/\r\n0\r\n/);
  const receipt = await newestReceipt(kit);
  expect(receipt).toMatchObject({ end: 'broken', state: 'settled' });
  expect(receipt.flags).toContain('end_unknown');
  const words = [...answer.body.matchAll(/"content":"([^"]*)"/g)].reduce(
    (sum, [, word = '']) => sum + Buffer.byteLength(word),
    0,
  );
  const micro = Math.round(receipt.charge * 1e6);
  // Input at its bound; output by the bytes of what arrived whole, at most its own bound; no tool was called.
  expect(micro).toBeGreaterThanOrEqual(Buffer.byteLength(body) * 30);
  expect(micro).toBeLessThanOrEqual(Buffer.byteLength(body) * 30 + Math.min(words + 40, 40) * 120);
});

test('a stream that stalls is cut after the idle time, with its reason on the receipt', async () => {
  const answer = await raw(
    kit.url,
    request(
      'POST /openai/v1/chat/completions HTTP/1.1',
      [`x-api-key: ${kit.spendKey}`, 'x-demo-fault: hang-body=700'],
      chat('stall'),
    ),
    { waitMs: 5_000 },
  );
  expect(answer.end).toBe('reset');
  expect(await newestReceipt(kit)).toMatchObject({ end: 'cut', why: 'timeout', state: 'settled' });
});

test('an HTTP/1.0 client that asks for a stream gets it whole, with its length and its cost', async () => {
  const body = chat('old');
  const text = `POST /openai/v1/chat/completions HTTP/1.0\r\nx-api-key: ${kit.spendKey}\r\nx-demo-call: old\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const answer = await raw(kit.url, text);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('transfer-encoding')).toBeUndefined();
  expect(answer.body).toHaveLength(Number(answer.headers.get('content-length')));
  expect(answer.body).toContain('data: [DONE]');
  expect(answer.body).not.toContain('prompt_tokens');
  const { prompt_tokens: input, completion_tokens: output } = (await endedAt(kit, 'old'))['usage'] as Record<string, number>;
  expect(Math.round(Number(answer.headers.get('credits-cost')) * 1e6)).toBe((input as number) * 30 + (output as number) * 120);
});

test('a stream that lives longer than its lease keeps its hold', async () => {
  const answer = await post('long', chat('long', { max_completion_tokens: 20 }), 'drip=250');
  expect((await answer.text()).endsWith('\n\n')).toBe(true);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt).toMatchObject({ state: 'settled', end: 'complete', flags: [] });
  expect(Date.parse(receipt.endedAt as string) - Date.parse(receipt.heldAt as string)).toBeGreaterThan(3_500);
});
