import { expect, test } from 'vitest';
import { matchCalls, type Click, type NamedCall } from './match-calls.ts';

const click = (key: string, at: number, more: Partial<Click> = {}): Click => ({
  key,
  at,
  pairing: 'home',
  since: 1_000,
  expects: { 'query.execute': 1 },
  ...more,
});
const call = (id: string, startedAt: number, more: Partial<NamedCall> = {}): NamedCall => ({
  id,
  startedAt,
  pairing: 'home',
  heldAt: 1_000,
  operation: 'query.execute',
  ...more,
});
const placed = (clicks: readonly Click[], calls: readonly NamedCall[]): string[] =>
  matchCalls(clicks, calls).placed.map(({ call: { id }, key }) => `${id} → ${key}`);

test('a call goes to the one click that expects it', () => {
  expect(placed([click('run', 10), click('export', 20, { expects: { 'results.export': 1 } })], [call('a', 30)])).toEqual([
    'a → run',
  ]);
});

test('hostile 1: two buttons of the same operation in quick succession: nobody knows whose it is', () => {
  const { placed: none, open } = matchCalls([click('one', 10), click('two', 20)], [call('a', 30), call('b', 31)]);
  expect(none).toEqual([]);
  expect(open.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('… and what began before the second click settles both', () => {
  const first = matchCalls([click('one', 10), click('two', 20)], [call('b', 21)]);
  expect(first.placed).toEqual([]);
  expect(placed(first.clicks, [...first.open, call('a', 12)])).toEqual(['a → one', 'b → two']);
});

test('hostile 2: a poll that was under way before the click is not of the click', () => {
  expect(placed([click('run', 10)], [call('poll', 9.9)])).toEqual([]);
});

test('hostile 3: a click that has its call takes no second one, however soon it comes', () => {
  const once = matchCalls([click('run', 10)], [call('a', 11)]);
  expect(once.placed).toHaveLength(1);
  expect(placed(once.clicks, [call('poll', 12)])).toEqual([]);
});

test('hostile 4: a call of another gateway or another operation fits no click', () => {
  const calls = [call('a', 11, { pairing: 'elsewhere' }), call('b', 11, { operation: 'chat.complete' })];
  expect(placed([click('run', 10)], calls)).toEqual([]);
  expect(placed([click('run', 10)], [call('c', 11, { operation: 'constructor' })])).toEqual([]);
});

test('an old call that is named again was held before the click, whatever the page says of its traffic', () => {
  expect(placed([click('run', 10)], [call('old', 11, { heldAt: 999 })])).toEqual([]);
});

test('two clicks on one button are one place, and a sum expects each of its calls', () => {
  expect(placed([click('run', 10), click('run', 20)], [call('a', 30), call('b', 31)])).toEqual(['a → run', 'b → run']);
  const refresh = click('refresh', 10, { expects: { 'query.execute': 2, 'results.export': 1 } });
  const calls = [call('a', 11), call('b', 12), call('c', 13), call('d', 14, { operation: 'results.export' })];
  expect(placed([refresh], calls)).toEqual(['a → refresh', 'b → refresh', 'd → refresh']);
});
