import { describe, expect, test } from 'vitest';
import { showDay, showDistance, showMoment, showUtc } from './show-time.ts';

const AT = '2026-12-01T00:30:00Z';

describe('a time for people', () => {
  test('a day is in the zone of who looks', () => {
    expect(showDay(AT, 'en-GB', 'UTC')).toBe('1 Dec 2026');
    expect(showDay(AT, 'en-GB', 'America/New_York')).toBe('30 Nov 2026');
    expect(showDay(AT, 'de', 'UTC')).toBe('1. Dez. 2026');
  });

  test('a moment has its time, UTC is said', () => {
    expect(showMoment(AT, 'en-GB', 'Europe/Vienna')).toBe('1 Dec 2026, 1:30');
    expect(showUtc(AT)).toBe('2026-12-01 00:30 UTC');
  });

  test('what is no time is a dash', () => {
    expect(showDay('soon')).toBe('–');
    expect(showUtc('soon')).toBe('–');
  });

  test.each([
    [-40_000, '40 seconds ago'],
    [-90_000, '1 minute ago'],
    [10 * 86_400_000 + 5, 'in 10 days'],
    [7_200_000, 'in 2 hours'],
  ])('%s ms away', (away, text) => {
    expect(showDistance(1_000_000_000 + away, 1_000_000_000, 'en')).toBe(text);
  });
});
