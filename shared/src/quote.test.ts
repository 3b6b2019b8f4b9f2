import { expect, test } from 'vitest';
import { quoteCall } from './quote.ts';
import { operationOf, quoted, request } from './rate-card/testing.ts';
import type { Operation } from './rate-card/card.ts';
import type { RequestFacts } from './facts.ts';

const CHAT = operationOf(`
- id: chat
  match: POST /x
  meter: openai
  fields: { body.max: { absent: 100, or: body.max_old }, body.n: { absent: 1 } }
  bounds:
    input_tokens: { most: body.bytes, by_reference: { by: body.model, is: { a: 5000, b: 9000 } }, kept_by: documented }
    output_tokens: { most: "body.max * body.n", kept_by: inject }
  price:
    - { per: input_tokens, unit: 1000, by: body.model, is: { a: 0.5, b: 2 } }
    - { per: output_tokens, unit: 1000, by: body.model, is: { a: 1, b: 4 } }
`);

const refused = (operation: Operation, facts: RequestFacts, params = {}): unknown => {
  const outcome = quoteCall(operation, params, facts);
  return outcome.ok ? outcome.quote : outcome.refusal;
};

test('the ceiling is the price of the most that can be used, rounded up once', () => {
  const quote = quoted(CHAT, request({ json: { model: 'a', max: 500, n: 3 } }));
  const bytes = JSON.stringify({ model: 'a', max: 500, n: 3 }).length;
  expect(quote.bounds).toEqual({ input_tokens: bytes, output_tokens: 1500 });
  expect(quote.ceiling).toBe(bytes * 500 + 1500 * 1000);
  expect(quote).toMatchObject({ exact: false, keep: { inject: [], cut: {} } });
  expect(quote.lines.map(({ credits }) => credits)).toEqual([String((bytes * 5) / 10_000), '1.5']);
});

test('what the client left out is injected; what it gave under the other name is not', () => {
  const without = quoted(CHAT, request({ json: { model: 'a' } }));
  expect(without.keep.inject).toEqual([{ field: 'body.max', value: 100 }]);
  expect(quoted(CHAT, request({ json: { model: 'a', max: null } })).keep.inject).toHaveLength(1);
  const old = quoted(CHAT, request({ json: { model: 'a', max_old: 7 } }));
  expect(old.keep.inject).toEqual([]);
  expect(old.bounds['output_tokens']).toBe(7);
  expect(refused(CHAT, request({ json: { model: 'a', max: 1, max_old: 9000 } }))).toMatchObject({
    code: 'field_invalid',
    field: 'body.max',
  });
});

test('content by reference is bounded by what the card says of the model', () => {
  const image = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }] };
  expect(quoted(CHAT, request({ json: { model: 'b', messages: [image] } })).bounds['input_tokens']).toBe(9000);
});

test.each([1.5, -1, '100', true, 2 ** 53, [1], {}])('an operand of a bound that is %j is refused', (max) => {
  const refusal = { code: 'field_invalid', field: 'body.max', message: expect.stringContaining('would be right') };
  expect(refused(CHAT, request({ json: { model: 'a', max } }))).toMatchObject(refusal);
});

test('an unknown value names the known ones, an absent one is not an unknown one (rule 16)', () => {
  expect(refused(CHAT, request({ json: { model: 'c' } }))).toMatchObject({
    code: 'value_unknown',
    field: 'body.model',
    known: ['a', 'b'],
  });
  expect(refused(CHAT, request({ json: {} }))).toMatchObject({ code: 'field_invalid', field: 'body.model' });
  const table = (rest: string): Operation =>
    operationOf(`- { id: t, match: POST /x, price: [{ by: body.size, is: { s: 1, l: 5 }, ${rest} }] }`);
  expect(quoted(table('absent: s, unknown: most'), request({ json: {} })).ceiling).toBe(1_000_000);
  expect(quoted(table('absent: s, unknown: most'), request({ json: { size: 'xxl' } })).ceiling).toBe(5_000_000);
  expect(quoted(table('absent: l, unknown: s'), request({ json: { size: 'xxl' } })).ceiling).toBe(1_000_000);
  expect(quoted(table('absent: s'), request({ json: { size: null } }))).toMatchObject({ ceiling: 1_000_000, exact: true });
});

test('body, query, path, header and label are different fields, each given once', () => {
  const by = (field: string): Operation =>
    operationOf(`- { id: t, match: "POST /x/{k}", price: [{ by: ${field}, is: { a: 1, b: 5 } }] }`);
  const all = request({ query: [['k', 'b']], headers: { k: 'b' }, labels: { k: 'b' }, json: { k: 'b' } });
  for (const field of ['query.k', 'header.k', 'label.k', 'body.k']) {
    expect(quoted(by(field), all, { k: 'a' }).ceiling, field).toBe(5_000_000);
    expect(refused(by(field), request(), { k: 'a' }), field).toMatchObject({ code: 'field_invalid', field });
  }
  expect(quoted(by('path.k'), all, { k: 'a' }).ceiling).toBe(1_000_000);
  const twice = request({
    query: [
      ['k', 'a'],
      ['k', 'a'],
    ],
    headers: { k: ['a', 'b'] },
  });
  expect(refused(by('query.k'), twice)).toMatchObject({ code: 'field_invalid', message: expect.stringContaining('twice') });
  expect(refused(by('header.k'), twice)).toMatchObject({ code: 'field_invalid' });
  // Servers that tell every header as a list are understood.
  expect(quoted(by('header.k'), request({ headers: { k: ['b'] } })).ceiling).toBe(5_000_000);
});

test('a body that the price can not read is refused, whatever names it inherits', () => {
  const operation = operationOf('- { id: t, match: POST /x, price: [{ by: body.constructor, is: { a: 1 }, absent: a }] }');
  expect(quoted(operation, request({ json: {} })).ceiling).toBe(1_000_000);
  expect(refused(operation, request({ json: [{}] }))).toMatchObject({ code: 'body_unreadable' });
  expect(refused(operation, request({ body: { kind: 'unread', bytes: 5 } }))).toMatchObject({ code: 'body_unreadable' });
  expect(refused(operation, request({ json: { constructor: { code: 'x', message: 'y' } } }))).toMatchObject({
    code: 'field_invalid',
  });
});

test('quantities of the request are exact beforehand', () => {
  const operation = operationOf(`
- id: records
  match: POST /x
  quantities: { records: "max(size(body.ids), 1)", pages: query.pages }
  price: [{ per: records, rate: 0.5 }, { per: pages, rate: 2 }, { per: request_bytes, unit: 1 KB, started: true, rate: 1 }]
`);
  const quote = quoted(operation, request({ json: { ids: [1, 2, 3] }, query: [['pages', '4']] }));
  expect(quote).toMatchObject({ exact: true, ceiling: 10_500_000, inputs: { records: 3, pages: 4, 'size(body.ids)': 3 } });
  expect(refused(operation, request({ json: { ids: 7 }, query: [['pages', '4']] }))).toMatchObject({ field: 'body.ids' });
  expect(refused(operation, request({ json: {}, query: [['pages', 'x']] }))).toMatchObject({ field: 'query.pages' });
  const unsized = request({ body: { kind: 'unread', bytes: undefined }, query: [['pages', '1']] });
  expect(refused(operation, unsized)).toMatchObject({ code: 'body_unreadable' });
});

test('a header counts by its own name, and words may be looked up in a list', () => {
  const operation = operationOf(`
- id: t
  match: POST /x
  quantities: { n: header.x-count }
  price: [{ per: n, rate: 1 }]
  free: [{ when: "label.team in ['a', 'b'] || header['x-key'].startsWith('test-')" }]
`);
  const headers = { 'x-count': '3' };
  expect(quoted(operation, request({ headers })).ceiling).toBe(3e6);
  expect(quoted(operation, request({ headers, labels: { team: 'b' } })).ceiling).toBe(0);
  expect(quoted(operation, request({ headers: { ...headers, 'x-key': 'test-1' } })).ceiling).toBe(0);
});

test('bounds by cut tell where, bounds by a request field need it', () => {
  const operation = operationOf(`
- id: rows
  match: GET /x
  quantities: { lines: { count: ndjson }, items: response.total }
  bounds:
    bytes: { most: 1 MB, kept_by: cut }
    seconds: { most: 2m, kept_by: cut }
    lines: { most: 50, kept_by: cut }
    items: { most: query.limit, kept_by: request }
  price: [{ per: lines, rate: 1 }, { per: items, rate: 1 }]
`);
  const quote = quoted(operation, request({ method: 'GET', query: [['limit', '30']] }));
  expect(quote.keep).toEqual({ inject: [], cut: { bytes: 1_000_000, seconds: 120, rows: 50 } });
  expect(quote.ceiling).toBe(80_000_000);
  expect(refused(operation, request({ method: 'GET' }))).toMatchObject({ code: 'field_invalid', field: 'query.limit' });
});

test('HEAD is quoted by its request alone (rule 13)', () => {
  const operation = operationOf(`
- id: get
  match: GET /x
  bounds: { bytes: { most: 1 MB, kept_by: cut } }
  price: [{ rate: 1 }, { per: bytes, unit: 1 KB, rate: 1 }]
`);
  expect(quoted(operation, request({ method: 'HEAD' }))).toMatchObject({ ceiling: 1_000_000, exact: true });
  expect(quoted(operation, request({ method: 'GET' })).ceiling).toBe(1_001_000_000);
});

test('more than an account can hold stays the most there is', () => {
  const quote = quoted(CHAT, request({ json: { model: 'b', max: 2 ** 52, n: 100 } }));
  expect(quote.ceiling).toBe(1e15);
});
