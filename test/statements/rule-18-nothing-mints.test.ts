// Rule 18 a thousand ways: users change seats, seats change types, plans are toggled, cycles turn and clocks jump, and calls spend in between.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AllowanceDue } from '../../gateway/src/ledger/commands.ts';
import { holdFor, openTeller, settleFor } from '../../gateway/src/ledger/teller.ts';
import type { Teller } from '../../gateway/src/ledger/teller.ts';
import type { Entry, Grant } from '../../gateway/src/ledger/rows.ts';

const USERS = ['ann', 'bob', 'cem'];
const SEATS = ['s1', 's2'];
const TYPES = [500, 8_000, 40_000];
const CYCLE_MS = 1_000;

interface Step {
  user: string;
  seat: string | null;
  type: number;
  wait: number;
  spend: number;
  /** Whether it comes with a hold or by itself. */
  held: boolean;
}

const STEP: fc.Arbitrary<Step> = fc.record({
  user: fc.constantFrom(...USERS),
  seat: fc.constantFrom(...SEATS, null),
  type: fc.constantFrom(...TYPES),
  wait: fc.constantFrom(0, 0, 1, 300, 999, 1_000, 5_000),
  spend: fc.constantFrom(0, 0, 400, 7_000, 39_000),
  held: fc.boolean(),
});

test('rule 18: no seat gives more in a cycle than the best type it had, no user gets more than the best seat they sat in', () => {
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 1, maxLength: 40 }), (steps) => {
      const { made, ended, best } = play(steps, (at) => at - (at % CYCLE_MS));
      for (const [period, sum] of sums(made, ({ terms }) => terms?.period))
        expect(sum).toBeLessThanOrEqual(best.get(period) ?? 0);
      for (const [period, sum] of sums(made, ({ terms }) => terms?.seatPeriod))
        expect(sum).toBeLessThanOrEqual(best.get(period) ?? 0);
      expect(ended, 'nothing is taken before its time').toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('rule 18: who always sits in a seat of their own has the best of its types at any moment', () => {
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 1, maxLength: 30 }), (steps) => {
      const alone = steps.map((step) => ({ ...step, seat: step.user }));
      const { made, best } = play(alone, (at) => at - (at % CYCLE_MS));
      const given = sums(made, ({ terms }) => terms?.period);
      for (const user of USERS) {
        for (const [period, most] of best) if (period.startsWith(`user:o/${user}@`)) expect(given.get(period)).toBe(most);
      }
    }),
    { numRuns: 500 },
  );
});

test('rule 18: where the rule of the cycle changes, the periods of an account do not overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(STEP, fc.constantFrom(0, 250, 700)), { minLength: 1, maxLength: 40 }), (steps) => {
      let index = 0;
      // An anchor of its own for each step, as if the plan had been toggled before it.
      const { made } = play(
        steps.map(([step]) => step),
        (at) => {
          const anchor = steps[index++]?.[1] ?? 0;
          return at - ((at - anchor) % CYCLE_MS);
        },
      );
      for (const user of USERS) {
        const periods = new Map(
          made.filter(({ account }) => account === `user:o/${user}`).map((one) => [one.terms?.period ?? '', one]),
        );
        const spans = [...periods].map(([period, { expiresAt }]) => [startOf(period), expiresAt ?? 0] as const);
        for (const [n, [from]] of spans.entries()) expect(from).toBeGreaterThanOrEqual(spans[n - 1]?.[1] ?? 0);
      }
    }),
    { numRuns: 500 },
  );
});

/** Plays the steps, and adds up what the best type was that each user and each seat had in each period. */
function play(steps: readonly Step[], fromAt: (at: number) => number) {
  const teller = openTeller();
  teller.at = 1_000_000;
  const made: Grant[] = [];
  const ended: Entry[] = [];
  const best = new Map<string, number>();
  for (const [n, step] of steps.entries()) {
    teller.at += step.wait;
    const from = fromAt(teller.at);
    for (const id of [`user:o/${step.user}@${from}`, ...(step.seat === null ? [] : [`seat:o/${step.seat}@${from}`])])
      best.set(id, Math.max(best.get(id) ?? 0, step.type));
    run(teller, step, dueOf(step, from), `c${n}`, (changes) => {
      for (const grant of changes.grants) if (!made.some(({ id }) => id === grant.id)) made.push(grant);
      for (const entry of changes.entries) {
        const grant = made.find(({ id }) => id === entry.grantId);
        if (entry.kind === 'expire' && (grant?.expiresAt ?? Infinity) > teller.at) ended.push(entry);
        if (entry.kind === 'void') ended.push(entry);
      }
    });
  }
  return { made: made.filter(({ kind }) => kind === 'allowance'), ended, best };
}

type Changes = NonNullable<Teller['last']>;

function run(teller: Teller, step: Step, due: AllowanceDue, callId: string, see: (changes: Changes) => void): void {
  const sources = [due.account];
  if (!step.held) {
    teller.run({ type: 'allow', allowance: due });
    if (teller.last !== undefined) see(teller.last);
    return;
  }
  const terms = { allowances: [due], extra: null, bypass: false, resetsAt: null, until: null };
  const outcome = teller.run(holdFor(callId, step.spend, { sources, terms }));
  if (teller.last !== undefined) see(teller.last);
  if (!outcome.ok) return;
  teller.run(settleFor(callId, Math.floor(step.spend / 2)));
  if (teller.last !== undefined) see(teller.last);
}

function dueOf({ user, seat, type }: Step, from: number): AllowanceDue {
  return {
    kind: 'allowance',
    account: `user:o/${user}`,
    seat: seat === null ? null : `seat:o/${seat}`,
    amount: microcredits(type),
    from,
    until: from + CYCLE_MS,
    rollover: null,
  };
}

function sums(grants: readonly Grant[], of: (grant: Grant) => string | undefined): Map<string, number> {
  const totals = new Map<string, number>();
  for (const grant of grants) {
    const name = of(grant);
    if (name !== undefined) totals.set(name, (totals.get(name) ?? ZERO) + grant.amount);
  }
  return totals;
}

function startOf(period: string): number {
  return Number(period.slice(period.lastIndexOf('@') + 1));
}
