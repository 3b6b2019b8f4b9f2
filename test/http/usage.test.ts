// Usage that is missing, or that makes no sense: never zero, never past the hold, always flagged on the receipt and counted.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedAt, expectBooksRight, expectNoHold, metric, newestReceipt, receiptOf } from './books.ts';
import { SHORT } from './card.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ credits: 100_000, upstream: ['--pace-ms', '0'], settings: SHORT });
});
afterAll(() => kit.close());

interface Bounds {
  input: number;
  output: number;
}

const LIMIT = 300;
const MICRO = { input: 30, output: 120 };

/** Bytes of the request bound the input, its limit the output, and eight tools at three credits the tools. */
function boundsOf(body: string): Bounds {
  return { input: Buffer.byteLength(body), output: LIMIT };
}

let number = 0;
async function chat(fault: string, stream = false): Promise<{ answer: Response; bounds: Bounds; mark: string }> {
  number += 1;
  const mark = `usage-${number}`;
  const body = JSON.stringify({
    model: 'gpt-4o-mini',
    max_completion_tokens: LIMIT,
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    messages: [{ role: 'user', content: mark }],
  });
  const headers = { 'content-type': 'application/json', 'x-demo-fault': fault, 'x-demo-call': mark };
  const answer = await kit.call('/openai/v1/chat/completions', { method: 'POST', headers, body });
  return { answer, bounds: boundsOf(body), mark };
}

const credits = (micro: number): number => micro / 1e6;
const inputOf = async (mark: string): Promise<number> =>
  ((await endedAt(kit, mark))['usage'] as { prompt_tokens: number }).prompt_tokens;

test('missing from a whole answer: everything that it would tell counts at its bound', async () => {
  const { answer, bounds } = await chat('no-usage');
  expect(answer.status).toBe(200);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  // Tool calls are counted from the answer itself: none is a count, not a missing one.
  expect(receipt.charge).toBe(credits(bounds.input * MICRO.input + bounds.output * MICRO.output));
  expect(answer.headers.get('credits-cost')).toBe(String(receipt.charge));
  expect(receipt.flags).toEqual(['quantity_missing']);
  expect(receipt).toMatchObject({ state: 'settled', absorbed: 0, end: 'complete' });
});

test.each(['negative', 'text', 'nan', 'huge', 'twice', '1.5'])(
  '%s: the input as measured, the output at its bound',
  async (lie) => {
    const before = await metric(kit, 'tollgate_flags_total{flag="quantity_invalid",operation="chat.complete"}');
    const { answer, bounds, mark } = await chat(`usage=${lie}`);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
    const input = await inputOf(mark);
    expect(receipt.flags).toEqual(['quantity_invalid']);
    expect(receipt.quantities['output_tokens']).toBeUndefined();
    // Where the whole usage is doubted, because it came twice, its input is what both said.
    expect(receipt.charge).toBe(credits(input * MICRO.input + bounds.output * MICRO.output));
    expect(receipt.charge).toBeLessThanOrEqual(receipt.hold);
    expect(await metric(kit, 'tollgate_flags_total{flag="quantity_invalid",operation="chat.complete"}')).toBe(before + 1);
  },
);

test('zero that is reported is zero', async () => {
  const { answer, mark } = await chat('usage=0');
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt.charge).toBe(credits((await inputOf(mark)) * MICRO.input));
  expect(receipt.flags).toEqual([]);
});

test('a stream without usage: an upper count of what was received, never less than what was used, never past the bound', async () => {
  const { answer, bounds } = await chat('no-usage', true);
  await answer.text();
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt.flags).toContain('quantity_missing');
  expect(receipt.charge).toBe(credits(bounds.input * MICRO.input + bounds.output * MICRO.output));
});

test.each(['negative', 'text', 'nan', 'twice'])('%s at the end of a stream', async (lie) => {
  const { answer, bounds, mark } = await chat(`usage=${lie}`, true);
  await answer.text();
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  const input = await inputOf(mark);
  expect(receipt.flags).toContain('quantity_invalid');
  expect(receipt.charge).toBe(credits(input * MICRO.input + bounds.output * MICRO.output));
});

test('an error event after a 200 ends as broken: input at its bound, output by what was received (rules 10 and 13)', async () => {
  const { answer, bounds } = await chat('error-event', true);
  const text = await answer.text();
  expect(text).toContain('server_error');
  expect(text).not.toContain(': credits');
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  const received = [...text.matchAll(/"content":"([^"]*)"/g)].reduce((sum, [, word = '']) => sum + Buffer.byteLength(word), 0);
  expect(received).toBeGreaterThan(0);
  expect(receipt).toMatchObject({ end: 'broken', state: 'settled' });
  expect(receipt.flags).toContain('end_unknown');
  expect(receipt.charge).toBe(credits(bounds.input * MICRO.input + Math.min(received, bounds.output) * MICRO.output));
});

test('a status that is not charged costs nothing, and is counted', async () => {
  for (const status of [429, 500, 503]) {
    const { answer } = await chat(`status=${status}`);
    expect(answer.status).toBe(status);
    const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
    expect(receipt).toMatchObject({ state: 'released', charge: null, status });
    expect(receipt.flags).toEqual(['not_charged_status']);
    expect(answer.headers.get('credits-cost')).toBe('0');
  }
  await expectNoHold(kit);
});

// The last one: it suspends the operation for this workspace.
test('over the bound: the hold is charged, the rest is absorbed, and the operation is suspended for this workspace alone', async () => {
  const { answer, mark, bounds } = await chat('break-bound=200');
  expect(answer.status).toBe(200);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  const usage = (await endedAt(kit, mark))['usage'] as { prompt_tokens: number; completion_tokens: number };
  expect(usage.completion_tokens).toBe(LIMIT + 200);
  const truth = usage.prompt_tokens * MICRO.input + usage.completion_tokens * MICRO.output;
  // The quantity is over its bound; the customer pays no more than was held.
  expect(receipt.flags).toContain('bound_broken');
  expect(receipt.charge).toBe(Math.min(credits(truth), receipt.hold));
  expect(receipt.charge + receipt.absorbed).toBe(credits(truth));
  expect(bounds.output).toBe(LIMIT);
  const next = await chat('no-usage');
  expect(next.answer.status).toBe(503);
  expect(await next.answer.json()).toMatchObject({ code: 'operation_suspended', operation: 'chat.complete' });
  expect(kit.upstream.log().some((line) => line['callId'] === next.mark)).toBe(false);
  const other = await kit.makeKey({ scope: 'spend', workspace: 'others' });
  const theirs = await kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    headers: { 'x-api-key': other.text },
    body: JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 5, messages: [{ role: 'user', content: 'x' }] }),
  });
  expect(theirs.status).toBe(200);
  expect((await newestReceipt(kit)).workspace).toBe('others');
});

test('the books are right after all that', async () => {
  await expectBooksRight(kit);
});
