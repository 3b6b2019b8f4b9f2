import { expect, test } from 'vitest';
import type { Scalar } from './facts.ts';
import { factsOf, fieldsOf, isKnownByInputs, measuredLater } from './operation-call.ts';
import { quoteCall } from './quote.ts';
import { operationOf } from './rate-card/testing.ts';

const QUERY = operationOf(`
- id: query
  match: POST /query/{query_id}/execute
  labels: { query_id: path.query_id }
  bounds: { seconds_used: { most: 1800, kept_by: documented } }
  quantities: { seconds_used: response.seconds }
  price:
    - { by: body.performance, is: { medium: 10, large: 20 }, absent: medium, unknown: refuse }
    - { per: seconds_used, rate: 0.01 }
`);
const EXPORT = operationOf(`
- id: export
  match: GET /execution/{id}/results
  owns: path.id
  fields: { query.limit: { absent: 25000 } }
  quantities: { rows: response.rows }
  bounds: { rows: { most: query.limit, kept_by: inject } }
  price: [{ per: rows, rate: 0.001 }]
`);
const ENRICH = operationOf(`
- id: enrich
  match: POST /enrich
  fields: { body.n: { absent: 1 } }
  quantities: { found: response.found }
  bounds: { found: { most: "size(body.filter.ids) * body.n", kept_by: documented } }
  price: [{ per: found, rate: 2 }]
`);

const NOBODY = { labels: {}, plan: null };

function read(operation: typeof QUERY, inputs: Record<string, Scalar | null>, quantities: Record<string, number> = {}) {
  return factsOf(operation, { inputs, quantities }, NOBODY);
}

function ceilingOf(operation: typeof QUERY, inputs: Record<string, Scalar | null>): number {
  const facts = read(operation, inputs);
  if ('code' in facts) throw new Error(facts.message);
  const outcome = quoteCall(operation, facts.params, facts.request);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.quote.ceiling / 1e6;
}

test('inputs by full name, or by the last of it', () => {
  expect(read(QUERY, { 'body.performance': 'large', 'path.query_id': 7 })).toMatchObject({
    params: { query_id: '7' },
    request: { method: 'POST', path: '/query/7/execute', body: { kind: 'json', value: { performance: 'large' }, bytes: 23 } },
  });
  expect(ceilingOf(QUERY, { performance: 'large' })).toBe(38);
  expect(ceilingOf(QUERY, { performance: null })).toBe(28);
  expect(ceilingOf(QUERY, {})).toBe(28);
  expect(read(EXPORT, { limit: 100, id: 'a/b' })).toMatchObject({
    params: { id: 'a%2Fb' },
    request: { query: [['limit', '100']], body: { kind: 'none' } },
  });
  expect(ceilingOf(EXPORT, { limit: 100 })).toBe(0.1);
});

test('a number for a list stands for so many, and digits for a priced field are a number', () => {
  expect(ceilingOf(ENRICH, { ids: 12 })).toBe(24);
  expect(ceilingOf(ENRICH, { 'body.filter.ids': 3, n: '2' })).toBe(12);
  expect(read(ENRICH, { ids: 2, n: '2' })).toMatchObject({
    request: { body: { value: { filter: { ids: [null, null] }, n: 2 } } },
  });
  expect(ceilingOf(ENRICH, { ids: 10_000 })).toBe(20_000);
  expect(read(ENRICH, { ids: 10_001 })).toMatchObject({ code: 'field_invalid', field: 'body.filter.ids' });
  expect(read(ENRICH, { ids: -1 })).toMatchObject({ code: 'field_invalid' });
});

test('what the operation does not have is refused, with what it has', () => {
  expect(read(QUERY, { preformance: 'large' })).toMatchObject({
    code: 'field_invalid',
    field: 'preformance',
    message: expect.stringContaining('one of body.performance, path.query_id would be right. Did you mean "performance"?'),
  });
  expect(read(QUERY, { 'path.other': 1 })).toMatchObject({ code: 'field_invalid', field: 'path.other' });
  expect(read(QUERY, { 'label.agent': 'sidekick' })).toMatchObject({ code: 'field_invalid', field: 'label.agent' });
  expect(read(QUERY, {}, { rows: 3 })).toMatchObject({
    code: 'field_invalid',
    field: 'quantity.rows',
    message: expect.stringContaining('one of seconds_used'),
  });
  expect(read(QUERY, { performance: 'a', 'body.performance': 'b' })).toMatchObject({
    code: 'field_invalid',
    field: 'body.performance',
  });
  expect(read(ENRICH, { 'body.filter': 'x', 'body.filter.ids': 2 })).toMatchObject({ code: 'field_invalid' });
});

test('a text that is cut within a letter is refused, wherever it would stand', () => {
  const half = '🙂'.slice(0, 1);
  expect(read(QUERY, { query_id: half })).toMatchObject({ code: 'field_invalid', field: 'path.query_id' });
  expect(read(QUERY, { performance: half })).toMatchObject({ code: 'field_invalid', field: 'body.performance' });
});

test('a name that several fields end in is refused', () => {
  const both = operationOf(`
- id: both
  match: POST /x
  price: [{ by: body.size, is: { a: 1 } }, { by: query.size, is: { a: 1 } }]
`);
  expect(read(both, { size: 'a' })).toMatchObject({
    message: expect.stringContaining('one of body.size, query.size would be right'),
  });
});

test('names that are members of every object are fields like others', () => {
  const odd = operationOf('- { id: odd, match: POST /x, price: [{ by: body.__proto__, is: { a: 1 } }] }');
  expect(ceilingOf(odd, { 'body.__proto__': 'a' })).toBe(1);
});

test('a price by the length of the body is not known from the inputs', () => {
  const counted = operationOf('- { id: counted, match: POST /x, price: [{ per: request_bytes, rate: 1 }] }');
  expect([isKnownByInputs(counted), isKnownByInputs(QUERY)]).toEqual([false, true]);
});

test('headers are read in any case', () => {
  const sized = operationOf('- { id: sized, match: GET /x, price: [{ by: header.x-size, is: { a: 1, b: 2 } }] }');
  expect(ceilingOf(sized, { 'header.X-Size': 'b' })).toBe(2);
});

test('which fields and quantities an operation has', () => {
  expect(fieldsOf(ENRICH)).toEqual(['body.n', 'body.filter.ids']);
  expect(measuredLater(ENRICH)).toEqual(['found']);
  expect(fieldsOf(EXPORT)).toEqual(['query.limit', 'path.id']);
});
