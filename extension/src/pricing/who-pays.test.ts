import { expect, test } from 'vitest';
import type { Balance } from '../messages.ts';
import { inMicrocredits, whoPays } from './who-pays.ts';

const source = (kind: 'individual' | 'pool', available: number): Balance['sources'][number] => ({
  account: kind,
  kind,
  granted: 1_000,
  spent: 0,
  held: 0,
  available,
  expiring: [],
});
const cap = (mode: 'hard' | 'soft', limit: number, used: number): Balance['caps'][number] => ({
  id: 'c',
  scope: { kind: 'user', id: 'ada' },
  window: 'day',
  mode,
  limit,
  used,
  percent: 0,
  resetsAt: null,
  raise: null,
});
const sources = [source('individual', 5), source('pool', 100)];

test('in draw order, each as far as it reaches', () => {
  expect(whoPays({ sources, caps: [] }, inMicrocredits(3))).toEqual([{ kind: 'individual', amount: 3_000_000 }]);
  expect(whoPays({ sources, caps: [] }, inMicrocredits(8.2))).toEqual([
    { kind: 'individual', amount: 5_000_000 },
    { kind: 'pool', amount: 3_200_000 },
  ]);
  expect(whoPays({ sources, caps: [] }, inMicrocredits(0))).toEqual([]);
});

test('what might be refused, or paid by extra credits, is not decided here', () => {
  expect(whoPays({ sources, caps: [] }, inMicrocredits(105.000001))).toBeUndefined();
  expect(whoPays({ sources, caps: [cap('hard', 10, 8)] }, inMicrocredits(3))).toBeUndefined();
});

test('a cap that leaves enough, and one that only tells, decide nothing', () => {
  expect(whoPays({ sources, caps: [cap('hard', 10, 7), cap('soft', 1, 9)] }, inMicrocredits(3))).toHaveLength(1);
  expect(whoPays({ sources, caps: [cap('hard', 10, 20)] }, inMicrocredits(0))).toEqual([]);
});

test('sums of decimals are read as the amounts they are', () => {
  expect(inMicrocredits(0.1 + 0.2)).toBe(300_000);
});
