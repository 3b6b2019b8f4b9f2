import { expect, test } from 'vitest';
import { stepLoop } from './step-loop.ts';

test('a gateway that is killed at any step of a call leaves nothing open and nothing that a client was told wrong', async () => {
  const { differences, steps } = await stepLoop();
  expect(differences).toEqual([]);
  expect(steps).toBeGreaterThan(15);
}, 120_000);
