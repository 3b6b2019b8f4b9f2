import { expect, test } from 'vitest';
import { monthsAfter } from './months-after.ts';

test.each([
  ['2026-01-31T12:00:00Z', 1, 'UTC', '2026-02-28T12:00:00Z'],
  ['2028-01-31T12:00:00Z', 1, 'UTC', '2028-02-29T12:00:00Z'],
  ['2024-02-29T00:00:00Z', 12, 'UTC', '2025-02-28T00:00:00Z'],
  // The clock goes back in between: the local time stays.
  ['2026-10-01T10:00:00Z', 1, 'Europe/Berlin', '2026-11-01T11:00:00Z'],
  // 02:30 on the day when that hour is skipped.
  ['2026-01-29T01:30:00Z', 2, 'Europe/Berlin', '2026-03-29T01:30:00Z'],
])('%s and %d months in %s', (at, months, zone, then) => {
  expect(new Date(monthsAfter(Date.parse(at), months, zone)).toISOString()).toBe(new Date(then).toISOString());
});
