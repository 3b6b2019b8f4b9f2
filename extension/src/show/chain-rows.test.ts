import { describe, expect, test } from 'vitest';
import type { ChainNode } from '../messages.ts';
import { chainRows } from './chain-rows.ts';

function node(id: string, below: readonly ChainNode[] = []): ChainNode {
  return { id, operation: 'chat.complete', labels: {}, state: 'settled', own: 1, inclusive: 1 + below.length, below };
}

describe('the rows of a chain', () => {
  const root = node('a', [node('b', [node('c')]), node('d')]);

  test('each call stands below the one that it was made for, in its order', () => {
    expect(chainRows([root]).rows.map((row) => `${row.depth}${row.node.id}`)).toEqual(['0a', '1b', '2c', '1d']);
  });

  test('a long one is cut, and says how many are left out', () => {
    const { rows, more } = chainRows([root], 2);
    expect(rows.map((row) => row.node.id)).toEqual(['a', 'b']);
    expect(more).toBe(2);
  });

  test('a very deep one does not end the page', () => {
    let deep = node('end');
    for (let depth = 0; depth < 20_000; depth += 1) deep = node(`at-${depth}`, [deep]);
    expect(chainRows([deep]).more).toBe(20_001 - 100);
  });
});
