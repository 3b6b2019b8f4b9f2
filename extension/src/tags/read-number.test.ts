import { describe, expect, test } from 'vitest';
import { readNumber } from './read-number.ts';

describe('the first number in a text', () => {
  test.each([
    ['12', 'en', 12],
    ['1,234.5', 'en', 1234.5],
    ['1.234,5', 'de', 1234.5],
    ['1,234', 'en', 1234],
    ['1,234', 'de', 1.234],
    ['1.234', 'de', 1234],
    ['1.234', 'en', 1.234],
    ['0.125', 'de', 0.125],
    ['1,5', 'en', 1.5],
    ['1 234 567', 'fr', 1_234_567],
    ['1\u00A0234,5', 'sv', 1234.5],
    ['page 3 100 results', 'en', 3],
    ['1’234.5', 'de-CH', 1234.5],
    ['12,34,567', 'en-IN', 1_234_567],
    ['١٬٢٣٤٫٥', 'ar-EG', 1234.5],
    ['۱۲۳', 'fa', 123],
    ['−5 rows', 'en', -5],
    ['(-5)', 'en', -5],
    ['a-5', 'en', 5],
    ['about 2,000 rows of 3', 'en', 2000],
    ['7 %', 'no such language!', 7],
    ['5min', 'en', 5],
    ['12345.678', 'de', 12345.678],
  ])('%s in %s is %d', (text, language, number) => {
    expect(readNumber(text, language)).toBe(number);
  });

  test.each(['', 'none', '1.2K rows', '3M', '1.2.3', '20.11.2026', '1,2,3', '9'.repeat(400)])(
    '%s is not read: it is not sure',
    (text) => {
      expect(readNumber(text, 'en')).toBeNull();
    },
  );
});
