import { expect, test } from 'vitest';
import { microcreditsOf } from '../hammer/compare.ts';
import { drain, type DrainResult } from './drain.ts';

const STREAMS = 200;

function expectSettled({ code, openBefore, openHolds, rows, told }: DrainResult): void {
  expect(openBefore).toBeGreaterThan(STREAMS / 2);
  expect({ code, openHolds }).toEqual({ code: 0, openHolds: 0 });
  expect(rows.map(({ state }) => state)).toEqual(Array.from({ length: STREAMS }, () => 'settled'));
  const charges = new Map(rows.map(({ id, charge }) => [id, charge]));
  const wrong = told.filter(({ cost, callId }) => cost !== null && charges.get(callId ?? '') !== microcreditsOf(cost));
  expect(wrong).toEqual([]);
}

test('streams that end within the shutdown time end whole, with their cost', async () => {
  const drained = await drain({ streams: STREAMS, dripMs: 60, shutdownMs: 30_000 });
  expectSettled(drained);
  expect(drained.told.filter(({ whole, cost }) => whole && cost !== null)).toHaveLength(STREAMS);
});

test('streams that would not end in time are cut and settled, and the gateway still ends as it should', async () => {
  const drained = await drain({ streams: STREAMS, dripMs: 400, shutdownMs: 800 });
  expectSettled(drained);
  expect(drained.told.filter(({ status, whole }) => status === 200 && whole)).toEqual([]);
  expect(drained.endedMs).toBeLessThan(15_000);
});
