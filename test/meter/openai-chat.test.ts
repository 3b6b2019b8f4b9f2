import { METERS } from '@tollgate/shared/meter/meters';
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { describe, expect, test } from 'vitest';
import { passEveryCut, passWire, sse } from './pass-wire.ts';

const METER_NAMES = ['openai', 'openai-chat'] as const;
const USAGE: CompletionUsage = {
  prompt_tokens: 120,
  completion_tokens: 40,
  total_tokens: 160,
  prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 16, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 12, accepted_prediction_tokens: 0 },
};
const FIGURES = {
  input_tokens: 120,
  uncached_input_tokens: 40,
  cached_input_tokens: 64,
  cache_write_tokens: 16,
  output_tokens: 40,
  answer_tokens: 28,
  reasoning_tokens: 12,
};

type Delta = ChatCompletionChunk.Choice.Delta;

function chunk(
  choices: readonly (readonly [index: number, delta: Delta])[],
  usage?: CompletionUsage | null,
): ChatCompletionChunk {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_763_600_000,
    model: 'gpt-4o-2024-08-06',
    choices: choices.map(([index, delta]) => ({ index, delta, finish_reason: null, logprobs: null })),
    ...(usage === undefined ? {} : { usage }),
  };
}

const CHUNKS = [
  chunk([[0, { role: 'assistant', content: '' }]], null),
  chunk(
    [
      [0, { content: 'Gr\u00fc\u00df "dich" \u{1F600}' }],
      [1, { refusal: 'No.' }],
    ],
    null,
  ),
  chunk(
    [[1, { tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } }] }]],
    null,
  ),
  chunk([[1, { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }]], null),
  chunk(
    [[1, { tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'get_weather', arguments: '{}' } }] }]],
    null,
  ),
  chunk([[0, { tool_calls: [{ index: 0, id: 'call_c', type: 'custom', custom: { name: 'memory', input: 'x' } }] }]], null),
];
const REPORT = chunk([], USAGE);
const STREAM = sse(...CHUNKS, REPORT, '[DONE]');
const PLAIN = { model: 'gpt-4o', messages: [], stream: true };

describe.each(METER_NAMES)('%s', (name) => {
  const meter = METERS[name];

  test('a stream, with its report hidden from a client that did not ask', () => {
    const { shown, measurement } = passEveryCut({ meter, body: PLAIN }, STREAM);
    expect(shown).toBe(sse(...CHUNKS, '[DONE]'));
    expect(measurement).toEqual({
      quantities: { ...FIGURES, tool_calls: { get_weather: 2, memory: 1 } },
      received: {},
      problems: [],
    });
  });

  test('a client that asked for the report sees every byte', () => {
    const body = { ...PLAIN, stream_options: { include_usage: true } };
    expect(passWire({ meter, body }, [STREAM]).shown).toBe(STREAM);
  });

  test('a stream that broke off counts what was received, and no less', () => {
    const text = ['Gr\u00fc\u00df "dich" \u{1F600}', 'No.', 'get_weather{"city":', 'get_weather{}', 'memoryx'].join('');
    const { measurement, soFar } = passEveryCut({ meter, body: PLAIN, how: 'broken' }, sse(...CHUNKS));
    const bytes = Buffer.byteLength(text);
    const tools = { get_weather: 2, memory: 1 };
    expect(soFar).toEqual({ tool_calls: tools });
    expect(measurement).toEqual({
      quantities: {},
      received: { answer_tokens: bytes, reasoning_tokens: 0, output_tokens: bytes, tool_calls: tools },
      problems: [],
    });
  });

  test('a model that may reason unseen gives no upper count of its output', () => {
    const body = { ...PLAIN, model: 'o4-mini' };
    const { received } = passWire({ meter, body, how: 'cut' }, [sse(...CHUNKS)]).measurement;
    expect(Object.keys(received)).toEqual(['answer_tokens', 'tool_calls']);
  });

  test('a whole answer', () => {
    const completion: ChatCompletion = {
      id: 'chatcmpl-2',
      object: 'chat.completion',
      created: 1_763_600_000,
      model: 'gpt-4o-2024-08-06',
      choices: [0, 1].map((index) => ({
        index,
        finish_reason: 'tool_calls',
        logprobs: null,
        message: {
          role: 'assistant',
          content: 'a "quoted" {brace} \\ and [more]',
          refusal: null,
          tool_calls: [
            { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"name":"x"}' } },
            { id: 'call_b', type: 'custom', custom: { name: 'memory', input: 'y' } },
          ],
        },
      })),
      usage: USAGE,
    };
    expect(passEveryCut({ meter, form: 'json' }, JSON.stringify(completion, null, 1)).measurement).toEqual({
      quantities: { ...FIGURES, tool_calls: { get_weather: 2, memory: 2 } },
      received: {},
      problems: [],
    });
  });

  test('a whole answer that broke off tells only what it told', () => {
    const text = JSON.stringify({ usage: USAGE, choices: [{ message: { tool_calls: [{ function: { name: 'a' } }] } }] });
    const { quantities, received } = passWire({ meter, form: 'json', how: 'broken' }, [text.slice(0, -2)]).measurement;
    expect(quantities).toEqual(FIGURES);
    expect(received).toEqual({});
  });

  test('usage that comes with every chunk is final only at the end', () => {
    const running = [1, 2, 3].map((tokens) =>
      chunk([[0, { content: 'x' }]], { prompt_tokens: 9, completion_tokens: tokens, total_tokens: 9 + tokens }),
    );
    const ended = passWire({ meter, body: PLAIN }, [sse(...running, '[DONE]')]);
    expect(ended.measurement.quantities).toMatchObject({ input_tokens: 9, output_tokens: 3 });
    expect(ended.measurement.problems).toEqual([]);
    const broken = passWire({ meter, body: PLAIN, how: 'broken' }, [sse(...running)]);
    expect(broken.soFar).toMatchObject({ input_tokens: 9, output_tokens: 3 });
    expect(broken.measurement).toMatchObject({ quantities: {}, received: { output_tokens: 3 } });
  });

  test('an error event after a 200 is a failure', () => {
    const error = { error: { message: 'The server had an error', type: 'server_error', param: null, code: null } };
    expect(passEveryCut({ meter, body: PLAIN, how: 'broken' }, sse(CHUNKS[0], error)).failed).toBe(true);
    expect(passWire({ meter, body: PLAIN }, [STREAM]).failed).toBe(false);
    expect(passWire({ meter, form: 'json' }, [JSON.stringify(error)]).failed).toBe(true);
    expect(passWire({ meter, form: 'json', status: 500 }, [JSON.stringify(error)]).failed).toBe(false);
  });

  test('parallel calls that share an index are told apart by their ids', () => {
    const calls = ['a', 'b', 'a'].map((id) =>
      chunk([[0, { tool_calls: [{ index: 0, id, function: { name: 'f', arguments: '' } }] }]]),
    );
    expect(passWire({ meter, body: PLAIN }, [sse(...calls, REPORT)]).measurement.quantities['tool_calls']).toEqual({ f: 2 });
  });
});

describe('reports that make no sense', () => {
  const meter = METERS['openai'];

  test.each([
    ['-3', '-3'],
    ['"40"', '"40"'],
    ['NaN', '"NaN"'],
    ['1e309', 'Infinity'],
    ['1e18', '1000000000000000000'],
    ['2.5', '2.5'],
    ['{"a":1}', '{"a":1}'],
    ['true', 'true'],
  ])('%s output tokens', (tokens, found) => {
    const usage = `{"prompt_tokens":7,"completion_tokens":${tokens}}`;
    const expected = {
      quantities: { input_tokens: 7 },
      problems: [
        { quantity: 'output_tokens', found },
        { quantity: 'answer_tokens', found },
      ],
    };
    expect(passEveryCut({ meter, form: 'json' }, `{"choices":[],"usage":${usage}}`).measurement).toMatchObject(expected);
    const streamed = passWire({ meter, body: PLAIN }, [sse(CHUNKS[1], `{"choices":[],"usage":${usage}}`, '[DONE]')]);
    expect(streamed.measurement).toMatchObject(expected);
    expect(streamed.measurement.quantities).not.toHaveProperty('output_tokens');
    expect(streamed.shown).toBe(sse(CHUNKS[1], '[DONE]'));
  });

  test.each(['{}', 'null', '[]', '{"prompt_tokens":null}', '7'])('usage %s is missing, not zero', (usage) => {
    const { quantities } = passWire({ meter, form: 'json' }, [`{"choices":[],"usage":${usage}}`]).measurement;
    expect(quantities).toEqual({ tool_calls: {} });
  });

  test('zero reported is zero', () => {
    const { quantities } = passWire({ meter, form: 'json' }, ['{"usage":{"prompt_tokens":0,"completion_tokens":0}}']).measurement;
    expect(quantities).toMatchObject({ input_tokens: 0, output_tokens: 0, uncached_input_tokens: 0, reasoning_tokens: 0 });
  });

  test('given twice with different values, as chunks and as a repeated name', () => {
    const other = { ...USAGE, completion_tokens: 41 };
    const problem = { quantity: 'output_tokens', found: 'given twice: 40 and 41' };
    const streamed = passWire({ meter, body: PLAIN }, [sse(REPORT, chunk([], other), '[DONE]')]).measurement;
    const whole = passWire({ meter, form: 'json' }, [
      `{"usage":${JSON.stringify(USAGE)},"usage":${JSON.stringify(other)}}`,
    ]).measurement;
    for (const { quantities, problems } of [streamed, whole]) {
      expect(problems).toContainEqual(problem);
      expect(quantities).toMatchObject({ input_tokens: 120 });
      expect(quantities).not.toHaveProperty('output_tokens');
    }
    expect(passWire({ meter, body: PLAIN }, [sse(REPORT, REPORT)]).measurement.problems).toEqual([]);
  });

  test('parts that are more than their whole', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 11 },
      completion_tokens_details: { reasoning_tokens: 5 },
    };
    const { quantities, problems } = passWire({ meter, form: 'json' }, [JSON.stringify({ usage })]).measurement;
    expect(quantities).toEqual({ input_tokens: 10, output_tokens: 5, reasoning_tokens: 5, answer_tokens: 0, tool_calls: {} });
    expect(problems.map(({ quantity }) => quantity)).toContain('cached_input_tokens');
  });

  test('usage in an error answer', () => {
    const { quantities, problems } = passWire({ meter, form: 'json', status: 500 }, [
      JSON.stringify({ usage: USAGE }),
    ]).measurement;
    expect(quantities).toEqual({});
    expect(problems).toContainEqual({ quantity: 'output_tokens', found: 'reported by an error answer' });
  });

  test('tool names are data', () => {
    const calls = ['__proto__', 'constructor'].map((name, index) => ({ index, id: name, function: { name, arguments: '' } }));
    const { quantities } = passWire({ meter, body: PLAIN }, [sse(chunk([[0, { tool_calls: calls }]]), REPORT)]).measurement;
    expect(Object.entries(quantities['tool_calls'] ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
    ]);
  });
});

test('what must be asked for', () => {
  const prepare = (body: unknown) => METERS['openai']?.prepare(body);
  const ask = { set: [{ field: 'body.stream_options.include_usage', value: true }], hideReport: true };
  expect(prepare(PLAIN)).toMatchObject({ ...ask, hidesOutput: false });
  expect(prepare({ ...PLAIN, stream_options: { include_usage: false } })).toMatchObject(ask);
  expect(prepare({ ...PLAIN, stream_options: null })).toMatchObject(ask);
  expect(prepare({ prompt: 'legacy', stream: true })).toMatchObject(ask);
  expect(prepare({ ...PLAIN, stream_options: { include_usage: true } })).toMatchObject({ set: [], hideReport: false });
  for (const body of [{ ...PLAIN, stream: false }, { messages: [] }, { input: 'x', stream: true }, undefined, null, 'text', []]) {
    expect(prepare(body)).toMatchObject({ set: [], hideReport: false });
  }
});

test('what refers to content elsewhere', () => {
  const refers = (body: unknown) => METERS['openai']?.refersElsewhere(body);
  const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
  expect(refers({ messages: [{ role: 'user', content: 'see https://example.com/image.png and file_id' }] })).toBe(false);
  expect(refers(user({ type: 'text', text: 'image_url' }))).toBe(false);
  expect(refers(user({ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }))).toBe(true);
  expect(refers(user({ type: 'file', file: { file_id: 'file-1' } }))).toBe(true);
  expect(refers({ messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] })).toBe(true);
  expect(refers({ messages: [], web_search_options: {} })).toBe(true);
  expect(refers(undefined)).toBe(false);
});
