import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { grantFor, holdFor, openTeller } from './teller.ts';

test('a grant is made once by its id', () => {
  const teller = openTeller();
  expect(teller.run(grantFor('g1', 'pool:a', 100))).toMatchObject({ ok: true, repeated: false });
  teller.at += 50;
  expect(teller.run(grantFor('g1', 'pool:a', 100))).toMatchObject({ ok: true, repeated: true, grant: { effectiveAt: 1_000 } });
  expect(teller.run(grantFor('g1', 'pool:a', 101))).toMatchObject({ ok: false, refusal: 'grant_mismatch' });
  expect(teller.account('pool:a')).toMatchObject({ balance: 100, entries: 1 });
});

test.each([
  ['nothing', grantFor('g1', 'pool:a', 0)],
  ['less than nothing', grantFor('g1', 'pool:a', -1)],
  ['to the operator', grantFor('g1', 'absorbed', 1)],
  ['to nobody', grantFor('g1', '', 1)],
  ['that has expired', grantFor('g1', 'pool:a', 1, { expiresAt: 1_000 })],
  ['that expires before it starts', grantFor('g1', 'pool:a', 1, { effectiveAt: 5_000, expiresAt: 5_000 })],
  ['with half a character', grantFor('g1', 'pool:a', 1, { reason: '\ud800' })],
  ['at half a millisecond', grantFor('g1', 'pool:a', 1, { effectiveAt: 5_000.5 })],
])('refuses a grant of or %s', (_, command) => {
  const teller = openTeller();
  expect(teller.run(command)).toMatchObject({ ok: false, refusal: 'grant_invalid' });
  expect(teller.account('pool:a')).toBeUndefined();
});

test('a correction is made once; up it is a grant, down it is drawn whole or not at all', () => {
  const teller = openTeller();
  const correction = { type: 'correct', id: 'x1', account: 'pool:a', callId: null, reason: 'sorry', by: 'op' } as const;
  const up = { ...correction, amount: microcredits(70) };
  expect(teller.run(up)).toMatchObject({ ok: true, repeated: false, entry: { kind: 'correct', delta: 70, grantId: 'x1' } });
  expect(teller.run(up)).toMatchObject({ ok: true, repeated: true });
  expect(teller.run({ ...up, amount: microcredits(71) })).toEqual({ ok: false, refusal: 'correction_mismatch' });
  expect(teller.grant('x1')).toMatchObject({ kind: 'promo', amount: 70 });
  teller.run(holdFor('c1', 50));
  const down = { ...correction, id: 'x2', amount: microcredits(-21) };
  expect(teller.run(down)).toEqual({ ok: false, refusal: 'insufficient_credits', available: 20 });
  expect(teller.run({ ...down, amount: microcredits(-20) })).toMatchObject({
    ok: true,
    entry: { delta: -20, parts: [{ grant: 'x1', amount: 20 }] },
  });
  expect(teller.account('pool:a')).toMatchObject({ balance: 50, held: 50 });
  expect(teller.run({ ...correction, id: 'x3', amount: microcredits(0) })).toEqual({ ok: false, refusal: 'correction_invalid' });
});
