import { tagInputs } from '@tollgate/shared/rate-card/tag';
import { expect, test } from 'vitest';
import { givenOf, inputRows, readOf, shortened, sourceOf, translate, typedValue } from './input-rows.ts';

const operation = {
  fields: [
    { name: 'body.performance', values: ['medium', 'large'], absent: 'medium' },
    { name: 'query.limit', values: null, absent: null },
  ],
  quantities: ['rows'],
};

test('a row for each field, each quantity and whatever else the tag names', () => {
  const rows = inputRows(operation, { performance: 'select#engine', 'header.x': { value: 'a' } });
  expect(rows.map(({ name, words }) => [name, words])).toEqual([
    ['performance', 'performance'],
    ['query.limit', 'limit'],
    ['quantity.rows', 'rows'],
    ['header.x', 'header.x'],
  ]);
  expect(rows.map(({ source }) => givenOf(source))).toEqual(['page', 'absent', 'absent', 'typed']);
});

test('a bare name that two fields end in stands for itself', () => {
  const fields = [
    { name: 'body.n', values: null, absent: null },
    { name: 'query.n', values: null, absent: null },
  ];
  expect(inputRows({ fields, quantities: [] }, { n: { value: 1 } }).map(({ name }) => name)).toEqual(['body.n', 'query.n', 'n']);
});

test.each([
  ['12', 12],
  ['0.5', 0.5],
  ['true', true],
  ['007', '007'],
  ['large', 'large'],
  ['12345678901234567890', '12345678901234567890'],
])('%s is typed as %s', (text, value) => {
  expect(typedValue(text)).toBe(value);
});

test('sources are written in the shortest form, and the rate card takes each', () => {
  expect(sourceOf({ selector: '#engine', read: 'value' })).toBe('#engine');
  expect(sourceOf({ selector: '#fast', read: 'checked' })).toEqual({ from: '#fast', read: 'checked' });
  const read = readOf('#engine');
  if (read === undefined) throw new Error('it is read from the page');
  const translated = translate(read, 'Fast', 'large');
  expect(translated).toEqual({ from: '#engine', read: 'value', is: { Fast: 'large' } });
  const again = readOf(translated);
  if (again === undefined) throw new Error('it is read from the page');
  expect(translate(again, 'Fast', '')).toBe('#engine');
  expect(shortened({ read: 'number' })).toEqual({ read: 'number' });
  expect(tagInputs.safeParse({ a: translated, b: '#engine', c: { read: 'number' } }).success).toBe(true);
  expect(readOf({ value: 1 })).toBeUndefined();
});
