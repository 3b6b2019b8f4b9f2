import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { entryHash, callDigest } from './digest.ts';
import { grantFor, holdFor, openTeller, releaseFor, settleFor } from './teller.ts';

test('charges in one entry per account that pays, and releases the rest', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'user:u', 30));
  teller.run(grantFor('g2', 'pool:a', 100));
  teller.run(holdFor('c1', 80, { sources: ['user:u', 'pool:a'] }));
  const ended = teller.run(settleFor('c1', 40));
  expect(ended).toMatchObject({
    ok: true,
    repeated: false,
    call: { state: 'settled', charge: 40, availableBefore: 130, availableAfter: 90 },
  });
  expect(teller.last?.entries.map(({ account, kind, delta }) => [account, kind, delta])).toEqual([
    ['user:u', 'charge', -30],
    ['pool:a', 'charge', -10],
  ]);
  expect(teller.account('pool:a')).toMatchObject({ balance: 90, held: 0 });
});

test('draws from what is free by then before the call pays with a worse grant', () => {
  const teller = openTeller();
  teller.run(grantFor('first', 'pool:a', 100));
  teller.run(grantFor('second', 'pool:a', 100, { priority: 1 }));
  teller.run(holdFor('neighbour', 100));
  teller.run(holdFor('c1', 50));
  teller.run(releaseFor('neighbour'));
  teller.run(settleFor('c1', 50));
  expect(teller.call('c1')?.chargedParts).toEqual([{ account: 'pool:a', grant: 'first', amount: 50 }]);
  expect(teller.grant('second')).toMatchObject({ spent: 0, held: 0 });
});

test('does not draw from a grant that became effective after the hold', () => {
  const teller = openTeller();
  teller.run(grantFor('later', 'pool:a', 100, { effectiveAt: 1_500, priority: -1 }));
  teller.run(grantFor('now', 'pool:a', 100));
  teller.run(holdFor('c1', 50));
  teller.at = 2_000;
  teller.run(settleFor('c1', 50));
  expect(teller.call('c1')?.chargedParts[0]?.grant).toBe('now');
});

test('a grant that expired meanwhile pays from what was held of it, and what is released to it ends', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100, { expiresAt: 2_000 }));
  teller.run(holdFor('c1', 60));
  teller.at = 2_000;
  teller.run(settleFor('c1', 20));
  expect(teller.last?.entries.map(({ kind, delta }) => [kind, delta])).toEqual([
    ['expire', -40],
    ['charge', -20],
    ['expire', -40],
  ]);
  expect(teller.grant('g1')).toMatchObject({ spent: 20, ended: 80, held: 0 });
});

test('what is held of a voided grant ends when it is released', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  teller.run(holdFor('c1', 60));
  expect(teller.run({ type: 'void', grantId: 'g1', reason: 'x', by: 'op' })).toMatchObject({ ok: true, voided: 40 });
  expect(teller.run({ type: 'void', grantId: 'g1', reason: 'x', by: 'op' })).toMatchObject({ refusal: 'grant_ended' });
  expect(teller.account('pool:a')).toMatchObject({ balance: 60, held: 60 });
  teller.run(releaseFor('c1'));
  expect(teller.last?.entries).toMatchObject([{ kind: 'expire', delta: -60, after: 0, grantId: 'g1' }]);
});

test('what is used past the hold is the operator’s', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  teller.run(holdFor('c1', 60));
  teller.run(settleFor('c1', 60, { absorbed: microcredits(15) }));
  expect(teller.account('pool:a')?.balance).toBe(40);
  expect(teller.account('absorbed')?.balance).toBe(15);
});

test('ends once: repeats, other ends, and a settle after a lapse', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  teller.run(holdFor('c1', 10));
  teller.run(settleFor('c1', 5));
  expect(teller.run(settleFor('c1', 7))).toMatchObject({ ok: true, repeated: true, call: { charge: 5 } });
  expect(teller.last?.entries).toEqual([]);
  expect(teller.run(releaseFor('c1'))).toEqual({ ok: false, refusal: 'call_ended', state: 'settled' });
  teller.run(holdFor('c2', 10));
  expect(teller.run({ type: 'lapse', callId: 'c2' })).toEqual({ ok: false, refusal: 'lease_alive' });
  teller.at += 100;
  expect(teller.run({ type: 'lapse', callId: 'c2' })).toMatchObject({ ok: true, call: { state: 'lapsed', charge: 10 } });
  expect(teller.run(settleFor('c2', 3))).toEqual({ ok: false, refusal: 'call_ended', state: 'lapsed' });
  expect(teller.last?.late).toMatchObject([{ callId: 'c2', settlement: { charge: 3 } }]);
  expect(teller.run(settleFor('c9', 3))).toEqual({ ok: false, refusal: 'call_unknown' });
});

test('only its owner ends a hold, unless it is a job’s', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  teller.run(holdFor('c1', 10));
  const other = { ...settleFor('c1', 5), owner: 'p2' };
  expect(teller.run(other)).toEqual({ ok: false, refusal: 'not_owner' });
  const park = { type: 'renew', callIds: ['c1', 'c2'], owner: 'p1', leaseMs: 5_000, job: 'j1', onLapse: null } as const;
  expect(teller.run(park)).toEqual({ ok: true, renewed: ['c1'], gone: ['c2'] });
  // A renewal does not turn a deadline back into a lease.
  teller.run({ ...park, callIds: ['c1'], leaseMs: 10, job: null });
  expect(teller.call('c1')).toMatchObject({ job: 'j1', leaseUntil: 6_000 });
  expect(teller.run(other)).toMatchObject({ ok: true });
});

test('a charge above the hold is refused and changes nothing', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  teller.run(holdFor('c1', 10));
  expect(teller.run(settleFor('c1', 11))).toEqual({ ok: false, refusal: 'charge_above_hold' });
  expect(Object.values(teller.last ?? {}).flat()).toEqual([]);
});

test('counts every charged call under the hour of its hold, also at zero, and a release only where it says so', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  teller.at = 3_600_000 * 5 + 7;
  teller.run(holdFor('c1', 10, { leaseMs: 9_000_000 }));
  teller.run(holdFor('c2', 10));
  teller.run(holdFor('c3', 10));
  teller.at += 3_600_000;
  teller.run(settleFor('c1', 0, { free: microcredits(4) }));
  expect(teller.last?.rollups).toMatchObject([{ hour: 3_600_000 * 5, calls: 1, charge: 0, free: 4 }]);
  expect(teller.last?.entries).toEqual([]);
  teller.run(releaseFor('c2'));
  expect(teller.last?.rollups).toEqual([]);
  teller.run({ ...releaseFor('c3'), ended: { counted: true } });
  expect(teller.last?.rollups).toMatchObject([{ calls: 1, charge: 0 }]);
});

test('chains the entries of an account and ties the call into the chain', () => {
  const teller = openTeller();
  teller.run(grantFor('g1', 'pool:a', 100));
  const first = teller.last?.entries[0];
  teller.run(holdFor('c1', 10));
  teller.run(settleFor('c1', 5));
  const [second] = teller.last?.entries ?? [];
  const call = teller.call('c1');
  if (first === undefined || second === undefined || call === undefined) throw new Error('nothing was written');
  expect(second).toMatchObject({ number: 2, before: 100, delta: -5, after: 95, callDigest: call.digest });
  expect(second.hash).toBe(entryHash(first.hash, second));
  expect(second.hash).not.toBe(entryHash('', second));
  expect(call.digest).toBe(callDigest(call));
  expect(call.digest).not.toBe(callDigest({ ...call, availableBefore: microcredits(99) }));
});
