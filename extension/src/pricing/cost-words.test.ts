import '../words-of-tests.ts';
import { expect, test } from 'vitest';
import type { ChainNode } from '../messages.ts';
import { costWords, moduleWords } from './cost-words.ts';

function node(id: string, own: number | null, below: readonly ChainNode[] = []): ChainNode {
  return { id, operation: 'chat.complete', labels: {}, state: own === null ? 'open' : 'settled', own, inclusive: own, below };
}

test('with everything that ran below it', () => {
  expect(costWords([node('a', 12, [node('b', 0.4)])])).toEqual({
    text: '−12.4',
    spoken: 'cost 12.4 credits, calls below it included: 1',
    done: true,
  });
});

test('an agent and its sub-agents that are named both are counted once', () => {
  const below = node('b', 0.4);
  expect(costWords([below, node('a', 12, [below]), node('c', 1)]).text).toBe('−13.4');
});

test('while something runs there is no number', () => {
  expect(costWords([node('a', 12, [node('b', null)])])).toMatchObject({ text: '…', done: false });
});

test('nothing is nothing, not unknown', () => {
  expect(costWords([node('a', 0)])).toMatchObject({ text: '0', spoken: 'cost nothing', done: true });
});

test('a module of one call says one, not 1 calls', () => {
  const call = { state: 'settled', charge: 2 } as const;
  expect(moduleWords([call]).spoken).toBe('2 credits in one call');
  expect(moduleWords([call, call]).spoken).toBe('4 credits in 2 calls');
});

test('a module adds up its calls', () => {
  expect(
    moduleWords([
      { state: 'settled', charge: 2 },
      { state: 'released', charge: null },
      { state: 'settled', charge: 0.5 },
    ]).text,
  ).toBe('−2.5');
  expect(
    moduleWords([
      { state: 'settled', charge: 2 },
      { state: 'open', charge: null },
    ]).text,
  ).toBe('−2 …');
  expect(moduleWords([{ state: 'open', charge: null }]).text).toBe('…');
});
