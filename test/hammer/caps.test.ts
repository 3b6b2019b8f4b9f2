import { expect, test } from 'vitest';
import { hammerCaps } from './caps.ts';

test('two hundred callers under caps, a pool and a limit of extra credits, over a midnight: each held to the microcredit', async () => {
  const { differences, refused, spent, extra } = await hammerCaps({ seed: 1, callers: 200, eachSideMs: 3_500, scale: 0.5 });
  expect(differences).toEqual([]);
  // Each of them was reached: otherwise nothing was raced for.
  expect([...refused.keys()]).toEqual(
    expect.arrayContaining(['key k-u1 day', 'user u5 day', 'user u6 day', 'organization main extra']),
  );
  expect(extra).toBeGreaterThan(10_000_000);
  // And reached anew on the second day.
  expect((spent.get('u1 first') ?? 0) + (spent.get('u1 second') ?? 0)).toBeGreaterThan(6_000_000);
});
