import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

test('a tab that looks a thousand things up keeps another waiting for a few of them', async () => {
  const done: string[] = [];
  let running = 0;
  let most = 0;
  const look = (name: string) => async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    done.push(name);
  };
  const wild = Array.from({ length: 1_000 }, (_, n) => inTurn(1, look(`wild ${n}`)));
  await Promise.all([inTurn(2, look('a')), inTurn(2, look('b')), inTurn(3, look('c'))]);
  expect(done.length).toBeLessThan(20);
  await Promise.all(wild);
  expect(done.length).toBe(1_003);
  expect(most).toBe(3);
});

test('a look that fails gives its turn on', async () => {
  const failing = Array.from({ length: 5 }, () => inTurn(1, () => Promise.reject(new Error('no answer'))));
  expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
  expect(await inTurn(1, () => Promise.resolve('found'))).toBe('found');
});
