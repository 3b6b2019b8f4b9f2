import { expect, test, vi } from 'vitest';

// No browser here: what is read of elements is tested in one (test/extension/tags.test.ts).
for (const name of ['Element', 'Node', 'Document']) vi.stubGlobal(name, { prototype: {} });
const { readClaim } = await import('./annotation.ts');

test.each([
  ['12', 12],
  ['0', 0],
  ['0.000001', 0.000001],
  ['1000000000', 1_000_000_000],
])('a page may claim %s', (text, credits) => {
  expect(readClaim(text)).toBe(credits);
});

test.each([
  null,
  '',
  '-5',
  '+5',
  '1e3',
  '1000000001',
  '0.0000001',
  '12 credits',
  'Infinity',
  'NaN',
  '0x10',
  ' 12',
  '<b>1</b>',
  '9'.repeat(10_000),
])('a page that claims %s claims nothing', (text) => {
  expect(readClaim(text)).toBeNull();
});
