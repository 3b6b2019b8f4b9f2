// Every payment credited once, in thousands of storms. Both can be set to play one again or to look longer: the seed is printed with a failure.
import { expect, test } from 'vitest';
import { storm } from './storm.ts';

const seed = Number(process.env['TOLLGATE_STORM_SEED'] ?? Date.now() % 1_000_000_000);
const storms = Number(process.env['TOLLGATE_STORMS'] ?? 4_000);

test(`each payment is credited once, seed ${seed}`, { timeout: 120_000 }, async () => {
  let deaths = 0;
  for (let number = 0; number < storms; number += 1) {
    const { wrong, deaths: died } = await storm(seed + number);
    deaths += died;
    expect(wrong, `TOLLGATE_STORM_SEED=${seed + number} TOLLGATE_STORMS=1`).toEqual([]);
  }
  // A storm in which nothing dies would prove little.
  expect(deaths).toBeGreaterThan(storms);
});
