import { expect, test } from 'vitest';
import { decimalText, dividedUp, nanosOf, rational } from './exact.ts';
import { parseAmount, parseBytes, parseSeconds } from './unit.ts';

test('a decimal is what was written, not its binary neighbour', () => {
  expect(rational(0.1)).toEqual({ numerator: 1n, denominator: 10n });
  expect(rational(2e-7)).toEqual({ numerator: 1n, denominator: 5_000_000n });
  expect(rational(1.5e21)).toEqual({ numerator: 1_500_000_000_000_000_000_000n, denominator: 1n });
  expect(() => rational(-1)).toThrow(RangeError);
  expect(() => rational(Number.NaN)).toThrow(RangeError);
});

test('quantities keep nine decimals, also large ones', () => {
  expect(nanosOf(0.3)).toBe(300_000_000n);
  expect(nanosOf(1_234_567.000_000_5)).toBe(1_234_567_000_000_500n);
  expect(nanosOf(Number.MAX_SAFE_INTEGER)).toBe(9_007_199_254_740_991_000_000_000n);
});

test('division rounds up, and text is exact', () => {
  expect(dividedUp(10n, 3n)).toBe(4n);
  expect(dividedUp(9n, 3n)).toBe(3n);
  expect(decimalText(2568n, 1000n)).toBe('2.568');
  expect(decimalText(1n, 3n)).toBe('0.333333333333333…');
});

test('sizes are decimal, times are seconds, and one is not taken for the other', () => {
  expect(parseAmount('100 MB')).toBe(100_000_000);
  expect(parseAmount('4 KB')).toBe(4000);
  expect(parseAmount('1.1m')).toBe(66);
  expect(parseAmount('40m')).toBe(2400);
  expect(parseAmount('500ms')).toBe(0.5);
  expect(parseAmount('body.n')).toBeUndefined();
  expect(parseAmount('3 parsecs')).toBeUndefined();
  expect(parseSeconds('1 MB')).toBeUndefined();
  expect(parseBytes('10s')).toBeUndefined();
});
