// What was charged by hour, and what of an hour was charged to a moment within it: together they are what the calls were charged.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { usageSums } from '../../api/usage-sums.ts';
import { HOUR_MS, START, type Sample } from './sample-store.ts';
import { sampleStore } from './full-sample.ts';

const SEEN = { workspaces: ['main'] };

let sample: Sample;
beforeAll(async () => {
  sample = await sampleStore();
});
afterAll(async () => {
  await sample.close();
  await sample.remove();
});

test('to every moment of an hour, what its ended calls were charged', async () => {
  const { store } = sample;
  const ended = (await store.calls({ limit: 1_000 })).filter(({ state, ended: end }) =>
    state === 'released' ? end?.['counted'] === true : state !== 'open',
  );
  const hour = START - (START % HOUR_MS);
  const moments = [0, 1, 1_234_567, 1_800_000, HOUR_MS - 1].map((after) => hour + HOUR_MS + after);
  const found = (await store.chargesToMoments(moments, SEEN, 10_000)) ?? [];
  let most = 0;
  for (const moment of moments) {
    const own = ended.filter(({ heldAt, about }) => about.workspace === 'main' && heldAt >= hour + HOUR_MS && heldAt < moment);
    const parts = found.filter((part) => part.moment === moment);
    expect(parts.reduce((sum, { calls }) => sum + calls, 0)).toBe(own.length);
    expect(parts.reduce((sum, { charge }) => sum + charge, 0)).toBe(own.reduce((sum, { charge }) => sum + (charge ?? 0), 0));
    most = Math.max(most, own.length);
  }
  expect(most).toBeGreaterThan(20);
  expect(await store.chargesToMoments(moments, { ...SEEN, keys: ['nobody'] }, 10_000)).toEqual([]);
  expect(await store.chargesToMoments([], SEEN, 0)).toEqual([]);
});

test('where more calls would have to be read than may be, nothing is read', async () => {
  const { store } = sample;
  const starts = [START + HOUR_MS + 1_800_000, START + 25 * HOUR_MS + 1_800_000];
  expect(await store.chargesToMoments(starts, SEEN, 1)).toBeUndefined();
  expect(await usageSums(store, SEEN, { by: 'day', zone: 'Asia/Kolkata', starts }, 1)).toBeUndefined();
  expect(
    await usageSums(store, SEEN, { by: 'day', zone: 'UTC', starts: starts.map((at) => at - (at % HOUR_MS)) }, 1),
  ).toHaveLength(1);
});
