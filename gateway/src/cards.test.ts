// A changed card is tried again until it can be kept.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCards } from './cards.ts';
import { createLog } from './log.ts';

// The file is looked at several times a second.
const SOON = { timeout: 10_000 };
const cardAt = (rate: number): string => `card: sample
services:
  s: { path: /s, upstream: s, operations: [{ id: a, match: GET /a, price: [{ rate: ${rate} }] }] }
`;

test('a store that can not keep a card for a moment does not keep it from being taken up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-card-'));
  const file = join(folder, 'rates.yaml');
  await writeFile(file, cardAt(1));
  let fails = 0;
  const cards = await openCards({
    file,
    upstreams: new Set(['s']),
    store: {
      putCard: () => ((fails -= 1) >= 0 ? Promise.reject(new Error('the disk is full')) : Promise.resolve()),
      card: () => Promise.resolve(undefined),
    },
    inUse: () => Promise.resolve([]),
    now: () => 0,
    log: createLog('silent'),
  });
  const { version } = cards.current().card;
  fails = 1;
  await writeFile(file, cardAt(2));
  await expect.poll(() => cards.problems(), SOON).toHaveLength(1);
  expect(cards.current().card.version).toBe(version);
  await expect.poll(() => cards.current().card.version, SOON).not.toBe(version);
  expect(cards.problems()).toEqual([]);
  cards.close();
  await rm(folder, { recursive: true });
});
