import { describe, expect, test } from 'vitest';
import { odometerFormat } from './odometer-format.ts';

describe('the digits of the odometer', () => {
  test.each([
    [0, '0.00'],
    [412.999, '412.99'],
    [7412.6, '7,412.60'],
    [74_126.06, '74,126.0'],
    [741_260.9, '741,260'],
    [99_999_999, '99,999,999'],
    [1_000_000_000, '1.0B'],
    [0.0125, '0.012'],
    [0.000004, '0.000004'],
  ])('%s is never shown as more', (credits, text) => {
    expect(new Intl.NumberFormat('en', odometerFormat(credits)).format(credits)).toBe(text);
  });
});
