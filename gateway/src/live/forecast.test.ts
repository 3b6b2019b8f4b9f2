import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { forecastOf, unusualOf } from './forecast.ts';

const credits = (amount: number): ReturnType<typeof microcredits> => microcredits(amount * 1_000_000);
const DAY = 86_400_000;
const month = { from: 0, until: 30 * DAY, limit: credits(300) };

test('a pace that goes past the allowance says when it ends and what it would come to', () => {
  expect(forecastOf({ ...month, spent: credits(200) }, 10 * DAY)).toEqual({ runsOutAt: 15 * DAY, expected: credits(600) });
});

test.each([
  ['a pace that lasts', 50, 10 * DAY],
  ['a pace just at the allowance', 100, 10 * DAY],
  ['nothing spent', 0, 10 * DAY],
  ['too early to tell: less than a tenth of the cycle', 200, 3 * DAY - 1],
  ['used up already', 300, 10 * DAY],
  ['past its end', 200, 30 * DAY],
])('no forecast: %s', (_, spent, at) => {
  expect(forecastOf({ ...month, spent: credits(spent) }, at)).toBeUndefined();
});

test('a tenth of the cycle is enough', () => {
  expect(forecastOf({ ...month, spent: credits(200) }, 3 * DAY)).toMatchObject({ expected: credits(2_000) });
});

test('no allowance, no forecast; a pace past all bounds is bounded', () => {
  expect(forecastOf({ ...month, limit: credits(0), spent: credits(1) }, 10 * DAY)).toBeUndefined();
  const wide = { from: 0, until: 1_000_000, spent: credits(900_000_000), limit: credits(999_999_999) };
  expect(forecastOf(wide, 100_000)?.expected).toBe(credits(1_000_000_000));
});

const even = Array.from({ length: 28 }, () => credits(10));

test('a day above three deviations and twice the median sticks out', () => {
  expect(unusualOf(credits(21), even)).toEqual({ usual: credits(10), limit: credits(20) });
  expect(unusualOf(credits(20), even)).toBeUndefined();
});

test('where days differ, the deviation decides', () => {
  const uneven = Array.from({ length: 28 }, (_, day) => credits(day % 2 === 0 ? 5 : 25));
  // Mean and median 15, deviation 10: three of them above is 45.
  expect(unusualOf(credits(45), uneven)).toBeUndefined();
  expect(unusualOf(credits(45.000001), uneven)).toEqual({ usual: credits(15), limit: credits(45) });
});

test('seven days are needed, from the first that had a charge', () => {
  const since = (days: number): ReturnType<typeof credits>[] =>
    even.map((charge, day) => (day < 28 - days ? credits(0) : charge));
  expect(unusualOf(credits(100), since(6))).toBeUndefined();
  expect(unusualOf(credits(100), since(7))).toEqual({ usual: credits(10), limit: credits(20) });
  expect(unusualOf(credits(100), since(0))).toBeUndefined();
});

test('quiet days between count: who works on weekdays alone is not unusual on Monday', () => {
  const weekdays = Array.from({ length: 28 }, (_, day) => credits(day % 7 < 5 ? 10 : 0));
  expect(unusualOf(credits(12), weekdays)).toBeUndefined();
  expect(unusualOf(credits(30), weekdays)).toMatchObject({ usual: credits(10) });
});
