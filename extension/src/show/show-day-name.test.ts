import { expect, test } from 'vitest';
import { showDayName } from './show-day-name.ts';

test('a day keeps its date wherever it is read', () => {
  expect(showDayName('2026-11-20', 'en-GB')).toBe('20 Nov');
  expect(showDayName('2026-11-20', 'en-US')).toBe('Nov 20');
  expect(showDayName('Queries')).toBe('Queries');
  expect(showDayName('2026-13-40')).toBe('2026-13-40');
});
