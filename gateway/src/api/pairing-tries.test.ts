import { expect, test } from 'vitest';
import { createPairingTries, type PairingTries } from './pairing-tries.ts';

async function refusedOf(tries: PairingTries, addresses: readonly string[]): Promise<number> {
  let refused = 0;
  for (const address of addresses) if ((await tries.claim(address)) !== undefined) refused += 1;
  return refused;
}

const many = (count: number, addressOf: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => addressOf(at));

test('all addresses of one network have the tries of one, and take no more of everybody else', async () => {
  const tries = createPairingTries();
  expect(
    await refusedOf(
      tries,
      many(600, (at) => `2001:db8::${at.toString(16)}`),
    ),
  ).toBe(580);
  expect(await tries.claim('2001:db8:0:1::1')).toBeUndefined();
  expect(await tries.claim('192.0.2.1')).toBeUndefined();
});

test('from everywhere together there are no more than five hundred', async () => {
  const tries = createPairingTries();
  expect(
    await refusedOf(
      tries,
      many(500, (at) => `10.0.${at >> 8}.${at & 255}`),
    ),
  ).toBe(0);
  expect(await tries.claim('192.0.2.1')).toMatchObject({ refused: 'rate_limited', headers: { 'retry-after': '600' } });
});

test('a code that was right costs nothing', async () => {
  const tries = createPairingTries();
  for (const address of many(600, () => '2001:db8::1')) {
    expect(await tries.claim(address)).toBeUndefined();
    await tries.right(address);
  }
});
