import { expect, test } from 'vitest';
import { readNumber, readPercents } from './read-typed.ts';

test('percents are read however they are parted, highest first and none twice', () => {
  expect(readPercents('0, 10,20')).toEqual([20, 10, 0]);
  expect(readPercents('20 % 10 % 20 %')).toEqual([20, 10]);
});

test.each(['', 'ten', '120', '-5', '12.5.1', '1 2 3 4 5 6 7 8 9 10 11'])('%s is none', (text) => {
  expect(readPercents(text)).toBeUndefined();
});

test('a number is read with either decimal mark, and only between its ends', () => {
  expect(readNumber('12,5', 0, 100)).toBe(12.5);
  expect(readNumber(' 7 ', 0, 100)).toBe(7);
  expect(readNumber('101', 0, 100)).toBeUndefined();
  expect(readNumber('1e3', 0, 10_000)).toBeUndefined();
  expect(readNumber('', 0, 100)).toBeUndefined();
});
