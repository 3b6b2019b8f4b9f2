import { expect, test } from 'vitest';
import { killLoop } from './kill-loop.ts';

test('nothing that a client was told is lost when the gateway is killed at random moments under load', async () => {
  const { differences, restartsMs, told } = await killLoop({ kills: 10, seed: 3 });
  console.log(`ready again after ${restartsMs.map((ms) => Math.round(ms)).join(', ')} ms; ${told} costs told`);
  expect(differences).toEqual([]);
  expect(told).toBeGreaterThan(100);
  // The quickest, because other tests share the processors; `npm run hammer` looks at all of them.
  expect(Math.min(...restartsMs)).toBeLessThan(2_000);
});
