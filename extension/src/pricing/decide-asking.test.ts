import { expect, test } from 'vitest';
import { decideAsking } from './decide-asking.ts';
import type { Price, Word } from './priced.ts';
import { inMicrocredits } from './who-pays.ts';

const price = (quote: number, word?: Word): Price => {
  const amount = inMicrocredits(quote);
  return { exact: true, low: amount, expected: amount, high: amount, quote: amount, lines: () => [], word };
};
const own = { kind: 'individual' as const, amount: inMicrocredits(1) };
const pool = { kind: 'pool' as const, amount: inMicrocredits(1) };
const nothing = { above: null, share: null, crossing: false, refused: false };
const all = { above: 10, share: 20, crossing: true, refused: true };

test('never without a reason that the person switched on', () => {
  expect(decideAsking(price(5_000, { would: 'refuse', message: '' }), 1, nothing)).toBeNull();
  expect(decideAsking(price(5_000, { would: 'admit', pays: [own, pool] }), 1, nothing)).toBeNull();
});

test('above a number, not at it', () => {
  expect(decideAsking(price(10), null, all)).toBeNull();
  expect(decideAsking(price(10.000001), null, all)).toBe('above');
});

test('more than a share of what is left; of nothing left any price is', () => {
  expect(decideAsking(price(4), 20, all)).toBeNull();
  expect(decideAsking(price(5), 20, all)).toBe('share');
  expect(decideAsking(price(1), 0, all)).toBe('share');
  expect(decideAsking(price(0), 0, all)).toBeNull();
  expect(decideAsking(price(5), null, all)).toBeNull();
});

test('crossing from own credits into others, not where others pay anyway', () => {
  expect(decideAsking(price(2, { would: 'admit', pays: [own, pool] }), 100, all)).toBe('crossing');
  expect(decideAsking(price(2, { would: 'admit', pays: [pool] }), 100, all)).toBeNull();
});

test('what would be refused comes first', () => {
  expect(decideAsking(price(50, { would: 'refuse', message: 'no' }), 20, all)).toBe('refused');
});
