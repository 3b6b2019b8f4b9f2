import { expect, test } from 'vitest';
import { readQuantities, type AnswerField } from './answer.ts';
import { cardText, load, operationOf } from './testing.ts';

const OPERATION = operationOf(`
- id: t
  match: POST /x
  quantities:
    rows: response.meta.rows
    columns: size(response.columns)
    pages: response_header.x-pages
    cells: "response.meta.rows * body.width"
    first: response.data[0].score
    lines: { count: csv }
  price: []
`);

const answer =
  (fields: Record<string, unknown>): AnswerField =>
  (name) =>
    fields[name];

test('declared quantities are read from fields of the answer, headers and the request', () => {
  const fields = {
    'response.meta.rows': 12,
    'response.columns': ['a', 'b'],
    'response_header.x-pages': '3',
    'response.data[0].score': 0.5,
  };
  expect(readQuantities(OPERATION.quantities, { 'body.width': 4 }, answer(fields))).toEqual({
    quantities: { rows: 12, columns: 2, pages: 3, cells: 48, first: 0.5 },
    problems: [],
  });
  expect(OPERATION.responsePaths).toEqual([
    'response.meta.rows',
    'response.columns',
    'response_header.x-pages',
    'response.data[0].score',
  ]);
});

test('what is absent is missing, what makes no sense is a problem, neither is zero', () => {
  expect(readQuantities(OPERATION.quantities, {}, answer({}))).toEqual({ quantities: {}, problems: [] });
  const odd = {
    'response.meta.rows': -1,
    'response.columns': 7,
    'response_header.x-pages': 'many',
    'response.data[0].score': null,
  };
  expect(readQuantities(OPERATION.quantities, { 'body.width': 4 }, answer(odd))).toEqual({
    quantities: {},
    problems: [
      { quantity: 'rows', found: '-1' },
      { quantity: 'columns', found: '7' },
      { quantity: 'pages', found: '"many"' },
      { quantity: 'cells', found: '-1' },
    ],
  });
});

test('a job is done when its condition holds, and not while it can not be decided', () => {
  const card = load(
    cardText(`
- { id: start, match: POST /jobs, job: { id: response.id, deadline: 1h }, bounds: { used: { most: 9, kept_by: documented } }, price: [{ per: used, rate: 1 }] }
- id: look
  match: GET /jobs/{id}
  reports: { job: response.job_id, done: "response.state == 'done' && size(response.parts) > 1", used: response.used }
  price: []
`),
  );
  const report = card.services[0]?.operations.find(({ id }) => id === 'look')?.reports;
  expect(report?.done({}, answer({ 'response.state': 'done', 'response.parts': [1, 2] }))).toBe(true);
  expect(report?.done({}, answer({ 'response.state': 'done', 'response.parts': [1] }))).toBe(false);
  expect(report?.done({}, answer({ 'response.state': 'done' }))).toBe(false);
  expect(report?.job({}, answer({ 'response.job_id': 7 }))).toBe('7');
  expect(report?.job({}, answer({}))).toBeUndefined();
});
