import { expect, test } from 'vitest';
import { chainTree, countOf, inclusiveOf, isOpen, spentSoFar, sum, type Call } from './chain-tree.ts';

function call(id: string, parent: string | null, charge: number | null, state: Call['state'] = 'settled'): Call {
  // What a tree is made of; the rest of a call is the gateway's business.
  return {
    id,
    parent,
    charge,
    state,
    operation: 'chat.complete',
    labels: {},
    heldAt: `2026-11-20T10:00:0${id.length}.000Z`,
  } as Call;
}

test('own beside inclusive, in the order of time', () => {
  const tree = chainTree([call('ccc', 'bb', 0.1), call('bb', 'a', 0.2), call('a', null, 12), call('dddd', 'a', 3)], 'a');
  expect(tree).toMatchObject({ id: 'a', own: 12, inclusive: 15.3 });
  expect(tree?.below.map(({ id, inclusive }) => [id, inclusive])).toEqual([
    ['bb', 0.3],
    ['dddd', 3],
  ]);
  expect(tree === undefined ? 0 : countOf(tree)).toBe(4);
});

test('a sub-agent alone is its own part of the chain', () => {
  expect(chainTree([call('a', null, 12), call('bb', 'a', 1), call('ccc', 'bb', 2)], 'bb')).toMatchObject({
    own: 1,
    inclusive: 3,
  });
});

test('unknown is not zero: while something runs, the sum is not known', () => {
  const tree = chainTree([call('a', null, 12), call('bb', 'a', null, 'open')], 'a');
  expect(tree).toMatchObject({ own: 12, inclusive: null });
  expect(tree !== undefined && isOpen(tree)).toBe(true);
  expect(tree === undefined ? 0 : spentSoFar(tree)).toBe(12);
});

test('a released call cost nothing', () => {
  expect(chainTree([call('a', null, null, 'released')], 'a')).toMatchObject({ own: 0, inclusive: 0 });
});

test('calls that name each other as parents end somewhere', () => {
  expect(chainTree([call('a', 'bb', 1), call('bb', 'a', 2)], 'a')).toMatchObject({ inclusive: 3 });
  expect(chainTree([], 'a')).toBeUndefined();
});

test('what one click caused is known together once all of it is', () => {
  const trees = [call('a', null, 0.1), call('b', null, 0.2)].flatMap((one) => chainTree([one], one.id) ?? []);
  expect(inclusiveOf(trees)).toBe(0.3);
  const open = chainTree([call('c', null, null, 'open')], 'c');
  expect(inclusiveOf(open === undefined ? trees : [...trees, open])).toBeNull();
});

test('a gateway that tells absurd amounts has a sum that is no larger than there can be', () => {
  expect(sum(Array.from({ length: 50 }, () => 900_000_000))).toBe(1_000_000_000);
});
