import { expect, test } from 'vitest';
import { hammerCaps } from './caps.ts';

test('two hundred callers under caps, a pool and a limit of extra credits, over a midnight: each held to the microcredit', async () => {
  const { differences, refused, spent, extra } = await hammerCaps({ seed: 1, callers: 200, eachSideMs: 3_500, scale: 0.5 });
  expect(differences).toEqual([]);
  // Each of them was reached, and callers came through on both days: otherwise nothing was raced for.
  const reached = [...refused.keys()];
  expect(reached).toEqual(expect.arrayContaining(['key k-u1 day', 'organization main extra']));
  expect(reached.filter((scope) => scope.startsWith('user '))).not.toEqual([]);
  expect(extra).toBeGreaterThan(0);
  expect(spent.get('u1 first')).toBeGreaterThan(0);
  expect(spent.get('u1 second')).toBeGreaterThan(0);
});
