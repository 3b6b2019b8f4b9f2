import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { callDigest, grantDigest } from './digest.ts';
import type { Call, Grant } from './rows.ts';

const amount = microcredits;
const NONE = amount(0);

const GRANT: Grant = {
  id: 'g1',
  account: 'pool:a',
  kind: 'top-up',
  amount: amount(100),
  priority: 0,
  effectiveAt: 1_000,
  expiresAt: null,
  voidedAt: null,
  spent: NONE,
  held: NONE,
  ended: NONE,
  reason: 'test',
  by: 'op',
  terms: null,
};

const CALL: Call = {
  id: 'c1',
  state: 'settled',
  heldAt: 1_000,
  hold: amount(50),
  parts: [{ account: 'pool:a', grant: 'g1', amount: amount(50) }],
  windows: ['day@0'],
  limits: [],
  sources: ['pool:a'],
  owner: 'p1',
  leaseUntil: 1_100,
  job: null,
  claim: null,
  claimUntil: null,
  about: { workspace: 'w', key: 'k', service: 's', operation: 'o', reason: 'r', cardVersion: 'v', more: {} },
  onLapse: { charge: amount(50), free: NONE, absorbed: NONE, ended: {} },
  charge: amount(20),
  chargedParts: [{ account: 'pool:a', grant: 'g1', amount: amount(20) }],
  free: NONE,
  absorbed: NONE,
  endedAt: 1_000,
  ended: {},
  availableBefore: amount(100),
  availableAfter: amount(80),
  passed: [],
  digest: '',
};

test('rows from before plans, caps with modes and terms are hashed as they were then', () => {
  expect(callDigest(CALL)).toBe('1w7lWDOa_6DlOqtZQjNBmOi0L_Y31db7ZYgVrTX3Uao');
  expect(grantDigest(GRANT)).toBe('rml4c_5z7zVi3kdGIxAOsvne1nj0dgLcX7MkwD_E7nY');
});

test('what a grant is given under, and what a call counts in and went past, are covered', () => {
  const digests = [
    callDigest(CALL),
    callDigest({ ...CALL, limits: [amount(7)] }),
    callDigest({ ...CALL, passed: [{ cap: 'day', mode: 'soft' }] }),
    callDigest({ ...CALL, passed: [{ cap: 'day', mode: 'bypass' }] }),
    grantDigest(GRANT),
    grantDigest({ ...GRANT, terms: {} }),
    grantDigest({ ...GRANT, terms: { period: 'pool:a@0' } }),
    grantDigest({ ...GRANT, terms: { fee: { perCredit: '0.002', currency: 'USD' } } }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});
