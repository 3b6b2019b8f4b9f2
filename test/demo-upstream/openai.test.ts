import OpenAI, { APIError, toFile } from 'openai';
import { afterAll, expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';

const upstream = await startDemoUpstream({ paceMs: 0, seed: 7 });
afterAll(() => upstream.close());

const client = new OpenAI({ baseURL: `${upstream.origin}/v1`, apiKey: 'sk-demo-test-key', maxRetries: 0 });
const messages = [{ role: 'user' as const, content: 'How did the returns develop?' }];
const tools = ['web_search', 'memory'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters: { type: 'object', properties: { query: { type: 'string' }, most: { type: 'integer' } } } },
}));

test('the same request has the same usage and text, another id; another request differs', async () => {
  const ask = { model: 'gpt-4o', messages, max_tokens: 500 };
  const [first, again, other] = await Promise.all([
    client.chat.completions.create(ask),
    client.chat.completions.create(ask),
    client.chat.completions.create({ ...ask, messages: [{ role: 'user', content: 'And the orders?' }] }),
  ]);
  expect(again.usage).toEqual(first.usage);
  expect(again.choices).toEqual(first.choices);
  expect(again.id).not.toBe(first.id);
  expect(other.choices[0]?.message.content).not.toBe(first.choices[0]?.message.content);
  expect(first.usage?.total_tokens).toBe((first.usage?.prompt_tokens ?? 0) + (first.usage?.completion_tokens ?? 0));
});

test('the limit is honoured, times n', async () => {
  const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages, max_completion_tokens: 5, n: 3 });
  expect(answer.choices.map((choice) => choice.finish_reason)).toEqual(['length', 'length', 'length']);
  expect(answer.usage?.completion_tokens).toBe(15);
  const reasoned = await client.chat.completions.create({ model: 'o4-mini', messages, max_completion_tokens: 40 });
  expect(reasoned.usage?.completion_tokens).toBe(40);
  expect(reasoned.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThanOrEqual(32);
});

test('max_tokens beside max_completion_tokens is 400, as are max_tokens on a reasoning model and stream_options without stream', async () => {
  const refused = async (body: object): Promise<unknown> => {
    const error: unknown = await client
      .post('/chat/completions', { body: { messages, ...body } })
      .catch((reason: unknown) => reason);
    return error instanceof APIError ? [error.status, error.code, error.param] : error;
  };
  expect(await refused({ model: 'gpt-4o', max_tokens: 5, max_completion_tokens: 5 })).toEqual([
    400,
    'invalid_parameter_combination',
    'max_tokens',
  ]);
  expect(await refused({ model: 'o3', max_tokens: 5 })).toEqual([400, 'unsupported_parameter', 'max_tokens']);
  expect(await refused({ model: 'gpt-4o', stream_options: { include_usage: true } })).toEqual([400, null, 'stream_options']);
  expect(await refused({ model: 'gpt-9' })).toEqual([404, 'model_not_found', null]);
});

test('a stream without include_usage has no usage at all', async () => {
  const chunks = await Array.fromAsync(
    await client.chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 9, stream: true }),
  );
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.some((chunk) => 'usage' in chunk || chunk.choices.length === 0)).toBe(false);
});

test('with include_usage every chunk has null and a last one without choices the usage', async () => {
  const stream = {
    model: 'gpt-4o',
    messages,
    max_tokens: 9,
    n: 2,
    stream: true,
    stream_options: { include_usage: true },
  } as const;
  const chunks = await Array.fromAsync(await client.chat.completions.create(stream));
  const last = chunks.pop();
  expect(chunks.every((chunk) => chunk.usage === null && chunk.choices.length === 1)).toBe(true);
  expect(last).toMatchObject({ choices: [], usage: { completion_tokens: 18 } });
  const told = chunks.filter(
    (chunk) => typeof chunk.choices[0]?.delta.content === 'string' && chunk.choices[0].delta.content !== '',
  );
  expect(told).toHaveLength(18);
});

test('tools are called by name with arguments of their schema, streaming and not', async () => {
  const ask = { model: 'gpt-4o', messages, tools, tool_choice: 'required' as const };
  const whole = await client.chat.completions.create(ask);
  const calls = whole.choices[0]?.message.tool_calls?.map((call) => (call.type === 'function' ? call.function : undefined)) ?? [];
  expect(calls.length).toBeGreaterThan(0);
  for (const call of calls) {
    expect(['web_search', 'memory']).toContain(call?.name);
    expect(JSON.parse(call?.arguments ?? '')).toEqual({
      query: expect.any(String) as string,
      most: expect.any(Number) as number,
    });
  }
  const streamed = await client.chat.completions.stream(ask).finalChatCompletion();
  expect(streamed.choices[0]?.finish_reason).toBe('tool_calls');
  const [call] = streamed.choices[0]?.message.tool_calls ?? [];
  expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toHaveProperty('query');
});

test('responses: JSON and events agree on their shape, text and usage', async () => {
  const whole = await client.responses.create({ model: 'gpt-5-mini', input: 'Summarise the invoices.', max_output_tokens: 400 });
  expect(whole.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  expect(whole.usage?.output_tokens).toBeLessThanOrEqual(400);
  const events = await Array.fromAsync(
    await client.responses.create({ model: 'gpt-4o', input: 'Summarise the invoices.', max_output_tokens: 16, stream: true }),
  );
  expect(events[0]?.type).toBe('response.created');
  const last = events.at(-1);
  if (last?.type !== 'response.incomplete') throw new Error(`ended with ${last?.type}`);
  const deltas = events.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
  expect(last.response.usage?.output_tokens).toBe(deltas.length);
  expect(last.response.output[0]).toMatchObject({ type: 'message', content: [{ text: deltas.join('') }] });
  const sdk = client.responses.stream({ model: 'gpt-4o', input: 'x', tools: [{ type: 'web_search' }], tool_choice: 'required' });
  expect((await sdk.finalResponse()).output[0]?.type).toBe('web_search_call');
});

test('embeddings: one unit vector for each input, as numbers and as base64', async () => {
  const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 8 });
  expect(answer.data.map((one) => one.embedding.length)).toEqual([8, 8]);
  const norm = Math.hypot(...(answer.data[0]?.embedding ?? []));
  expect(norm).toBeCloseTo(1, 5);
  const plain = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: 'one',
    dimensions: 8,
    encoding_format: 'float',
  });
  expect(plain.data[0]?.embedding).toEqual(answer.data[0]?.embedding);
  expect(plain.usage.prompt_tokens).toBeGreaterThan(0);
});

test('models and files', async () => {
  expect((await client.models.list()).data.map((model) => model.id)).toContain('gpt-4o');
  const file = await client.files.create({ file: await toFile(Buffer.from('a,b\n1,2\n'), 'rows.csv'), purpose: 'user_data' });
  expect(await client.files.retrieve(file.id)).toMatchObject({ filename: 'rows.csv', bytes: 8, purpose: 'user_data' });
  await expect(client.files.retrieve('file-none')).rejects.toMatchObject({ status: 404 });
});

test('a key that is not a demo key is 401 in its shape', async () => {
  const stranger = new OpenAI({ baseURL: `${upstream.origin}/v1`, apiKey: 'tg_spend_abcdefgh', maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
});

test('content by reference costs more tokens than the bytes that name it', async () => {
  const image = { type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } };
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: [image] }],
    max_tokens: 5,
  });
  expect(answer.usage?.prompt_tokens).toBeGreaterThan(700);
});
