import { describe, expect, test } from 'vitest';
import { add, formatCredits, microcredits, MICROCREDITS_MAX, parseCredits, toCredits } from './credits.ts';

describe('an amount on the wire', () => {
  test.each([
    ['40', 40_000_000],
    ['0.25', 250_000],
    ['0.000001', 1],
    ['-12.4', -12_400_000],
    ['1000000000', MICROCREDITS_MAX],
  ])('%s credits', (text, amount) => {
    expect(parseCredits(text)).toBe(amount);
    expect(formatCredits(microcredits(amount))).toBe(text);
    expect(String(toCredits(microcredits(amount)))).toBe(String(Number(text)));
  });

  test.each(['', 'abc', '1e3', '0.0000001', '1000000000.000001', '1,5', ' 1', '+1', '.5', 'Infinity'])(
    '%o is no amount',
    (text) => {
      expect(parseCredits(text)).toBeUndefined();
    },
  );

  test('every amount survives the way there and back', () => {
    let seed = 7;
    for (let i = 0; i < 20_000; i += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      const amount = microcredits(Math.floor((seed / 2_147_483_647) ** 4 * MICROCREDITS_MAX));
      expect(parseCredits(formatCredits(amount))).toBe(amount);
      expect(Math.round(JSON.parse(JSON.stringify(toCredits(amount))) * 1e6)).toBe(amount);
    }
  });
});

test('what is not whole or too large is a fault, not an amount', () => {
  expect(() => microcredits(0.5)).toThrow(RangeError);
  expect(() => microcredits(Number.NaN)).toThrow(RangeError);
  expect(() => add(microcredits(MICROCREDITS_MAX), microcredits(1))).toThrow(RangeError);
  expect(Object.is(microcredits(-0), 0)).toBe(true);
});
