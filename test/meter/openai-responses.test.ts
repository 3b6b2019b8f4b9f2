import { METERS } from '@tollgate/shared/meter/meters';
import type { ResponseUsage } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import { named, passEveryCut, passWire } from './pass-wire.ts';

const USAGE: ResponseUsage = {
  input_tokens: 300,
  input_tokens_details: { cached_tokens: 128, cache_write_tokens: 0 },
  output_tokens: 90,
  output_tokens_details: { reasoning_tokens: 50 },
  total_tokens: 390,
};
const FIGURES = {
  input_tokens: 300,
  uncached_input_tokens: 172,
  cached_input_tokens: 128,
  cache_write_tokens: 0,
  output_tokens: 90,
  answer_tokens: 40,
  reasoning_tokens: 50,
};

const REASONING = { id: 'rs_1', type: 'reasoning', summary: [] };
const SEARCH = { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'b' } };
const OPENED = {
  id: 'ws_2',
  type: 'web_search_call',
  status: 'completed',
  action: { type: 'open_page', url: 'https://example.com' },
};
const FUNCTION = {
  id: 'fc_1',
  type: 'function_call',
  status: 'completed',
  name: 'get_weather',
  call_id: 'call_1',
  arguments: '{"city":"Z\u00fcrich"}',
};
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hello "you" {', annotations: [] }],
};
const FILES = { id: 'fs_1', type: 'file_search_call', status: 'completed', queries: ['q'], results: null };
const CODE = { id: 'ci_1', type: 'code_interpreter_call', status: 'completed', code: '1', container_id: 'c', outputs: null };
const REMOTE = { id: 'mcp_1', type: 'mcp_call', name: 'lookup', server_label: 's', arguments: '{}' };
const OUTPUT = [REASONING, SEARCH, OPENED, FUNCTION, MESSAGE, FILES, CODE, REMOTE];
const TOOLS = { web_search: 1, 'web_search.open_page': 1, get_weather: 1, file_search: 1, code_interpreter: 1, lookup: 1 };

function response(status: string, more: object = {}): object {
  return { id: 'resp_1', object: 'response', status, error: null, output: [], usage: null, ...more };
}

const STARTED = [{ type: 'response.created', response: response('in_progress') }];
const ITEMS = [
  { type: 'response.output_item.added', output_index: 0, item: { ...FUNCTION, arguments: '' } },
  { type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_1', delta: '{"city":' },
  { type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_1', delta: '"Z\u00fcrich"}' },
  { type: 'response.function_call_arguments.done', output_index: 0, item_id: 'fc_1', arguments: FUNCTION.arguments },
  { type: 'response.output_item.done', output_index: 0, item: FUNCTION },
  { type: 'response.output_text.delta', output_index: 1, item_id: 'msg_1', delta: 'Hello ' },
  { type: 'response.refusal.delta', output_index: 1, item_id: 'msg_1', delta: '\u{1F600}' },
];
const SEARCHED = { type: 'response.output_item.done', output_index: 2, item: SEARCH };

describe.each(['openai', 'openai-responses'])('%s', (name) => {
  const meter = METERS[name];

  test.each(['completed', 'incomplete'])('a stream that is %s', (status) => {
    const last = { type: `response.${status}`, response: response(status, { output: OUTPUT, usage: USAGE }) };
    const text = named(...STARTED, ...ITEMS, SEARCHED, last);
    const { shown, failed, measurement } = passEveryCut({ meter, body: { input: 'x', stream: true } }, text);
    expect(shown).toBe(text);
    expect(failed).toBe(false);
    expect(measurement).toEqual({ quantities: { ...FIGURES, tool_calls: TOOLS }, received: {}, problems: [] });
  });

  test('a response that failed keeps the usage that it reports', () => {
    const error = { code: 'server_error', message: 'x' };
    const last = { type: 'response.failed', response: response('failed', { error, usage: USAGE }) };
    const streamed = passWire({ meter, how: 'broken' }, [named(...STARTED, last)]);
    const whole = passWire({ meter, form: 'json' }, [JSON.stringify(last.response)]);
    for (const { failed, measurement } of [streamed, whole]) {
      expect(failed).toBe(true);
      expect(measurement.quantities).toMatchObject(FIGURES);
    }
  });

  test('a stream that broke off counts what was received', () => {
    const bytes = Buffer.byteLength('get_weather{"city":"Z\u00fcrich"}Hello \u{1F600}');
    expect(passEveryCut({ meter, how: 'broken' }, named(...STARTED, ...ITEMS)).measurement).toEqual({
      quantities: {},
      received: { answer_tokens: bytes, reasoning_tokens: 0, output_tokens: bytes, tool_calls: { get_weather: 1 } },
      problems: [],
    });
  });

  test('reasoning that is not delivered leaves the output without an upper count', () => {
    const added = { type: 'response.output_item.added', output_index: 3, item: REASONING };
    const { received } = passWire({ meter, how: 'broken' }, [named(...STARTED, ...ITEMS, added)]).measurement;
    expect(Object.keys(received)).toEqual(['answer_tokens', 'tool_calls']);
  });

  test('an error event is a failure', () => {
    const error = { type: 'error', code: 'server_error', message: 'x', param: null };
    expect(passWire({ meter }, [named(...STARTED, error)]).failed).toBe(true);
  });

  test('a whole answer', () => {
    const text = JSON.stringify(response('completed', { output: OUTPUT, usage: USAGE }), null, 1);
    expect(passEveryCut({ meter, form: 'json' }, text).measurement).toEqual({
      quantities: { ...FIGURES, tool_calls: TOOLS },
      received: {},
      problems: [],
    });
  });

  test('searches count as the upstream bills them', () => {
    const tool_usage = { web_search: { num_requests: 3 } };
    const done = response('completed', { output: OUTPUT, usage: USAGE, tool_usage });
    const whole = passWire({ meter, form: 'json' }, [JSON.stringify(done)]);
    const streamed = passWire({ meter }, [named({ type: 'response.completed', response: done })]);
    for (const { measurement } of [whole, streamed])
      expect(measurement.quantities['tool_calls']).toEqual({ ...TOOLS, web_search: 3 });
  });

  test('the usage of an event too long to be read is found, and the text of others counts by its bytes', () => {
    const picture = { id: 'ig_1', type: 'image_generation_call', status: 'completed', result: 'A'.repeat(5_000) };
    const last = { type: 'response.completed', response: response('completed', { output: [picture, FUNCTION], usage: USAGE }) };
    const item = { type: 'response.output_item.done', output_index: 0, item: picture };
    const wire = named(...STARTED, item, last);
    const pieces = wire.match(/[^]{1,700}/g) ?? [];
    const { shown, measurement } = passWire({ meter, mostChars: 1_000 }, pieces);
    expect(shown).toBe(wire);
    expect(measurement.quantities).toEqual({ ...FIGURES, tool_calls: { get_weather: 1, image_generation: 1 } });
    const broken = passWire({ meter, mostChars: 1_000, how: 'broken' }, named(item).match(/[^]{1,700}/g) ?? []);
    expect(broken.measurement.received['output_tokens']).toBeGreaterThan(5_000);
  });
});

test('what refers to content elsewhere', () => {
  const refers = (body: unknown) => METERS['openai']?.refersElsewhere(body);
  expect(refers({ input: 'text', tools: [{ type: 'function', name: 'f', parameters: { properties: { image_url: {} } } }] })).toBe(
    false,
  );
  expect(refers({ input: 'text', previous_response_id: null })).toBe(false);
  expect(refers({ input: 'text', previous_response_id: 'resp_1' })).toBe(true);
  expect(refers({ input: 'text', conversation: 'conv_1' })).toBe(true);
  expect(refers({ prompt: { id: 'pmpt_1' } })).toBe(true);
  expect(refers({ input: 'text', tools: [{ type: 'web_search' }] })).toBe(true);
  expect(refers({ input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1', detail: 'auto' }] }] })).toBe(true);
  expect(refers({ input: [{ type: 'item_reference', id: 'msg_1' }] })).toBe(true);
});

describe.each(['openai', 'openai-embeddings'])('embeddings by %s', (name) => {
  const meter = METERS[name];
  const text = JSON.stringify({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [0.1, -2e-3, 5] }],
    model: 'text-embedding-3-small',
    usage: { prompt_tokens: 8, total_tokens: 8 },
  });

  test('the input is all there is', () => {
    const { quantities, problems } = passEveryCut({ meter, form: 'json', body: { input: 'x', model: 'm' } }, text).measurement;
    expect(quantities).toMatchObject({ input_tokens: 8, uncached_input_tokens: 8, cached_input_tokens: 0 });
    expect(quantities).not.toHaveProperty('output_tokens');
    expect(problems).toEqual([]);
  });
});
