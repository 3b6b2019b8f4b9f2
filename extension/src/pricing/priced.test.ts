import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { sumOf, type Price } from './priced.ts';

function price(credits: number, line: string): Price {
  const amount = microcredits(credits * 1_000_000);
  const lines: Price['lines'] = () => [{ arithmetic: 'a call', credits: line }];
  return { exact: true, low: amount, expected: amount, high: amount, quote: amount, lines, word: undefined };
}

test('the lines of a sum add up to it, also of what is called several times', () => {
  const sum = sumOf([
    { price: price(18, '18'), times: 2 },
    { price: price(0.000001, '0.000000333333'), times: 30 },
    { price: price(0.5, '0.5'), times: 4 },
    { price: price(20, '20'), times: 1 },
    { price: price(0, '0'), times: 3 },
  ]);
  expect(sum.lines()).toEqual([
    { arithmetic: '2 × (a call)', credits: '36' },
    { arithmetic: '30 × (a call)', credits: '0.00000999999' },
    { arithmetic: '4 × (a call)', credits: '2' },
    { arithmetic: 'a call', credits: '20' },
    { arithmetic: '3 × (a call)', credits: '0' },
  ]);
  expect(sum.quote).toBe(58_000_030);
});
