import { expect, test } from 'vitest';
import { refusalBeforehand } from './refusal-beforehand.ts';

test('nothing is said of sending, and the time is a reader’s', () => {
  const message =
    'This call can cost up to 28 credits; 2 are left in the cycle cap of user gina until 2026-12-20T00:00:00.000Z. It was not sent. limit up to 9 would fit.';
  const words = refusalBeforehand(message, 'en-GB');
  expect(words).toMatch(
    /^This call can cost up to 28 credits; 2 are left .* until (?:19|20|21) Dec 2026, \d\d:\d\d\. limit up to 9 would fit\.$/,
  );
  expect(refusalBeforehand('The key may spend only in main. Nothing was forwarded.')).toBe('The key may spend only in main.');
});
