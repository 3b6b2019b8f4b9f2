// The official SDK `@anthropic-ai/sdk`, changed in base URL and key alone.
import Anthropic, { APIError, BadRequestError } from '@anthropic-ai/sdk';
import { afterAll, expect, test } from 'vitest';
import { arrivals, endedAt, expectNoHold, metric, receiptOf } from '../http/books.ts';
import { startGateway } from '../kit/gateway.ts';
import { comparable, reckon } from './reckon.ts';

const kit = await startGateway({ credits: 1_000_000, upstream: ['--pace-ms', '2'] });
afterAll(() => kit.close());
const client = new Anthropic({ baseURL: `${kit.url}/anthropic`, apiKey: kit.spendKey });
const direct = new Anthropic({ baseURL: kit.upstream.origin, apiKey: 'sk-ant-demo-direct' });

const model = 'claude-sonnet-5';
const asked = (content: string): Anthropic.MessageParam[] => [{ role: 'user', content }];
const marked = (mark: string, more: object = {}): { headers: Record<string, string> } => ({
  headers: { 'x-demo-call': mark },
  ...more,
});
const weather = { name: 'weather', input_schema: { type: 'object' as const, properties: { place: { type: 'string' } } } };

async function expectCharge(mark: string, response: Response): Promise<void> {
  const { usage } = await endedAt(kit, mark);
  const receipt = await receiptOf(kit, response.headers.get('credits-call'));
  expect(receipt).toMatchObject({ state: 'settled', flags: [] });
  expect(Math.round(receipt.charge * 1e6), mark).toBe(reckon(model, usage));
}

test.each(Array.from({ length: 6 }, (_, at) => `json-${at}`))('JSON: %s', async (mark) => {
  const ask = { model, max_tokens: 400, messages: asked(`How did the renewals develop? ${mark}`) };
  const { data, response } = await client.messages.create(ask, marked(mark)).withResponse();
  expect(data.content[0]?.type).toBe('text');
  expect(Math.round(Number(response.headers.get('credits-cost')) * 1e6)).toBe(reckon(model, data.usage));
  await expectCharge(mark, response);
});

test('cached input counts as input', async () => {
  for (let at = 0; at < 3; at += 1) {
    const mark = `cached-${at}`;
    const system = [
      {
        type: 'text' as const,
        text: `You count orders. ${'Carefully. '.repeat(40)}${at}`,
        cache_control: { type: 'ephemeral' as const },
      },
    ];
    const { data, response } = await client.messages
      .create({ model, max_tokens: 20, system, messages: asked('Go.') }, marked(mark))
      .withResponse();
    expect((data.usage.cache_creation_input_tokens ?? 0) + (data.usage.cache_read_input_tokens ?? 0)).toBeGreaterThan(0);
    await expectCharge(mark, response);
  }
});

test('what the SDK makes of it is what it makes of the upstream itself, with tools, in JSON and as a stream', async () => {
  const ask = {
    model,
    max_tokens: 120,
    messages: asked('What is the weather?'),
    tools: [weather],
    tool_choice: { type: 'any' as const },
  };
  expect(comparable(await client.messages.create(ask))).toEqual(comparable(await direct.messages.create(ask)));
  const { data, response } = await client.messages.create({ ...ask, stream: true }, marked('tools')).withResponse();
  const through = await Array.fromAsync(data);
  const straight = await Array.fromAsync(await direct.messages.create({ ...ask, stream: true }));
  expect(comparable(through)).toEqual(comparable(straight));
  await expectCharge('tools', response);
});

test('the stream helper of the SDK ends with a whole message', async () => {
  const message = await client.messages
    .stream({ model, max_tokens: 30, messages: asked('Help.') }, marked('helper'))
    .finalMessage();
  expect(message.usage.output_tokens).toBe(((await endedAt(kit, 'helper'))['usage'] as { output_tokens: number }).output_tokens);
});

test('aborted after every event of a short stream: charged what the upstream told at its end, each time', async () => {
  const ask = { model, max_tokens: 7, stream: true as const, messages: asked('abort me') };
  const whole = await Array.fromAsync(await client.messages.create(ask));
  expect(whole.length).toBeGreaterThan(8);
  const abortAfter = async (count: number): Promise<void> => {
    const mark = `abort-${count}`;
    const leaving = new AbortController();
    const { data, response } = await client.messages.create(ask, marked(mark, { signal: leaving.signal })).withResponse();
    let seen = 0;
    if (count === 0) leaving.abort();
    else
      for await (const _ of data) {
        seen += 1;
        if (seen === count) break;
      }
    leaving.abort();
    expect((await endedAt(kit, mark))['complete']).toBe(true);
    await expectCharge(mark, response);
  };
  await Promise.all(Array.from({ length: whole.length + 1 }, (_, count) => abortAfter(count)));
  await expectNoHold(kit);
});

test("a 402 is the SDK's own error with our message, after exactly one request", async () => {
  const poor = await kit.makeKey({ scope: 'spend', caps: [{ window: 'month', limit: 1 }] });
  const counter = 'tollgate_refusals_total{code="insufficient_credits"}';
  for (const stream of [false, true]) {
    const before = await metric(kit, counter);
    const arrived = arrivals(kit).length;
    const error: unknown = await new Anthropic({ baseURL: `${kit.url}/anthropic`, apiKey: poor.text }).messages
      .create({ model, max_tokens: 5_000, messages: asked('Too dear.'), stream })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(APIError);
    expect((error as { status: number }).status).toBe(402);
    expect((error as Error).message).toMatch(
      /402 .*This call can cost up to [\d.]+ credits; 1 are left in the month cap of this key/,
    );
    // The sentence itself, not the JSON around it.
    expect((error as Error).message).not.toContain('{');
    expect(await metric(kit, counter)).toBe(before + 1);
    expect(arrivals(kit)).toHaveLength(arrived);
  }
});

test('a limit above all counting is refused with the field', async () => {
  const error: unknown = await client.messages
    .create({ model, max_tokens: -3, messages: asked('x') })
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BadRequestError);
  expect((error as Error).message).toContain('body.max_tokens');
});
