import { expect, test } from 'vitest';
import { pickInTurn } from './pick-in-turn.ts';

const wanted = (...texts: readonly string[]): Map<string, string> => new Map(texts.map((text) => [text, text]));

test('who asks for little is served beside who asks for very much', () => {
  const wild = wanted(...Array.from({ length: 5_000 }, (_, n) => `wild ${n}`));
  const picked = pickInTurn([wild, wanted('a', 'b'), wanted('c')], 200, 100_000);
  expect(picked.size).toBe(200);
  expect([...picked.keys()].slice(0, 5)).toEqual(['wild 0', 'a', 'c', 'wild 1', 'b']);
});

test('what two ask for is asked once', () => {
  expect([...pickInTurn([wanted('a', 'b'), wanted('a')], 200, 100).keys()]).toEqual(['a', 'b']);
});

test('one question is no longer than its reader takes, and what is longer by itself goes alone', () => {
  expect([...pickInTurn([wanted('aaaa', 'bbbb', 'cccc')], 200, 9).keys()]).toEqual(['aaaa', 'bbbb']);
  expect([...pickInTurn([wanted('aaaa'.repeat(9)), wanted('b')], 200, 9).keys()]).toEqual(['aaaa'.repeat(9)]);
});

test('where nothing is waiting nothing is asked', () => {
  expect(pickInTurn([], 200, 100).size).toBe(0);
});
