import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadRateCard } from './load.ts';
import { rateCardJsonSchema } from './schema.ts';
import { cardText, complaints, load } from './testing.ts';

const SAMPLE = readFileSync(new URL('../../fixtures/rates.yaml', import.meta.url), 'utf8');

test('the sample loads without a word, its golden calls included', () => {
  expect(complaints(SAMPLE)).toEqual([]);
  const [chat, dune] = load(SAMPLE).services;
  expect(chat).toMatchObject({ id: 'chat', path: '/openai', upstream: 'openai', sseComment: true, line: 7 });
  expect(dune).toMatchObject({ credential: 'x-dune-api-key' });
});

test('an operation tells the gateway what it needs', () => {
  const [chat, dune] = load(SAMPLE).services;
  expect(chat?.operations[0]).toMatchObject({
    id: 'chat.complete',
    reason: 'Premium-model chats',
    needsBody: true,
    needsJson: true,
    streams: true,
    responsePaths: [],
    drain: { seconds: 10, bytes: 1_048_576 },
  });
  const byId = new Map(dune?.operations.map((operation) => [operation.id, operation]));
  expect(byId.get('query.execute')).toMatchObject({
    job: { id: 'response.execution_id', deadlineMs: 2_400_000 },
    labels: { query_id: 'path.query_id' },
    responsePaths: ['response.execution_id'],
    streams: false,
  });
  expect(byId.get('query.status')).toMatchObject({
    owns: 'path.id',
    needsBody: false,
    responsePaths: ['response.is_execution_finished', 'response.execution_time_millis'],
  });
  expect(byId.get('results.export')).toMatchObject({
    links: ['response.next_uri'],
    responsePaths: ['response.result.metadata.row_count', 'response.result.metadata.column_names', 'response.next_uri'],
  });
});

test('a report tells its job, whether it is done, and what it used', () => {
  const status = load(SAMPLE).services[1]?.operations.find(({ id }) => id === 'query.status');
  const answer = (fields: Record<string, unknown>) => (name: string) => fields[name];
  expect(status?.reports?.job({ 'path.id': '01H' }, answer({}))).toBe('01H');
  expect(status?.reports?.done({}, answer({ 'response.is_execution_finished': true }))).toBe(true);
  expect(status?.reports?.done({}, answer({}))).toBe(false);
  const [seconds] = status?.reports?.quantities ?? [];
  if (seconds?.from !== 'fields') throw new Error('it reads no field');
  expect(seconds.read({}, answer({ 'response.execution_time_millis': 1234 }))).toBe(1.234);
  expect(seconds.read({}, answer({}))).toBeNull();
  expect(seconds.read({}, answer({ 'response.execution_time_millis': 'soon' }))).toEqual({ found: '"soon"' });
});

const ONE = (rest: string): string => cardText(`- id: t\n  match: POST /x\n${rest.replace(/^/gm, '  ')}`);
const BYTES = 'bounds: { bytes: { most: 1 MB, kept_by: cut } }';

test.each([
  [
    'a field that is not there',
    ONE('price: []\nbount: 1'),
    'rates.yaml:10:9: "bount" is not a field here. Did you mean "bounds"?',
  ],
  ['a number read as text', ONE('price: [{ rate: 1_000 }]'), 'rates.yaml:9:25: 1_000 is text in YAML, not a number; write 1000.'],
  ['the same in a bound', ONE(`bounds: { bytes: { most: 1_000, kept_by: cut } }\nprice: []`), '1_000 is text in YAML'],
  ['a negative price', ONE('price: [{ rate: -1 }]'), 'rates.yaml:9:25: "rate" is -1; a number of at least 0 would be right.'],
  ['a word for a number', ONE('price: [{ rate: dear }]'), '"rate" is "dear"; a number would be right.'],
  ['a missing price', ONE('reason: x'), '"price" is missing; a list belongs here.'],
  [
    'a key given twice',
    ONE('price: []\nreason: a\nreason: b'),
    'rates.yaml:11:9: "reason" is given twice here; keep one of them.',
  ],
  ['an unknown choice', ONE('on_unknown: bounds\nprice: []'), 'one of bound, floor would be right. Did you mean "bound"?'],
  ['a broken file', 'card: [', 'this is not YAML'],
  ['an empty file', '', 'rates.yaml:1:1: '],
  [
    'an unbounded quantity',
    ONE('price: [{ per: bytes, rate: 1 }]'),
    'rates.yaml:9:17: unbounded quantity: nothing says how much bytes can be',
  ],
  ['one in a formula', ONE('price: [{ formula: "seconds * 2" }]'), 'unbounded quantity: nothing says how much seconds'],
  ['a falling price', ONE(`${BYTES}\nprice: [{ formula: "100 - bytes" }]`), 'rates.yaml:10:28: this price might fall'],
  ['a formula with text', ONE('price: [{ formula: "1 + \'a\'" }]'), 'no such overload: double + string'],
  [
    'an unknown quantity',
    ONE('price: [{ per: byte, rate: 1 }]'),
    'nothing tells the quantity "byte" here; known are bytes, seconds, request_bytes. Did you mean "bytes"?',
  ],
  [
    'an unknown tier',
    cardText('- { id: t, match: POST /x, price: [{ tier: basci }] }', 'tiers: { basic: 1 }\n'),
    'there is no tier "basci"; one of basic would be right. Did you mean "basic"?',
  ],
  ['an unknown meter', ONE('meter: opnai\nprice: []'), 'Did you mean "openai"?'],
  [
    'a row that is not there',
    ONE('price: [{ by: body.m, is: { a: 1 }, absent: b }]'),
    '"b" is not in the table; one of a would be right.',
  ],
  [
    'an absent value without a row',
    ONE('fields: { body.m: { absent: z } }\nprice: [{ by: body.m, is: { a: 1 } }]'),
    'body.m counts as z where it is absent',
  ],
  ['two ways to cost', ONE('price: [{ rate: 1, formula: "1" }]'), 'rate and formula both say what it costs'],
  ['no way to cost', ONE(`${BYTES}\nprice: [{ per: bytes }]`), 'nothing says what it costs'],
  ['a table by nothing', ONE('price: [{ is: { a: 1 } }]'), 'a table needs the field that it goes by'],
  ['a unit of nothing', ONE('price: [{ rate: 1, unit: 1000 }]'), 'unit and started need a quantity'],
  [
    'a cut of what can not be cut',
    ONE('meter: openai\nbounds: { output_tokens: { most: 5, kept_by: cut } }\nprice: []'),
    'an answer can be cut by bytes, rows and seconds',
  ],
  ['nothing to inject', ONE('bounds: { bytes: { most: 5, kept_by: inject } }\nprice: []'), 'there is nothing to inject'],
  [
    'no value to inject',
    ONE('bounds: { bytes: { most: query.n, kept_by: inject } }\nprice: []'),
    'but with what? Write fields: { query.n: { absent: 4096 } }.',
  ],
  [
    'an injection that keeps nothing',
    ONE('fields: { query.n: { absent: 5 } }\nbounds: { bytes: { most: 9, kept_by: inject, inject: query.n } }\nprice: []'),
    'so nothing would keep the bound',
  ],
  ['the size of no list', ONE('price: [{ formula: "size(query.x)" }]'), 'size(query.x) has no meaning'],
  ['the size of a quantity', ONE('quantities: { n: size(request_bytes) }\nprice: []'), 'size(request_bytes) has no meaning'],
  [
    'a bound by the answer',
    ONE('bounds: { bytes: { most: seconds, kept_by: documented } }\nprice: []'),
    '"seconds" is only known after the call',
  ],
  [
    'by_reference without a meter',
    ONE('bounds: { bytes: { most: 5, by_reference: 9, kept_by: documented } }\nprice: []'),
    'only a meter can tell',
  ],
  [
    'tools that may be refused',
    ONE(
      'meter: openai\nbounds: { tool_calls: { most: 5, kept_by: documented } }\nprice: [{ per: tool_calls, by: tool.name, is: { a: 1 }, unknown: refuse }]',
    ),
    'can not be refused',
  ],
  [
    'a free part that is none',
    ONE('price: [{ rate: 1 }]\nfree: [{ when: "true", part: bytes }]'),
    'no line of this price is per "bytes"',
  ],
  [
    'a condition of no truth',
    ONE('price: [{ rate: 1 }]\nfree: [{ when: "label.a" }]'),
    'the expression gives text; true or false would be right',
  ],
  [
    'a job of nobody',
    ONE('job: { id: response.id, deadline: 40m }\nprice: [{ per: compute_seconds, rate: 1 }]'),
    'nothing tells the quantity "compute_seconds"',
  ],
  ['a deadline that is a size', ONE('job: { id: response.id, deadline: 40 MB }\nprice: []'), '"40 MB" is not a time'],
  ['a route without a method', cardText('- { id: t, match: /x, price: [] }'), '"/x" is not a route'],
  ['a HEAD of its own', cardText('- { id: t, match: HEAD /x, price: [] }'), 'HEAD follows its GET (rule 13)'],
  [
    'the same id twice',
    cardText('- { id: t, match: GET /x, price: [] }\n- { id: t, match: GET /y, price: [] }'),
    '"t" is the id of another operation',
  ],
  ['a header in capitals', ONE('price: [{ by: header.X-Size, is: { a: 1 } }]'), 'header.x-size would be right'],
  [
    'a step below a microcredit',
    cardText('- { id: t, match: GET /x, price: [] }', 'step: 0.0000001\n'),
    'a multiple of 0.000001 credits would be right',
  ],
  [
    'a price tag of nothing',
    `${ONE('price: []')}tags: [{ on: "https://a/*", via: none, tag: { selector: b, operation: u } }]\n`,
    'there is no operation "u"',
  ],
  [
    'graduated steps that end',
    ONE(`${BYTES}\nprice: [{ per: bytes, graduated: [{ upto: 5, rate: 1 }] }]`),
    'the last step has no upto',
  ],
  [
    'graduated steps that go back',
    ONE(`${BYTES}\nprice: [{ per: bytes, graduated: [{ upto: 5, rate: 1 }, { upto: 3, rate: 1 }, { rate: 1 }] }]`),
    'a number above 5 would be right',
  ],
])('%s does not load', (_what, text, message) => {
  const outcome = loadRateCard(text, { file: 'rates.yaml', version: 'v1' });
  expect(outcome.ok).toBe(false);
  expect(complaints(text).join('\n')).toContain(message);
});

test('services lie apart, and not where the gateway itself is', () => {
  const two = (path: string): string[] =>
    complaints(
      `${cardText('- { id: t, match: GET /x, price: [] }')}  other: { path: ${path}, upstream: b, operations: [{ id: u, match: GET /x, price: [] }] }\n`,
    );
  expect(two('/api/v1')[0]).toContain('/api/v1 and /api of api lie within each other');
  expect(two('/apis')).toEqual([]);
  expect(two('/tollgate/x')[0]).toContain("can not be a service's");
  expect(two('/a/../b')[0]).toContain("can not be a service's");
});

test('problems come in the order of the text, all of them', () => {
  const outcome = complaints(
    cardText('- { id: a, match: GET /x, price: [{ per: bytes, rate: 1 }] }\n- { id: b, match: GET, price: [{ tier: z }] }'),
  );
  expect(outcome.map((line) => line.split(':').slice(1, 3).join(':'))).toEqual(['7:41', '8:25', '8:46']);
});

test('a golden call that costs something else names both numbers and the arithmetic, at its line', () => {
  const golden = 'golden:\n  - { call: "GET /api/x?n=2", quantities: { bytes: 1500 }, costs: 2 }\n';
  const text = `${ONE(`${BYTES}\nprice: [{ rate: 1 }, { per: bytes, unit: 1000, rate: 1 }]`).replace('POST', 'GET')}${golden}`;
  expect(complaints(text)).toEqual([
    'rates.yaml:12:67: it costs 2.5 by this card, not 2: 1 per call = 1; 1,500 bytes × 1 / 1,000 = 1.5. Change the price or the expectation.',
  ]);
  expect(complaints(text.replace('costs: 2', 'costs: 2.5'))).toEqual([]);
  expect(complaints(text.replace('/api/x', '/api/y'))[0]).toContain('GET /api/y?n=2 has no price; the closest is GET /api/x.');
  expect(complaints(text.replace('costs: 2', 'status: 500, costs: 0'))).toEqual([]);
  expect(complaints(text.replace('costs: 2', 'costs: 2.5, holds: 9'))[0]).toContain('it holds 1001 by this card, not 9');
});

test('the schema for editors knows the fields', () => {
  const schema = rateCardJsonSchema();
  expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', required: ['card', 'services'] });
  expect(JSON.stringify(schema)).toContain('"kept_by"');
});
