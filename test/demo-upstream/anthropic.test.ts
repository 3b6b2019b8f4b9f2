import Anthropic from '@anthropic-ai/sdk';
import { afterAll, expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';

const upstream = await startDemoUpstream({ paceMs: 0, seed: 7 });
afterAll(() => upstream.close());

const client = new Anthropic({ baseURL: upstream.origin, apiKey: 'sk-ant-demo-key', maxRetries: 0 });
const messages = [{ role: 'user' as const, content: 'How did the renewals develop?' }];
const model = 'claude-sonnet-5';
const weather = { name: 'weather', input_schema: { type: 'object' as const, properties: { place: { type: 'string' } } } };

test('a message: the limit is honoured and the usage told', async () => {
  const answer = await client.messages.create({ model, max_tokens: 6, messages });
  expect(answer).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 6, cache_read_input_tokens: 0 } });
});

test('a stream: the events come in order and the usage is cumulative', async () => {
  const events = await Array.fromAsync(await client.messages.create({ model, max_tokens: 6, messages, stream: true }));
  const types = events.map((event) => event.type);
  expect([types[0], types[1], types.at(-3), types.at(-2), types.at(-1)]).toEqual([
    'message_start',
    'content_block_start',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(types.filter((type) => type === 'content_block_delta')).toHaveLength(6);
  expect(events[0]).toMatchObject({ message: { usage: { output_tokens: 1 } } });
  expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 6 } });
});

test('tool use, streamed through the SDK', async () => {
  const stream = client.messages.stream({ model, max_tokens: 900, messages, tools: [weather], tool_choice: { type: 'any' } });
  const answer = await stream.finalMessage();
  expect(answer.stop_reason).toBe('tool_use');
  expect(answer.content[0]).toMatchObject({ type: 'tool_use', name: 'weather', input: { place: expect.any(String) as string } });
});

test('a tool that the server runs is counted in the usage', async () => {
  const search = { type: 'web_search_20250305' as const, name: 'web_search' as const };
  const answer = await client.messages.create({
    model,
    max_tokens: 900,
    messages,
    tools: [search],
    tool_choice: { type: 'any' },
  });
  const uses = answer.content.filter((block) => block.type === 'server_tool_use').length;
  expect(uses).toBeGreaterThan(0);
  expect(answer.usage.server_tool_use?.web_search_requests).toBe(uses);
  expect(answer.stop_reason).toBe('end_turn');
});

test('what is marked for the cache is told apart from the input', async () => {
  const system = [{ type: 'text' as const, text: 'You are careful. '.repeat(40), cache_control: { type: 'ephemeral' as const } }];
  const { usage } = await client.messages.create({ model, max_tokens: 6, messages, system });
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  expect(cached).toBeGreaterThan(50);
  expect(usage.input_tokens).toBeLessThanOrEqual(cached);
  expect(usage.cache_creation?.ephemeral_5m_input_tokens).toBe(usage.cache_creation_input_tokens);
});

test('adaptive thinking shows as a block and is told apart in the usage; the key goes by either header', async () => {
  const answer = await client.messages.create({ model, max_tokens: 900, messages, thinking: { type: 'adaptive' } });
  expect(answer.content.map((block) => block.type)).toEqual(['thinking', 'text']);
  const thought = answer.usage.output_tokens_details?.thinking_tokens ?? 0;
  expect(thought).toBeGreaterThan(0);
  expect(answer.usage.output_tokens).toBeGreaterThan(thought);
  const headers = { 'x-api-key': 'sk-ant-demo', 'anthropic-version': '2023-06-01' };
  const body = JSON.stringify({ model, max_tokens: 0, messages });
  const warmed = await fetch(`${upstream.origin}/v1/messages`, { method: 'POST', headers, body });
  expect(await warmed.json()).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 0 } });
});

test('refusals in its own shape', async () => {
  const stranger = new Anthropic({ baseURL: upstream.origin, apiKey: 'tg_spend_abc', maxRetries: 0 });
  await expect(stranger.messages.create({ model, max_tokens: 6, messages })).rejects.toMatchObject({
    status: 401,
    error: { type: 'error', error: { type: 'authentication_error' } },
  });
  await expect(client.post('/v1/messages', { body: { model, messages } })).rejects.toThrow('max_tokens: Field required');
  const bare = await fetch(`${upstream.origin}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'sk-ant-demo' },
    body: '{}',
  });
  expect([bare.status, await bare.text()]).toEqual([400, expect.stringContaining('anthropic-version')]);
});
