import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import type { CapCheck } from './commands.ts';
import { grantFor, holdFor, openTeller, releaseFor, settleFor } from './teller.ts';

const cap = (id: string, limit: number, until: number | null = 9_000): CapCheck => ({
  id,
  scope: { kind: 'key', id: 'k' },
  window: 'day',
  from: 0,
  until,
  limit: microcredits(limit),
});

test('takes from grants in burn order and remembers the parts', () => {
  const teller = openTeller();
  teller.run(grantFor('late', 'pool:a', 50, { priority: 1 }));
  teller.run(grantFor('never', 'pool:a', 50));
  teller.run(grantFor('b-soon', 'pool:a', 50, { expiresAt: 5_000 }));
  teller.run(grantFor('a-soon', 'pool:a', 50, { expiresAt: 5_000 }));
  const held = teller.run(holdFor('c1', 170));
  expect(held).toMatchObject({ ok: true, available: 30 });
  expect(teller.call('c1')?.parts.map(({ grant, amount }) => [grant, amount])).toEqual([
    ['a-soon', 50],
    ['b-soon', 50],
    ['never', 50],
    ['late', 20],
  ]);
  expect(teller.account('pool:a')).toMatchObject({ balance: 200, held: 170 });
});

test('takes from the sources in draw order', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'user:u', 30));
  teller.run(grantFor('g2', 'pool:a', 30));
  teller.run(holdFor('c1', 40, { sources: ['user:u', 'pool:a'] }));
  expect(teller.call('c1')?.parts).toEqual([
    { account: 'user:u', grant: 'g1', amount: 30 },
    { account: 'pool:a', grant: 'g2', amount: 10 },
  ]);
});

test('names the scope that leaves least, and changes nothing', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  const caps = [cap('wide', 90), cap('narrow', 60, 7_000)];
  expect(teller.run(holdFor('c1', 61, { caps }))).toEqual({
    ok: false,
    refusal: 'insufficient_credits',
    scope: { kind: 'key', id: 'k', cap: 'narrow' },
    needed: 61,
    available: 60,
    resetsAt: 7_000,
  });
  expect(teller.window('narrow@0')).toBeUndefined();
  expect(teller.run(holdFor('c2', 101))).toMatchObject({
    scope: { kind: 'organization', id: 'a', cap: null },
    available: 100,
    resetsAt: null,
  });
});

test('a cap counts what is held and what was spent', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 1_000));
  const caps = [cap('day', 100)];
  expect(teller.run(holdFor('c1', 60, { caps }))).toMatchObject({ ok: true, caps: [{ id: 'day', used: 60 }] });
  expect(teller.run(holdFor('c2', 41, { caps }))).toMatchObject({ ok: false, available: 40 });
  teller.run(settleFor('c1', 10));
  expect(teller.window('day@0')).toMatchObject({ spent: 10, held: 0 });
  expect(teller.run(holdFor('c3', 90, { caps }))).toMatchObject({ ok: true });
});

test('the accounts reset when a grant that is to come becomes effective', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100, { effectiveAt: 2_000 }));
  expect(teller.run(holdFor('c1', 1))).toMatchObject({ ok: false, available: 0, resetsAt: 2_000 });
  teller.at = 2_000;
  expect(teller.run(holdFor('c1', 1))).toMatchObject({ ok: true });
});

test('a hold of nothing always fits', () => {
  expect(openTeller().run(holdFor('c1', 0, { caps: [cap('none', 0)] }))).toMatchObject({ ok: true, available: 0 });
});

test('an expired grant is never part of a balance, whether or not the sweep ran', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100, { expiresAt: 2_000 }));
  teller.at = 2_000;
  expect(teller.run(holdFor('c1', 1))).toMatchObject({ ok: false, available: 0 });
  expect(teller.last?.entries).toMatchObject([{ kind: 'expire', delta: -100, after: 0 }]);
});

test('a repeated call comes before its claim, and the claim before the credits', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  const claim = { id: 'w/o/key', fingerprint: 'f', keepMs: 1_000 };
  teller.run(holdFor('c1', 50, { claim }));
  expect(teller.run(holdFor('c1', 999, { claim }))).toEqual({ ok: false, refusal: 'call_repeated', callId: 'c1' });
  expect(teller.run(holdFor('c2', 999, { claim }))).toEqual({ ok: false, refusal: 'claim_running', callId: 'c1' });
  expect(teller.run(holdFor('c2', 999, { claim: { ...claim, fingerprint: 'g' } }))).toMatchObject({ refusal: 'claim_mismatch' });
  teller.run(settleFor('c1', 1));
  expect(teller.run(holdFor('c2', 999, { claim }))).toEqual({ ok: false, refusal: 'claim_done', callId: 'c1' });
});

test('a release frees the claim, and so does its time', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  const claim = { id: 'w/o/key', fingerprint: 'f', keepMs: 1_000 };
  teller.run(holdFor('c1', 50, { claim }));
  teller.run(releaseFor('c1'));
  expect(teller.run(holdFor('c2', 50, { claim }))).toMatchObject({ ok: true });
  teller.at += 1_000;
  expect(teller.run(holdFor('c3', 50, { claim: { ...claim, fingerprint: 'g' } }))).toMatchObject({ ok: true });
  // The first call of the key ends without touching the claim that went on to another.
  teller.run(settleFor('c2', 1));
  expect(teller.claim('w/o/key')).toMatchObject({ callId: 'c3', done: false });
});

test('a hold that would lapse above its amount is a bug, and changes nothing', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  expect(() => teller.run(holdFor('c1', 10, { onLapse: { ...holdFor('c1', 11).onLapse } }))).toThrow('more than the hold');
  expect(teller.account('pool:a')?.held).toBe(0);
});
