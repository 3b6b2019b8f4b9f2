import { microcredits, MICROCREDITS_MAX } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import type { AllowanceDue } from './commands.ts';
import { grantFor, openTeller } from './teller.ts';

const due = (amount: number): AllowanceDue => ({
  kind: 'allowance',
  account: 'user:acme/ann',
  seat: 'seat:acme/s1',
  amount: microcredits(amount),
  from: 500,
  until: 2_000,
  rollover: { most: microcredits(10), expiresAt: null },
});

test('an allowance says which period and which seat it is of, and both count it', () => {
  const teller = openTeller();
  expect(teller.run({ type: 'allow', allowance: due(100) })).toMatchObject({
    grant: {
      id: 'user:acme/ann@500#0',
      priority: 20,
      effectiveAt: 500,
      expiresAt: 2_000,
      by: 'plan',
      terms: {
        period: 'user:acme/ann@500',
        seat: 'seat:acme/s1',
        seatPeriod: 'seat:acme/s1@500',
        rollover: { most: 10, expiresAt: null },
      },
    },
  });
  expect(teller.last?.events).toMatchObject([
    { id: 'cycle:user:acme/ann@500', type: 'cycle.turned', organization: 'acme', workspace: null },
  ]);
  teller.run({ type: 'allow', allowance: due(150) });
  // What is topped up is effective from now: a call that was held before did not count on it.
  expect(teller.grant('user:acme/ann@500#100')).toMatchObject({ amount: 50, effectiveAt: 1_000, expiresAt: 2_000 });
  expect(teller.last?.events).toMatchObject([{ id: 'grant:user:acme/ann@500#100', type: 'grant.made' }]);
  expect(teller.allowance('seat:acme/s1')).toEqual({ id: 'seat:acme/s1', from: 500, until: 2_000, granted: 150 });
});

test('an account that is full gets as much as it may hold, and the rest once there is room', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'user:acme/ann', MICROCREDITS_MAX - 30));
  expect(teller.run({ type: 'allow', allowance: due(100) })).toMatchObject({ grant: { amount: 30 } });
  expect(teller.run({ type: 'allow', allowance: due(100) })).toEqual({ ok: true, grant: null });
  teller.run({ type: 'void', grantId: 'g1', reason: 'room', by: 'op' });
  expect(teller.run({ type: 'allow', allowance: due(100) })).toMatchObject({ grant: { amount: 70 } });
});

test('an allowance of nothing changes nothing', () => {
  const teller = openTeller();
  expect(teller.run({ type: 'allow', allowance: due(0) })).toEqual({ ok: true, grant: null });
  expect(teller.last).toMatchObject({ grants: [], allowances: [], events: [] });
});
