// Terms: each line of what a payer and a moment become.
import { describe, expect, test } from 'vitest';
import { termsOf } from '../../gateway/src/payer/terms.ts';
import { credits, samplePayer, type Sample } from './sample.ts';

const at = (text: string): number => Date.parse(text);
const CALL = { service: 's', operation: 'a', chain: null };
const MONTH = { every: 'month', anchor: '2026-01-31', zone: 'UTC', since: null } as const;
const TEAM: NonNullable<Sample['organization']> = { plan: 'team', cycle: MONTH };
// In the cycle that begins on 28 February, as the 31st clamps, and ends on 31 March.
const MARCH = at('2026-03-10T12:00:00Z');
const CYCLE = { from: at('2026-02-28T00:00:00Z'), until: at('2026-03-31T00:00:00Z') };
const of = (sample: Sample, moment = MARCH, call: { service: string; operation: string; chain: string | null } = CALL) =>
  termsOf(samplePayer(sample), call, moment);

describe('sources', () => {
  test('without a plan: what the user was given before, then the pool; nothing comes, nothing turns', () => {
    const { sources, terms, caps } = of({});
    expect(sources).toEqual(['user:acme/ann', 'pool:acme']);
    expect(terms).toEqual({ allowances: [], extra: null, bypass: false, resetsAt: null, until: null });
    expect(caps).toEqual([]);
    expect(of({ user: null }).sources).toEqual(['pool:acme']);
  });
  test('the draw order of the seat, extra never among them', () => {
    expect(of({ organization: TEAM, seat: 'pro' }).sources).toEqual(['user:acme/ann', 'pool:acme']);
    expect(of({ organization: TEAM, seat: 'free' }).sources).toEqual(['user:acme/ann']);
  });
  test('without a seat: that of the plan, and what the user still has comes first', () => {
    expect(of({ organization: TEAM }).sources).toEqual(['user:acme/ann', 'pool:acme']);
    expect(of({ organization: { plan: 'keeps', cycle: MONTH } }).sources).toEqual(['user:acme/ann', 'pool:acme']);
    expect(of({ organization: TEAM, user: null }).sources).toEqual(['pool:acme']);
  });
});

describe('allowances', () => {
  const pool = { kind: 'allowance', account: 'pool:acme', seat: null, amount: credits(1000), ...CYCLE };
  // Two cycles after this one: to the end of April, and to the end of May.
  const rollover = { most: credits(4000), expiresAt: at('2026-05-31T00:00:00Z') };

  test('a seat gives its user, the plan gives the pool, each with the rollover of the plan', () => {
    expect(of({ organization: TEAM, seat: 'pro' }).terms.allowances).toEqual([
      { kind: 'allowance', account: 'user:acme/ann', seat: 'seat:acme/seat-ann', amount: credits(8000), ...CYCLE, rollover },
      { ...pool, rollover },
    ]);
  });
  test('a service and a user without a seat are given nothing of their own', () => {
    expect(of({ organization: TEAM, user: null }).terms.allowances).toEqual([{ ...pool, rollover }]);
    expect(of({ organization: TEAM }).terms.allowances).toEqual([{ ...pool, rollover }]);
  });
  test('a lifetime allowance is of the identity, and nothing else comes to a seat outside the pool', () => {
    const { allowances, resetsAt } = of({ organization: TEAM, seat: 'free' }).terms;
    expect(allowances).toEqual([
      { kind: 'lifetime', account: 'user:acme/ann', identity: 'identity of ann', amount: credits(500) },
    ]);
    expect(resetsAt).toBeNull();
  });
  test('a rollover without `for` stays for good; a plan without one rolls nothing over', () => {
    expect(of({ organization: { plan: 'keeps', cycle: MONTH } }).terms.allowances).toMatchObject([
      { rollover: { most: credits(50), expiresAt: null } },
    ]);
    expect(of({ organization: { plan: 'seats', cycle: MONTH }, seat: 'pro' }).terms.allowances).toMatchObject([
      { rollover: null },
    ]);
  });
  test('a plan without seats gives every user the same, and no seat counts it', () => {
    const { allowances, resetsAt } = of({ organization: { plan: 'solo', cycle: { ...MONTH, every: 'day' } } }).terms;
    expect(allowances).toMatchObject([{ account: 'user:acme/ann', seat: null, amount: credits(30) }]);
    expect(resetsAt).toBe(at('2026-03-11T00:00:00Z'));
  });
  test('an organization that has no rule yet runs by the calendar of its zone', () => {
    const { allowances } = of({ organization: { plan: 'keeps', timeZone: 'Europe/Berlin' } }).terms;
    expect(allowances).toMatchObject([{ from: at('2026-02-28T23:00:00Z'), until: at('2026-03-31T22:00:00Z') }]);
  });
  test('they reset at the end of the cycle', () => {
    expect(of({ organization: TEAM, seat: 'pro' }).terms.resetsAt).toBe(CYCLE.until);
  });
});

describe('what is to come', () => {
  const next = { at: CYCLE.until, plan: 'keeps', cycle: { ...MONTH, since: CYCLE.until }, timeZone: 'Asia/Tokyo' };
  test('counts from its moment on, and the layout ends there', () => {
    const before = of({ organization: { ...TEAM, next }, seat: 'pro' }, CYCLE.until - 1);
    expect(before.terms.allowances).toMatchObject([{ amount: credits(8000) }, { amount: credits(1000) }]);
    expect(before.terms.until).toBe(CYCLE.until);
    const after = of({ organization: { ...TEAM, next }, seat: 'pro', caps: [{ window: 'day' }] }, CYCLE.until);
    expect(after.terms.allowances).toMatchObject([{ account: 'pool:acme', amount: credits(100), from: CYCLE.until }]);
    // Midnight in Tokyo.
    expect(after.caps[0]).toMatchObject({ from: at('2026-03-30T15:00:00Z'), until: at('2026-03-31T15:00:00Z') });
  });
  test('a change in the middle of a cycle ends the layout too', () => {
    const middle = at('2026-03-12T00:00:00Z');
    expect(of({ organization: { ...TEAM, next: { ...next, at: middle } } }).terms.until).toBe(middle);
  });
});

describe('extra credits', () => {
  test('are the last of the draw order, with the limit of the organization, in the cycle, at the fee of the plan', () => {
    expect(of({ organization: { ...TEAM, extraLimit: credits(70) }, seat: 'pro' }).terms.extra).toEqual({
      account: 'extra:acme',
      limit: credits(70),
      ...CYCLE,
      fee: { perCredit: '0.002', currency: 'USD' },
    });
    expect(of({ organization: TEAM, seat: 'pro' }).terms.extra?.limit).toBe(0);
  });
  test('there are none where the draw order or the plan has none', () => {
    expect(of({ organization: { ...TEAM, extraLimit: credits(70) }, seat: 'free' }).terms.extra).toBeNull();
    expect(of({ organization: { plan: 'keeps', cycle: MONTH, extraLimit: credits(70) } }).terms.extra).toBeNull();
    expect(of({ organization: { extraLimit: credits(70) } }).terms.extra).toBeNull();
  });
});

test('the privilege of a key is in the terms', () => {
  expect(of({ key: { bypass: true } }).terms.bypass).toBe(true);
});

describe('until', () => {
  const caps = [{ window: 'month' }, { window: 'hour' }, { window: 'lifetime' }] as const;
  test('the earliest end of any window, cycle or raise', () => {
    expect(of({ caps }).terms.until).toBe(at('2026-03-10T13:00:00Z'));
    const raise = { limit: credits(20), until: at('2026-03-10T12:30:00Z'), reason: '' };
    expect(of({ caps: [...caps, { id: 'r', raise }] }).terms.until).toBe(raise.until);
    expect(of({ caps: [...caps, { id: 'r', raise: { ...raise, until: MARCH } }] }).terms.until).toBe(at('2026-03-10T13:00:00Z'));
    expect(of({ organization: TEAM }).terms.until).toBe(CYCLE.until);
    expect(of({ caps: [{ window: 'lifetime' }] }).terms.until).toBeNull();
  });
});
