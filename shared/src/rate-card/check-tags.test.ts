import { expect, test } from 'vitest';
import { cardText, complaints, load } from './testing.ts';

const OPERATIONS = `
- id: query
  match: POST /query/{query_id}
  quantities: { rows: response.rows }
  bounds: { rows: { most: body.limit, kept_by: inject } }
  fields: { body.limit: { absent: 10 } }
  price:
    - { by: body.performance, is: { medium: 10, large: 20 }, absent: medium }
    - { per: rows, rate: 0.01 }
- id: chat
  match: POST /chat
  bounds: { answer: { most: 100, kept_by: documented } }
  quantities: { answer: response.size }
  price: [{ per: request_bytes, rate: 0.001 }, { per: answer, rate: 1 }]
- { id: free, match: GET /free, price: [] }
`;

const withTag = (tag: string): string =>
  `${cardText(OPERATIONS)}tags:\n  - { on: "https://a.example/*", via: none, tag: ${tag} }\n`;

test.each([
  ['nothing', '{ selector: b }', 'a price tag shows one thing; operation or sum would be right'],
  ['an operation that is not there', '{ selector: b, operation: qery }', 'there is no operation "qery". Did you mean "query"?'],
  [
    'one in a list that is not there',
    '{ selector: b, sum: [{ operation: query }, { operation: chatt }] }',
    'there is no operation "chatt". Did you mean "chat"?',
  ],
  ['inputs beside a sum', '{ selector: b, sum: { operation: free }, inputs: { a: "#b" } }', 'each part has inputs of its own'],
  [
    'a bare name that no field ends in',
    '{ selector: b, operation: query, inputs: { engine: "#engine" } }',
    'engine is no field of this operation; one of body.limit, body.performance, path.query_id would be right',
  ],
  [
    'a field that the price does not read',
    '{ selector: b, operation: query, inputs: { query.page: "#page" } }',
    'the price of query does not read query.page; it reads body.limit, body.performance, path.query_id',
  ],
  ['any input of what reads none', '{ selector: b, operation: free, inputs: { query.a: "#a" } }', 'it reads none'],
  [
    'a quantity that nothing measures',
    '{ selector: b, operation: query, inputs: { quantity.columns: { value: 3 } } }',
    'query has no such quantity to be told beforehand; known are rows',
  ],
  [
    'one field under two names',
    '{ selector: b, operation: query, inputs: { limit: "#a", body.limit: "#b" } }',
    'body.limit is given twice',
  ],
  [
    'a value without a price',
    '{ selector: b, operation: query, inputs: { performance: { from: "#e", is: { Fast: larg } } } }',
    'body.performance has no price for "larg"; it has for medium, large. Did you mean "large"?',
  ],
  [
    'a literal without a price',
    '{ selector: b, operation: query, inputs: { performance: { value: huge } } }',
    'no price for "huge"',
  ],
  [
    'a reading of an attribute that is not named',
    '{ selector: b, operation: query, inputs: { limit: { read: attribute } } }',
    'which attribute is read?',
  ],
  [
    'an attribute that nothing reads',
    '{ selector: b, operation: query, inputs: { limit: { read: number, attribute: title } } }',
    'number is read, and no attribute',
  ],
  ['a count of nothing', '{ selector: b, operation: query, inputs: { limit: { read: count } } }', 'what is counted?'],
  [
    'a schedule that is none',
    '{ selector: b, operation: free, schedule: { cron: { value: daily } } }',
    'minute, hour, day, month, weekday, such as 0 9 * * MON-FRI, would be',
  ],
  [
    'an interval of nothing',
    '{ selector: b, operation: free, schedule: { every: { value: 0 }, unit: hours } }',
    'a whole number above 0 would be',
  ],
])('a tag with %s does not load', (_what, tag, message) => {
  expect(complaints(withTag(tag)).join('\n')).toContain(message);
});

test('the place of what is wrong is told', () => {
  const tag = '{ selector: b, operation: query, inputs: { engine: "#engine" } }';
  const text = withTag(tag);
  const [complaint = ''] = complaints(text);
  const line = text.split('\n').findIndex((one) => one.includes('tags:')) + 2;
  const column = (text.split('\n')[line - 1] ?? '').indexOf('"#engine"') + 1;
  expect(complaint).toMatch(new RegExp(`^rates.yaml:${line}:${column}: engine is no field`));
});

test('what is right loads: bare names, sums, quantities, schedules, and anything in a body that is priced by its length', () => {
  const card = load(
    `${cardText(OPERATIONS)}tags:
  - on: https://a.example/*
    via: gateway
    tag:
      selector: button
      sum:
        - { operation: query, for_each: tr, inputs: { performance: { from: select, is: { Fast: large } }, quantity.rows: { read: rows } } }
        - { operation: chat, inputs: { body.text: textarea, quantity.answer: { value: 3 } } }
      schedule: { cron: { value: "0 9 * * MON-FRI" }, zone: { value: Europe/Berlin } }
  - { on: "http://localhost:*/*", via: none, tag: { selector: a, operation: query, schedule: { every: "#n", unit: hours } } }
`,
  );
  expect(card.tags).toHaveLength(2);
});
