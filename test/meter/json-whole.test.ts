// A document read at once against the same document scanned in two pieces: names given twice, escaped, broken off, and no JSON at all.
import { createAnswerReader, type AnswerSpec } from '@tollgate/shared/meter/answer-reader';
import { layOutWatches } from '@tollgate/shared/meter/json-watch';
import { readWhole } from '@tollgate/shared/meter/json-whole';
import { METERS } from '@tollgate/shared/meter/meters';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

// Names that meters watch for, so that documents often look like answers and often give one of these twice.
const NAMES = [
  'usage',
  'choices',
  'message',
  'tool_calls',
  'function',
  'name',
  'error',
  'output',
  'type',
  'status',
  'content',
  'id',
];
const COUNTS = ['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'prompt_tokens_details', 'cached_tokens'];
const written = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...NAMES, ...COUNTS, '0', 'é').map((name) => JSON.stringify(name)) },
  { weight: 1, arbitrary: fc.constantFrom('"us\\u0061ge"', '"a\\/b"', '"\\"a"', '"\\ud800"', '"__proto__"') },
);

const text = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(
      'null',
      'true',
      '0',
      '7',
      '-1',
      '1e400',
      '12.5',
      '""',
      '"function_call"',
      '"message"',
      '"\\"usage\\""',
      'NaN',
    ),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }).map((elements) => `[${elements.join(', ')}]`),
  object: fc
    .array(fc.tuple(written, tie('value')), { maxLength: 4 })
    .map((members) => `{${members.map(([name, value]) => `${name}: ${value}`).join(',')}}`),
}));

const watched = fc.constantFrom('"usage"', '"content"', '"output"', '"choices"', '"error"');
const usage = fc.record({ prompt_tokens: fc.integer({ min: -1, max: 9 }), completion_tokens: fc.nat(9) });

/** Laid out as answers are, so that the meters find something, also twice. */
const answer = fc.oneof(
  text.value,
  fc
    .tuple(text.value, text.value, text.object)
    .map(
      ([name, told, more]) =>
        `{"choices":[{"message":{"tool_calls":[{"function":{"name":${name}}}]}}],"usage":${told},"x":${more}}`,
    ),
  fc.tuple(text.object, usage).map(([more, figures]) => `{"more":${more},"usage":${JSON.stringify(figures)}}`),
  fc
    .array(
      fc.tuple(
        watched,
        fc.oneof(
          text.value,
          usage.map((figures) => JSON.stringify(figures)),
        ),
      ),
    )
    .map((members) => `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`),
);

const spec: AnswerSpec = {
  paths: ['response.usage', 'response.choices[0].message', 'response.choices[*].id', 'response.content', 'response["é"]'],
  counts: { rows: { kind: 'json', path: 'response.output' } },
};

test('a document is read alike, at once and in pieces', () => {
  const meters = [undefined, ...Object.values(METERS)];
  fc.assert(
    fc.property(answer, fc.constantFrom(...meters), fc.nat(1_000), fc.boolean(), (json, meter, at, whole) => {
      const given = whole ? json : json.slice(0, at);
      const middle = at % (given.length + 1);
      for (const asked of [spec, { paths: [], counts: {} }]) {
        const read = (take: (reader: ReturnType<typeof createAnswerReader>) => void): unknown => {
          const request = { set: [], hideReport: false };
          const reader = createAnswerReader(asked, { status: 200, headers: {}, form: 'json' }, meter, request);
          take(reader);
          const soFar = reader.soFar();
          return { soFar, failed: reader.failed(), measurement: reader.end('complete'), fields: reader.fields() };
        };
        const inPieces = read((reader) => {
          reader.text(given.slice(0, middle));
          reader.text(given.slice(middle));
        });
        expect(read((reader) => reader.document(given))).toEqual(inPieces);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['{"usage":{"a":1},"choices":[{"id":"x"},{"id":"y"}],"text":"a \\"usage\\" of \\u4f60"}', true],
  ['{"usage":1,"usage":2}', false],
  ['{"x":{"usage":1},"usage":2}', false],
  ['{"usage":1,"us\\u0061ge":2}', false],
  ['{"usage":1', false],
  ['{"usage":NaN}', false],
  ['', false],
])('%s is read at once: %s', (json, atOnce) => {
  const told: unknown[] = [];
  const watches = layOutWatches<undefined>(
    ['response.usage', 'response.choices[*].id'].map((path) => ({
      path,
      value: (_context, value, indexes) => told.push([path, value, indexes]),
    })),
  );
  expect(readWhole(watches, undefined, json)).toBe(atOnce);
  if (!atOnce) expect(told).toEqual([]);
  else
    expect(told).toEqual([
      ['response.usage', { a: 1 }, []],
      ['response.choices[*].id', 'x', [0]],
      ['response.choices[*].id', 'y', [1]],
    ]);
});
