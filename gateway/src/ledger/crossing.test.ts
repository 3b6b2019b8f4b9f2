import { microcredits, MICROCREDITS_MAX } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import type { CapCheck } from './commands.ts';
import { grantFor, holdFor, openTeller, releaseFor, settleFor, type Teller } from './teller.ts';

const cap = (limit: number, change: Partial<CapCheck> = {}): CapCheck => ({
  id: 'cap:day',
  scope: { kind: 'workspace', id: 'acme/main' },
  window: 'day',
  from: 0,
  until: 9_000,
  limit: microcredits(limit),
  ...change,
});
const about = { ...holdFor('', 0).about, workspace: 'acme/main' };

/** The percentages that a call of this cost is told to have crossed. */
function told(teller: Teller, callId: string, amount: number, limit: number, change: Partial<CapCheck> = {}): unknown[] {
  expect(teller.run(holdFor(callId, amount, { caps: [cap(limit, { mode: 'soft', ...change })], about }))).toMatchObject({
    ok: true,
  });
  expect(teller.run(settleFor(callId, amount))).toMatchObject({ ok: true });
  return (teller.last?.events ?? []).map(({ data }) => data['percent']);
}

test('a crossing is told at or above 50, 80 and 100 per cent, the highest of a charge alone', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 10_000));
  expect(told(teller, 'c1', 49, 100)).toEqual([]);
  expect(told(teller, 'c2', 1, 100)).toEqual([50]);
  expect(teller.last?.events).toEqual([
    {
      id: 'alert:cap:day@0:50',
      type: 'alert.crossed',
      organization: 'acme',
      workspace: 'acme/main',
      at: 1_000,
      data: { window: 'cap:day@0', percent: 50, limit: 100, spent: 50, callId: 'c2' },
    },
  ]);
  expect(told(teller, 'c3', 29, 100)).toEqual([]);
  expect(told(teller, 'c4', 40, 100)).toEqual([100]);
  expect(told(teller, 'c5', 40, 100)).toEqual([]);
  expect(told(teller, 'c6', 5, 0)).toEqual([]);
});

test('a hold and a release cross nothing', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 10_000));
  teller.run(holdFor('c1', 100, { caps: [cap(100)], about }));
  expect(teller.last?.events).toEqual([]);
  teller.run(releaseFor('c1'));
  expect(teller.last?.events).toEqual([]);
});

test('the largest amounts are compared exactly', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', MICROCREDITS_MAX));
  expect(told(teller, 'c1', 799_999_999_999_999, MICROCREDITS_MAX)).toEqual([50]);
  expect(told(teller, 'c2', 1, MICROCREDITS_MAX)).toEqual([80]);
});
