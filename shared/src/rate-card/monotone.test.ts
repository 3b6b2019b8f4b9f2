import { expect, test } from 'vitest';
import { compileExpression } from './expression.ts';
import { neverFalls } from './monotone.ts';

function shown(text: string): boolean {
  const expression = compileExpression(text, 'double', () => 'double');
  if ('problem' in expression) throw new Error(expression.problem);
  return neverFalls(expression.tree, (name) => ['rows', 'bytes'].includes(name));
}

test.each([
  'max(rows * 3, ceil(bytes / 100)) / 1000',
  'rows + bytes * query.weight',
  'min(rows, 1000) * 0.5 + 2',
  'query.kind > 2 ? rows * 2 : rows',
  'max(0, rows - 100)',
  '5',
])('%s never falls', (text) => expect(shown(text)).toBe(true));

test.each([
  '100 - rows',
  'rows - 100',
  '1000 / rows',
  'rows / query.size',
  'rows > 100 ? rows * 1 : rows * 2',
  'rows - bytes',
  'max(1, 10 - rows)',
  '-rows',
  'rows * (5 - bytes)',
])('%s can not be shown so', (text) => expect(shown(text)).toBe(false));

test('whole numbers divide with a rest, and binary dust does not lift a ceiling', () => {
  const run = (text: string, rows: number): unknown => {
    const expression = compileExpression(text, 'double', () => 'double');
    return 'problem' in expression ? expression.problem : expression.run({ v0: rows });
  };
  expect(run('rows * 9 / 1000', 37)).toBe(0.333);
  expect(run('37 * 9 / 1000', 0)).toBe(0.333);
  expect(run('ceil(rows * 3)', 0.1)).toBe(1);
  expect(run('ceil(rows * 10)', 0.1 * 3)).toBe(3);
  expect(run('max(rows, 2, 3)', 1)).toBe(3);
});

test('what is no arithmetic over fields is refused in words', () => {
  const problem = (text: string): unknown =>
    compileExpression(text, 'double', (name) => (name === 'label.a' ? 'string' : 'double'));
  expect(problem('rows *')).toMatchObject({ problem: expect.stringContaining('can not be read') });
  expect(problem('label.a * 2')).toMatchObject({ problem: expect.stringContaining('string * double') });
  expect(problem('rows > 2')).toEqual({ problem: 'the expression gives true or false; a number would be right' });
  expect(problem('pow(rows, 2)')).toMatchObject({ problem: expect.stringContaining('"pow" is not a function here') });
  expect(problem('label.a.matches("(a+)+")')).toMatchObject({ problem: expect.stringContaining('"matches" is not a test here') });
  expect(problem('[1, 2].map(x, x)')).toMatchObject({ problem: expect.stringContaining('not a test') });
});
