import type { RawMessageStreamEvent, Usage } from '@anthropic-ai/sdk/resources/messages';
import { METERS } from '@tollgate/shared/meter/meters';
import { expect, test } from 'vitest';
import { named, passEveryCut, passWire } from './pass-wire.ts';

const meter = METERS['anthropic'];

const USAGE: Usage = {
  input_tokens: 25,
  cache_creation_input_tokens: 100,
  cache_read_input_tokens: 1_000,
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 100 },
  output_tokens: 1,
  output_tokens_details: null,
  server_tool_use: null,
  inference_geo: null,
  service_tier: 'standard',
  speed: null,
};
const INPUT = { input_tokens: 1_125, uncached_input_tokens: 25, cached_input_tokens: 1_000, cache_write_tokens: 100 };

function start(usage: Partial<Usage> = {}): RawMessageStreamEvent {
  const fixed = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    container: null,
    diagnostics: null,
  } as const;
  const stopped = { stop_reason: null, stop_sequence: null, stop_details: null };
  return { type: 'message_start', message: { ...fixed, ...stopped, content: [], usage: { ...USAGE, ...usage } } };
}

const TEXT: RawMessageStreamEvent[] = [
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Gr\u00fc\u00df ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '\u{1F600}' } },
  { type: 'content_block_stop', index: 0 },
];
const TOOL: RawMessageStreamEvent[] = [
  {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {}, caller: { type: 'direct' } },
  },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city": "' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: 'Bern"}' } },
  { type: 'content_block_stop', index: 1 },
];
const THINKING: RawMessageStreamEvent[] = [
  { type: 'content_block_start', index: 2, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'signature_delta', signature: 'EqQBCg' } },
  { type: 'content_block_stop', index: 2 },
];
const SEARCH: RawMessageStreamEvent[] = [
  {
    type: 'content_block_start',
    index: 3,
    content_block: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {}, caller: { type: 'direct' } },
  },
  { type: 'content_block_stop', index: 3 },
  {
    type: 'content_block_start',
    index: 4,
    content_block: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [], caller: { type: 'direct' } },
  },
  { type: 'content_block_stop', index: 4 },
];
const PING = { type: 'ping' };
const STOP: RawMessageStreamEvent = { type: 'message_stop' };

/** `message_delta` as it is on the wire: what did not change may be left out. */
function finish(usage: object) {
  return { type: 'message_delta' as const, delta: { stop_reason: 'end_turn', stop_sequence: null }, usage };
}

test('a stream: input at the start, output cumulative at the end', () => {
  const text = named(start(), PING, ...TEXT, ...TOOL, finish({ output_tokens: 89 }), STOP);
  const { shown, measurement, failed } = passEveryCut({ meter }, text);
  expect(shown).toBe(text);
  expect(failed).toBe(false);
  expect(measurement).toEqual({
    quantities: { ...INPUT, output_tokens: 89, answer_tokens: 89, reasoning_tokens: 0, tool_calls: { get_weather: 1 } },
    received: {},
    problems: [],
  });
});

test('the last cumulative figures win, also those of the input', () => {
  const usage = {
    input_tokens: 40,
    cache_read_input_tokens: 2_000,
    output_tokens: 9,
    output_tokens_details: { thinking_tokens: 4 },
  };
  const text = named(
    start({ input_tokens: 0, cache_creation_input_tokens: null, cache_read_input_tokens: null }),
    finish({ output_tokens: 5 }),
    finish(usage),
    STOP,
  );
  expect(passWire({ meter }, [text]).measurement).toEqual({
    quantities: {
      input_tokens: 2_040,
      uncached_input_tokens: 40,
      cached_input_tokens: 2_000,
      cache_write_tokens: 0,
      output_tokens: 9,
      answer_tokens: 5,
      reasoning_tokens: 4,
      tool_calls: {},
    },
    received: {},
    problems: [],
  });
});

test('a stream that broke off: input as measured, output as received', () => {
  const bytes = Buffer.byteLength('Gr\u00fc\u00df \u{1F600}get_weather{"city": "Bern"}');
  const { measurement, soFar } = passEveryCut({ meter, how: 'broken' }, named(start(), ...TEXT, ...TOOL));
  expect(soFar).toMatchObject({ ...INPUT, output_tokens: 1, tool_calls: { get_weather: 1 } });
  expect(measurement).toEqual({
    quantities: INPUT,
    received: { answer_tokens: bytes, reasoning_tokens: 0, output_tokens: bytes, tool_calls: { get_weather: 1 } },
    problems: [],
  });
});

test('nothing is received but never less than was reported', () => {
  expect(passWire({ meter, how: 'broken' }, [named(start({ output_tokens: 3 }))]).measurement.received).toMatchObject({
    output_tokens: 3,
  });
});

test('thinking may be billed beyond what is shown of it', () => {
  const { received } = passWire({ meter, how: 'broken' }, [named(start(), ...THINKING, ...TEXT)]).measurement;
  expect(Object.keys(received)).toEqual(['answer_tokens', 'tool_calls']);
});

test('a search brings input that the start did not know', () => {
  const broken = passWire({ meter, how: 'broken' }, [named(start(), ...SEARCH)]);
  expect(broken.measurement.quantities).toEqual({});
  expect(broken.measurement.received['tool_calls']).toEqual({ web_search: 1 });
  const usage = { input_tokens: 9_000, output_tokens: 20, server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 } };
  const ended = passWire({ meter }, [named(start(), ...SEARCH, finish(usage), STOP)]);
  expect(ended.measurement.quantities).toMatchObject({ input_tokens: 10_100, tool_calls: { web_search: 2 } });
});

test('what is billed beside the message is added', () => {
  const compaction = {
    type: 'compaction',
    input_tokens: 500,
    output_tokens: 70,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const message = {
    type: 'message',
    input_tokens: 25,
    output_tokens: 10,
    cache_read_input_tokens: 1_000,
    cache_creation_input_tokens: 100,
  };
  const usage = { ...USAGE, output_tokens: 10, iterations: [compaction, message] };
  const { quantities } = passWire({ meter, form: 'json' }, [JSON.stringify({ type: 'message', content: [], usage })]).measurement;
  expect(quantities).toMatchObject({ input_tokens: 1_625, uncached_input_tokens: 525, output_tokens: 80 });
});

test('a whole answer', () => {
  const content = [
    { type: 'thinking', thinking: 'Hm', signature: 'x' },
    { type: 'text', text: 'name: "type"' },
    { type: 'server_tool_use', id: 's', name: 'code_execution', input: { name: 'x' } },
    { type: 'tool_use', id: 't', name: 'get_weather', input: { type: 'tool_use', name: 'y' } },
  ];
  const usage = { ...USAGE, output_tokens: 60, output_tokens_details: { thinking_tokens: 20 } };
  expect(
    passEveryCut({ meter, form: 'json' }, JSON.stringify({ id: 'msg_1', type: 'message', content, usage })).measurement,
  ).toEqual({
    quantities: {
      ...INPUT,
      output_tokens: 60,
      answer_tokens: 40,
      reasoning_tokens: 20,
      tool_calls: { code_execution: 1, get_weather: 1 },
    },
    received: {},
    problems: [],
  });
});

test('an error event after a 200 is a failure', () => {
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  const { failed, measurement } = passEveryCut({ meter, how: 'broken' }, named(start(), ...TEXT, error));
  expect(failed).toBe(true);
  expect(measurement.quantities).toEqual(INPUT);
  expect(measurement.received['output_tokens']).toBe(Buffer.byteLength('Gr\u00fc\u00df \u{1F600}'));
  expect(passWire({ meter, form: 'json' }, [JSON.stringify(error)]).failed).toBe(true);
});

test.each([-1, '12', 1.5, 1e300, true])('a cached part of %j leaves no input to believe', (cached) => {
  const usage = { ...USAGE, cache_read_input_tokens: cached };
  const { quantities, problems } = passWire({ meter, form: 'json' }, [
    JSON.stringify({ type: 'message', content: [], usage }),
  ]).measurement;
  expect(quantities).not.toHaveProperty('input_tokens');
  expect(quantities).not.toHaveProperty('uncached_input_tokens');
  expect(quantities).toMatchObject({ output_tokens: 1 });
  expect(problems.map(({ quantity }) => quantity)).toEqual(expect.arrayContaining(['input_tokens', 'cached_input_tokens']));
});

test('what refers to content elsewhere', () => {
  const refers = (more: object) => meter?.refersElsewhere({ messages: [], ...more });
  const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
  expect(
    refers({
      system: 'text',
      tools: [
        { name: 'f', input_schema: {} },
        { type: 'bash_20250124', name: 'bash' },
      ],
    }),
  ).toBe(false);
  expect(refers(user({ type: 'tool_use', id: 't', name: 'f', input: { file_id: 'x' } }))).toBe(false);
  expect(refers(user({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }))).toBe(true);
  expect(
    refers(user({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'document', source: { type: 'url', url: 'x' } }] })),
  ).toBe(true);
  expect(refers({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toBe(true);
  expect(refers({ container: 'container_1' })).toBe(true);
});
