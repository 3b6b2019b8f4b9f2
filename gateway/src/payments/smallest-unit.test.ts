import { expect, test } from 'vitest';
import { billed, fromSmallestUnit, toSmallestUnit } from './smallest-unit.ts';

test.each([
  ['12.50', 'USD', 1250],
  ['12', 'USD', 1200],
  ['0.01', 'EUR', 1],
  ['1200', 'JPY', 1200],
  ['1.234', 'KWD', 1234],
  ['5', 'ISK', 500],
])('%s %s is %d of the smallest unit, and back', (amount, currency, units) => {
  expect(toSmallestUnit({ amount, currency })).toBe(units);
  expect(Number(fromSmallestUnit(units, currency.toLowerCase()).amount)).toBe(Number(amount));
  expect(fromSmallestUnit(units, currency.toLowerCase()).currency).toBe(currency);
});

test.each([
  ['12.505', 'USD'],
  ['0.5', 'JPY'],
  ['0', 'USD'],
  ['0.00', 'USD'],
])('%s %s can not be charged', (amount, currency) => {
  expect(toSmallestUnit({ amount, currency })).toBeUndefined();
});

test('a bill is rounded once, to what can be charged', () => {
  expect(billed({ amount: '3.14500001', currency: 'USD' })).toEqual({ amount: '3.15', currency: 'USD' });
  expect(billed({ amount: '3.1449999', currency: 'USD' })).toEqual({ amount: '3.14', currency: 'USD' });
  expect(billed({ amount: '99.5', currency: 'JPY' })).toEqual({ amount: '100', currency: 'JPY' });
  expect(billed({ amount: '0.0049', currency: 'USD' })).toEqual({ amount: '0', currency: 'USD' });
});
