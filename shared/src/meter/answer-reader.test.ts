import { expect, test } from 'vitest';
import type { CallEnd, Measurement } from '../facts.ts';
import { createAnswerReader, type AnswerSpec } from './answer-reader.ts';
import { parseJsonPath } from './json-path.ts';
import type { AnswerForm } from './meter.ts';
import { METERS } from './meters.ts';

interface Read {
  fields: Readonly<Record<string, unknown>>;
  measurement: Measurement;
}

const NO_REQUEST = { set: [], hideReport: false };

function read(spec: Partial<AnswerSpec>, form: AnswerForm, pieces: readonly string[], how: CallEnd['how'] = 'complete'): Read {
  const reader = createAnswerReader(
    { paths: [], counts: {}, ...spec },
    { status: 200, headers: {}, form },
    undefined,
    NO_REQUEST,
  );
  for (const piece of pieces) reader.text(piece);
  const measurement = reader.end(how);
  const told = { fields: reader.fields(), measurement };
  if (pieces.length === 1) expect(readAtOnce(spec, form, pieces[0] ?? '', how)).toEqual(told);
  return told;
}

function readAtOnce(spec: Partial<AnswerSpec>, form: AnswerForm, text: string, how: CallEnd['how']): Read {
  const facts = { status: 200, headers: {}, form };
  const reader = createAnswerReader({ paths: [], counts: {}, ...spec }, facts, undefined, NO_REQUEST);
  reader.document(text);
  const measurement = reader.end(how);
  return { fields: reader.fields(), measurement };
}

function rows(form: AnswerForm, text: string, how: CallEnd['how'] = 'complete'): Measurement {
  const spec = { counts: { rows: form === 'csv' ? { kind: 'csv' as const } : { kind: 'ndjson' as const } } };
  const { measurement } = read(spec, form, [text], how);
  for (let at = 0; at <= text.length; at++) {
    expect(read(spec, form, [text.slice(0, at), text.slice(at)], how).measurement).toEqual(measurement);
  }
  return measurement;
}

const RESULT = JSON.stringify({
  execution_id: '01J',
  'odd.name': [{ é: 1 }],
  result: { rows: [{ a: 'x"]' }, [], 3, 'text', null], metadata: { row_count: 5, column_names: ['a', 'b'] } },
  data: [{ id: 'first' }, { id: 'second' }],
  next_uri: null,
  last: -1.5e3,
});
const SPEC: AnswerSpec = {
  paths: [
    'response.execution_id',
    'response.result.metadata.row_count',
    'response.result.metadata.column_names',
    'response.data[1].id',
    'response["odd.name"][0].é',
    'response.next_uri',
    'response.last',
    'response.absent',
  ],
  counts: { rows: { kind: 'json', path: 'response.result.rows' }, gone: { kind: 'json', path: 'response.gone' } },
};

test('fields and elements of a JSON answer, cut anywhere', () => {
  const whole = read(SPEC, 'json', [RESULT]);
  expect(whole).toEqual({
    fields: {
      'response.execution_id': '01J',
      'response.result.metadata.row_count': 5,
      'response.result.metadata.column_names': ['a', 'b'],
      'response.data[1].id': 'second',
      'response["odd.name"][0].é': 1,
      'response.next_uri': null,
      'response.last': -1500,
    },
    measurement: { quantities: { rows: 5 }, received: {}, problems: [] },
  });
  for (let at = 0; at <= RESULT.length; at++) expect(read(SPEC, 'json', [RESULT.slice(0, at), RESULT.slice(at)])).toEqual(whole);
});

test('a whole document that broke off leaves its rows unknown, however it ended', () => {
  const cut = RESULT.slice(0, RESULT.indexOf('null]'));
  for (const how of ['complete', 'cut', 'broken', 'unknown'] as const) {
    expect(read(SPEC, 'json', [cut], how).measurement).toEqual({ quantities: {}, received: {}, problems: [] });
  }
});

test('rows are counted from their first character, so that a stream can be cut before one', () => {
  const reader = createAnswerReader(SPEC, { status: 200, headers: {}, form: 'json' }, undefined, NO_REQUEST);
  reader.text('{"result":{"rows":[');
  expect(reader.soFar()).toEqual({ rows: 0 });
  reader.text('{"a":1},{');
  expect(reader.soFar()).toEqual({ rows: 2 });
});

test('what can not be believed is a problem and no value', () => {
  const { fields, measurement } = read(
    { paths: ['response.a', 'response.b', 'response.c', 'response.d'], counts: { rows: { kind: 'json', path: 'response.c' } } },
    'json',
    [`{"a":1,"a":2,"b":"${'x'.repeat(70_000)}","c":{"length":3},"d":tru}`],
  );
  expect(fields).toEqual({ 'response.c': { length: 3 } });
  expect(measurement.quantities).toEqual({});
  expect(measurement.problems).toContainEqual({ quantity: 'response.b', found: 'longer than 65536 characters' });
  expect(measurement.problems.map(({ quantity }) => quantity).toSorted()).toEqual([
    'response.a',
    'response.b',
    'response.d',
    'rows',
  ]);
});

test.each([
  ['a,b\r\n1,2\r\n3,4\r\n', 2],
  ['a,b\n1,2\n3,4', 2],
  ['a,b\r1,2\r3,4\r', 2],
  ['a,b\r\n"x\r\ny","a ""quoted"", one"\r\n"",\r\n', 2],
  ['a,b\n\n1,2\n\n', 1],
  ['a\n1\n\n2\n', 3],
  ['"a\nb",c\n1,2', 1],
  ['a,b\n1,x"y\n2,z', 2],
  ['\uFEFFa,b\n', 0],
  ['', 0],
])('records of CSV %j: %d', (text, count) => {
  expect(rows('csv', text)).toEqual({ quantities: { rows: count }, received: {}, problems: [] });
});

test.each([
  ['{"a":1}\n{"b":"\\n"}\n', 2],
  ['{}\r\n\r\n  \n{}', 2],
  ['', 0],
])('lines of JSON %j: %d', (text, count) => {
  expect(rows('ndjson', text).quantities).toEqual({ rows: count });
});

test('rows of a stream that broke off are what was received', () => {
  expect(rows('csv', 'a,b\n1,2\n3', 'broken')).toEqual({ quantities: {}, received: { rows: 2 }, problems: [] });
});

test('a meter and fields read the same answer', () => {
  const reader = createAnswerReader(
    { paths: ['response.id'], counts: {} },
    { status: 200, headers: {}, form: 'json' },
    METERS['openai'],
    NO_REQUEST,
  );
  reader.text('{"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}');
  expect(reader.end('complete').quantities).toMatchObject({ input_tokens: 3, output_tokens: 2 });
  expect(reader.fields()).toEqual({ 'response.id': 'chatcmpl-1' });
});

test.each(['result.rows', 'response.', 'response..a', 'response[x]', 'response[-1]', 'response.a[', 'responses.a'])(
  '%s is no path',
  (path) => expect(() => parseJsonPath(path)).toThrow(RangeError),
);
