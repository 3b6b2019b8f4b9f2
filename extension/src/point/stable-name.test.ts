import { expect, test } from 'vitest';
import { isStableAttribute, isStableName } from './stable-name.ts';

test.each(['run', 'run-query', 'engineSize', 'export_csv', 'btn-primary', 'query-editor', 'h1', 'größe', 'runSQL'])(
  '%s reads as if somebody chose it',
  (name) => {
    expect(isStableName(name)).toBe(true);
  },
);

test.each([
  ':r1:',
  '_r_2_',
  'ember1234',
  'radix-3',
  'mui-42',
  'react-select-2-input',
  'f3b1c2d4-9a8b-4c7d-8e6f-001122334455',
  'Button_run__x7dQ2',
  'css-1q2w3e',
  'sc-bczRLJ',
  'jss12',
  'item-10293',
  'is-active',
  'disabled',
  '',
  'x'.repeat(81),
])('%s is made by a machine, or is a state', (name) => {
  expect(isStableName(name)).toBe(false);
});

test('attributes made for finding are kept, with small numbers in them; those for people where no number can change', () => {
  expect(isStableAttribute('data-testid', 'run-2')).toBe(true);
  expect(isStableAttribute('data-testid', 'row-1029384')).toBe(false);
  expect(isStableAttribute('aria-label', 'Run query')).toBe(true);
  expect(isStableAttribute('aria-label', 'Inbox, 3 unread')).toBe(false);
  expect(isStableAttribute('title', 'a "quoted" word')).toBe(false);
  expect(isStableAttribute('style', 'color: red')).toBe(false);
  expect(isStableAttribute('name', '')).toBe(false);
});
