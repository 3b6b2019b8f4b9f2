import { describe, expect, test } from 'vitest';
import { microcredits } from './credits.ts';
import { feeFor, isSameMoney, minorUnits, rounded, sumMoney } from './money.ts';

describe('fees of credits', () => {
  test.each([
    [1_500_000, '0.002', '0.003'],
    [1, '0.002', '0.000000002'],
    [1, '0.000000000000000000000001', '0.000000000000000000000000000001'],
    [999_999_999_999_999, '0.123456789', '123456788.999999876543211'],
    [0, '5', '0'],
  ])('%d microcredits at %s are %s', (amount, perCredit, fee) => {
    expect(feeFor(microcredits(amount), perCredit)).toBe(fee);
  });

  test('sums are exact and never mix currencies', () => {
    const tenths = Array.from({ length: 10 }, () => ({ amount: '0.1', currency: 'USD' }));
    expect(sumMoney([...tenths, { amount: '2', currency: 'EUR' }, { amount: '0.000001', currency: 'USD' }])).toEqual([
      { amount: '1.000001', currency: 'USD' },
      { amount: '2', currency: 'EUR' },
    ]);
  });
});

test('the same amount is the same however it is written, and in its own currency alone', () => {
  expect(isSameMoney({ amount: '12', currency: 'USD' }, { amount: '12.00', currency: 'USD' })).toBe(true);
  expect(isSameMoney({ amount: '12', currency: 'USD' }, { amount: '12.01', currency: 'USD' })).toBe(false);
  expect(isSameMoney({ amount: '12', currency: 'USD' }, { amount: '12', currency: 'EUR' })).toBe(false);
});

describe('what is charged', () => {
  test.each([
    ['12.50', 2, 1250],
    ['12.5', 2, 1250],
    ['12', 0, 12],
    ['0.29', 2, 29],
    ['1.001', 2, undefined],
    ['1.5', 0, undefined],
    ['-1', 2, undefined],
    ['1e3', 2, undefined],
    ['', 2, undefined],
  ])('%s with %d decimals', (amount, decimals, units) => {
    expect(minorUnits(amount, decimals)).toBe(units);
  });

  test('a bill is rounded once, halves up', () => {
    expect(rounded('1.005', 2)).toBe('1.01');
    expect(rounded('1.00499999999', 2)).toBe('1');
    expect(rounded('0.004', 2)).toBe('0');
    expect(rounded('10.5', 0)).toBe('11');
  });
});
