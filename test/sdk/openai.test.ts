// The official SDK `openai`, changed in base URL and key alone: its own parsing is undisturbed, the charge is right to the microcredit, and
// a 402 is its own error after exactly one request.
import OpenAI, { APIError, AuthenticationError, BadRequestError } from 'openai';
import { afterAll, expect, test } from 'vitest';
import { arrivals, endedAt, expectNoHold, metric, receiptOf } from '../http/books.ts';
import { startGateway } from '../kit/gateway.ts';
import { comparable, reckon } from './reckon.ts';

const kit = await startGateway({ credits: 1_000_000, upstream: ['--pace-ms', '2'] });
afterAll(() => kit.close());
const client = new OpenAI({ baseURL: `${kit.url}/openai/v1`, apiKey: kit.spendKey });
const direct = new OpenAI({ baseURL: `${kit.upstream.origin}/v1`, apiKey: 'sk-demo-direct' });

const marked = (mark: string, more: object = {}): { headers: Record<string, string> } => ({
  headers: { 'x-demo-call': mark },
  ...more,
});
const asked = (content: string): OpenAI.ChatCompletionMessageParam[] => [{ role: 'user', content }];
const tools = ['web_search', 'files', 'weather'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters: { type: 'object', properties: { query: { type: 'string' }, most: { type: 'integer' } } } },
}));

async function expectCharge(mark: string, response: Response, model: string, called: readonly string[] = []): Promise<void> {
  const { usage } = await endedAt(kit, mark);
  const receipt = await receiptOf(kit, response.headers.get('credits-call'));
  expect(receipt).toMatchObject({ state: 'settled', flags: called.includes('weather') ? ['value_unknown'] : [] });
  expect(Math.round(receipt.charge * 1e6), mark).toBe(reckon(model, usage, called));
}

const calledIn = (completion: OpenAI.ChatCompletion): string[] =>
  completion.choices.flatMap(({ message }) =>
    (message.tool_calls ?? []).map((call) => ('function' in call ? call.function.name : '')),
  );

test.each(
  Array.from({ length: 8 }, (_, at) => ({
    mark: `json-${at}`,
    ask: {
      model: at % 2 === 0 ? 'gpt-4o' : 'gpt-4o-mini',
      messages: asked(`Tell me about the orders, ${at} times.`),
      ...(at % 4 < 2 ? {} : { n: at }),
      ...(at === 7 ? { max_tokens: 20 } : {}),
    },
  })),
)('JSON without and with n: $mark', async ({ mark, ask }) => {
  const { data, response } = await client.chat.completions.create(ask, marked(mark)).withResponse();
  expect(data.choices).toHaveLength(ask.n ?? 1);
  expect(data.choices[0]?.message.content).toMatch(/\w/);
  expect(data.usage).toEqual((await endedAt(kit, mark))['usage']);
  expect(Math.round(Number(response.headers.get('credits-cost')) * 1e6)).toBe(reckon(ask.model, data.usage));
  await expectCharge(mark, response, ask.model);
});

test('usage did vary', () => {
  const told = kit.upstream.log().filter((line) => String(line['callId']).startsWith('json-') && line['phase'] === 'ended');
  expect(new Set(told.map(({ usage }) => (usage as { completion_tokens: number }).completion_tokens)).size).toBeGreaterThan(4);
});

test('what the SDK makes of it is what it makes of the upstream itself', async () => {
  const ask = { model: 'gpt-4o-mini', messages: asked('How were the returns?'), max_completion_tokens: 50, n: 2, tools };
  expect(comparable(await client.chat.completions.create(ask))).toEqual(comparable(await direct.chat.completions.create(ask)));
  const stream = { ...ask, stream: true as const, stream_options: { include_usage: true } };
  const [through, straight] = await Promise.all([
    Array.fromAsync(await client.chat.completions.create(stream)),
    Array.fromAsync(await direct.chat.completions.create(stream)),
  ]);
  expect(comparable(through)).toEqual(comparable(straight));
});

test('tool calls are charged by their names, in JSON and in a stream', async () => {
  const ask = {
    model: 'gpt-4o',
    messages: asked('Look it up.'),
    tools,
    tool_choice: 'required' as const,
    max_completion_tokens: 300,
  };
  const { data, response } = await client.chat.completions.create(ask, marked('tools')).withResponse();
  expect(calledIn(data).length).toBeGreaterThan(0);
  await expectCharge('tools', response, 'gpt-4o', calledIn(data));
  for (let at = 0; at < 3; at += 1) {
    const mark = `tools-${at}`;
    const streamed = await client.chat.completions
      .create({ ...ask, stream: true, messages: asked(`Look it up, ${at}.`) }, marked(mark))
      .withResponse();
    const names: string[] = [];
    for await (const chunk of streamed.data)
      for (const call of chunk.choices[0]?.delta.tool_calls ?? [])
        if (call.function?.name !== undefined) names.push(call.function.name);
    expect(names.length).toBeGreaterThan(0);
    await expectCharge(mark, streamed.response, 'gpt-4o', names);
  }
});

test('a stream without max_tokens and without usage asked for: every chunk has a choice, and the charge is right', async () => {
  for (const n of [1, 3]) {
    const mark = `stream-${n}`;
    const ask = { model: 'gpt-4o-mini', messages: asked('Stream it.'), stream: true as const, n };
    const { data, response } = await client.chat.completions.create(ask, marked(mark)).withResponse();
    const chunks = await Array.fromAsync(data);
    expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
    expect(chunks.every((chunk) => (chunk.usage ?? null) === null)).toBe(true);
    expect(new Set(chunks.map((chunk) => chunk.choices[0]?.index)).size).toBe(n);
    await expectCharge(mark, response, 'gpt-4o-mini');
  }
});

test('the stream helper of the SDK ends with a whole message', async () => {
  const stream = client.chat.completions.stream({ model: 'gpt-4o-mini', messages: asked('Help.'), max_completion_tokens: 30 });
  const { choices } = await stream.finalChatCompletion();
  expect(choices[0]?.message.content?.length).toBeGreaterThan(0);
});

test('aborted after every chunk of a short stream: charged what the upstream told at its end, each time', async () => {
  const ask = { model: 'gpt-4o-mini', max_completion_tokens: 8, stream: true as const };
  const whole = await Array.fromAsync(await client.chat.completions.create({ ...ask, messages: asked('abort me') }));
  expect(whole.length).toBeGreaterThan(8);
  const abortAfter = async (count: number): Promise<void> => {
    const mark = `abort-${count}`;
    const leaving = new AbortController();
    const { data, response } = await client.chat.completions
      .create({ ...ask, messages: asked('abort me') }, marked(mark, { signal: leaving.signal }))
      .withResponse();
    let seen = 0;
    if (count === 0) leaving.abort();
    else
      for await (const _ of data) {
        seen += 1;
        if (seen === count) break;
      }
    leaving.abort();
    expect((await endedAt(kit, mark))['complete']).toBe(true);
    await expectCharge(mark, response, 'gpt-4o-mini');
  };
  await Promise.all(Array.from({ length: whole.length + 1 }, (_, count) => abortAfter(count)));
  await expectNoHold(kit);
});

test('responses and embeddings, JSON and streaming', async () => {
  const ask = { model: 'gpt-4o', input: 'Sum up the month.' };
  const json = await client.responses.create(ask, marked('response')).withResponse();
  expect(json.data.output_text).toMatch(/\w/);
  await expectCharge('response', json.response, 'gpt-4o');
  const streamed = await client.responses.create({ ...ask, stream: true }, marked('response-stream')).withResponse();
  const events = await Array.fromAsync(streamed.data);
  expect(events.at(-1)?.type).toMatch(/^response\.(completed|incomplete)$/);
  await expectCharge('response-stream', streamed.response, 'gpt-4o');
  const limited = { ...ask, max_output_tokens: 40, stream: true as const };
  expect(comparable(await Array.fromAsync(await client.responses.create(limited)))).toEqual(
    comparable(await Array.fromAsync(await direct.responses.create(limited))),
  );
  const model = 'text-embedding-3-small';
  const embedded = await client.embeddings.create({ model, input: ['a', 'bc'], dimensions: 8 }, marked('embed')).withResponse();
  expect(embedded.data.data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
  await expectCharge('embed', embedded.response, model);
  expect((await Array.fromAsync(await client.models.list())).length).toBeGreaterThan(3);
});

test("a 402 is the SDK's own error with our message, after exactly one request", async () => {
  const poor = await kit.makeKey({ scope: 'spend', caps: [{ window: 'month', limit: 1 }] });
  const counter = 'tollgate_refusals_total{code="insufficient_credits"}';
  for (const stream of [false, true]) {
    const before = await metric(kit, counter);
    const arrived = arrivals(kit).length;
    const error: unknown = await new OpenAI({ baseURL: `${kit.url}/openai/v1`, apiKey: poor.text }).chat.completions
      .create({ model: 'gpt-4o', messages: asked('Too dear.'), max_completion_tokens: 5_000, stream })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 402, code: 'insufficient_credits', type: 'insufficient_credits' });
    expect((error as APIError).message).toMatch(
      /402 This call can cost up to [\d.]+ credits; 1 are left in the month cap of this key/,
    );
    expect(await metric(kit, counter)).toBe(before + 1);
    expect(arrivals(kit)).toHaveLength(arrived);
  }
});

test('an unknown model is its BadRequestError, no key its AuthenticationError; neither is retried', async () => {
  const arrived = arrivals(kit).length;
  await expect(client.chat.completions.create({ model: 'gpt-9', messages: asked('x') })).rejects.toBeInstanceOf(BadRequestError);
  const stranger = new OpenAI({ baseURL: `${kit.url}/openai/v1`, apiKey: 'sk-real-looking' });
  await expect(stranger.chat.completions.create({ model: 'gpt-4o', messages: asked('x') })).rejects.toBeInstanceOf(
    AuthenticationError,
  );
  expect(arrivals(kit)).toHaveLength(arrived);
});

test('a stream that the upstream breaks off is an error to the SDK, never an end that looks whole', async () => {
  const ask = { model: 'gpt-4o-mini', messages: asked('Break off.'), stream: true as const, max_completion_tokens: 40 };
  for (const fault of ['cut-after=1200', 'reset-after=1200']) {
    const stream = await client.chat.completions.create(ask, { headers: { 'x-demo-fault': fault } });
    await expect(Array.fromAsync(stream)).rejects.toThrow();
  }
  await expectNoHold(kit);
});
