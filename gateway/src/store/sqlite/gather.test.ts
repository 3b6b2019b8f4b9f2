import { expect, test } from 'vitest';
import { gather } from './gather.ts';

test('what is asked for at once is read at once, and each gets its own row', async () => {
  const reads: (readonly string[])[] = [];
  const rows = new Map([
    ['a', 1],
    ['c', 3],
  ]);
  const read = gather((keys: readonly string[]) => {
    reads.push(keys);
    return Promise.resolve(keys.map((key) => rows.get(key)));
  });
  expect(await Promise.all([read('a'), read('b'), read('c'), read('a')])).toEqual([1, undefined, 3, 1]);
  expect(await read('c')).toBe(3);
  expect(reads).toEqual([['a', 'b', 'c', 'a'], ['c']]);
});

test('where it can not be read everybody is told, and the next one is read again', async () => {
  let broken = true;
  const read = gather((keys: readonly string[]) =>
    broken ? Promise.reject(new Error('the disk does not answer')) : Promise.resolve(keys),
  );
  const told = await Promise.allSettled([read('a'), read('b')]);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  broken = false;
  expect(await read('a')).toBe('a');
});
