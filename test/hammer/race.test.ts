import { expect, test } from 'vitest';
import { race } from './race.ts';

test('of 20 concurrent calls of 75 against 500 exactly 6 are admitted', async () => {
  const { differences, admitted, refused, seen, rows } = await race({
    calls: 20,
    credits: 500,
    plan: { seed: 1, kinds: 'dear' },
  });
  expect(differences).toEqual([]);
  expect({ admitted, refused, seen, rows }).toEqual({ admitted: 6, refused: 14, seen: 6, rows: 6 });
});

test('of 10,000 concurrent calls with credits for 100, clients, upstream and ledger saw the same 100', async () => {
  const { differences, admitted, refused, seen, rows } = await race({
    calls: 10_000,
    credits: 7_500,
    plan: { seed: 1, kinds: 'dear' },
  });
  expect(differences).toEqual([]);
  expect({ admitted, refused, seen, rows }).toEqual({ admitted: 100, refused: 9_900, seen: 100, rows: 100 });
});

test('of 2,000 concurrent calls of every kind, with faults and clients that leave, each is charged as the oracle says', async () => {
  const { differences, refused, rows } = await race({ calls: 2_000, credits: 400, plan: { seed: 2, kinds: 'mixed' } });
  expect(differences).toEqual([]);
  // Some of both: otherwise nothing was raced for.
  expect(refused).toBeGreaterThan(100);
  expect(rows).toBeGreaterThan(100);
});
