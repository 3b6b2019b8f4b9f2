import { describe, expect, test } from 'vitest';
import { showCredits, showEstimate, showPercent, showRange, showSpent } from './show-credits.ts';

describe('an amount for people', () => {
  test.each([
    [7412.6, 'en', '7,412.6'],
    [7412.6, 'de', '7.412,6'],
    [1234567.8912, 'en', '1,234,567.891'],
    [0, 'en', '0'],
    [-0, 'en', '0'],
    [0.000001, 'en', '0.000001'],
    [0.0004, 'en', '0.0004'],
    [null, 'en', '–'],
    [undefined, 'en', '–'],
    [Number.NaN, 'en', '–'],
    [Infinity, 'en', '–'],
  ])('%s in %s', (credits, locale, text) => {
    expect(showCredits(credits, locale)).toBe(text);
  });

  test('a receipt has all six decimals', () => {
    expect(showCredits(2.080512, 'en', true)).toBe('2.080512');
    expect(showCredits(2.080512, 'en')).toBe('2.081');
  });

  test('what was spent has a minus of its own, nothing and unknown have none', () => {
    expect(showSpent(12.4, 'en')).toBe('−12.4');
    expect(showSpent(0, 'en')).toBe('0');
    expect(showSpent(null, 'en')).toBe('–');
  });

  test('an estimate says that it is one', () => {
    expect(showEstimate({ exact: true, expected: 12 }, 'en')).toBe('12');
    expect(showEstimate({ exact: false, expected: 12 }, 'en')).toBe('≈ 12');
    expect(showEstimate({ exact: false, expected: null }, 'en')).toBe('–');
    expect(showRange(9, 40, 'en')).toBe('9–40');
  });
});

test.each([
  [93.9, '93 %'],
  [100, '100 %'],
  [0.56, '0.5 %'],
  [0, '0 %'],
  [null, '–'],
])('%s per cent, never more than there is', (percent, text) => {
  expect(showPercent(percent, 'en')).toBe(text);
});
