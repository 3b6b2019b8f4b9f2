import { expect, test } from 'vitest';
import { placeCall } from './place-call.ts';

const PAIRING = 'http://127.0.0.1:8402 key';
const call = (id: string, startedAt: number): Parameters<typeof placeCall>[1] => ({
  id,
  pairing: PAIRING,
  operation: 'query.execute',
  startedAt,
  heldAt: 1_000,
});
const clicked = (key: string, times: number) => ({
  key,
  at: 10,
  pairing: PAIRING,
  since: 0,
  expects: { 'query.execute': times },
});

test('a call that is named twice has one place, and takes none of another', () => {
  let acts: Parameters<typeof placeCall>[0] = { at: 0, clicks: [clicked('refresh', 3)], open: [], costs: [] };
  for (const id of ['a', 'b', 'b', 'c', 'c', 'd']) ({ acts } = placeCall(acts, call(id, 20)));
  expect(acts.costs).toEqual([{ key: 'refresh', pairing: PAIRING, ids: ['a', 'b', 'c'] }]);
  expect(acts.clicks).toEqual([]);
});

test('a call of which several clicks could be the cause waits, once', () => {
  const two = { at: 0, clicks: [clicked('one', 1), clicked('other', 1)], open: [], costs: [] };
  const first = placeCall(two, call('a', 20));
  expect(first.ids).toEqual([]);
  expect(placeCall(first.acts, call('a', 20)).acts.open).toEqual([call('a', 20)]);
});
