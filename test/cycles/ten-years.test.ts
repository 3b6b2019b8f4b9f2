// Ten years of allowances in every zone, by the real terms and the real engine, under clocks that jump: no gap, nothing given twice, and the reset
// that is shown is the one that is enforced (rules 18 and 20, decision 7).
import { beforeAll, expect, test } from 'vitest';
import { microcredits } from '@tollgate/shared/credits';
import type { CycleRule } from '@tollgate/shared/cycle';
import { holdFor, openTeller, settleFor, type Teller } from '../../gateway/src/ledger/teller.ts';
import type { HoldOutcome } from '../../gateway/src/ledger/outcomes.ts';
import type { Payer } from '../../gateway/src/payer/payer.ts';
import { termsOf } from '../../gateway/src/payer/terms.ts';
import { credits, samplePayer } from '../payer/sample.ts';
import { DAY_MS, distinctZones, firstDays, HOUR_MS, startOfDay, type Zone } from './oracle.ts';

const [FROM_YEAR, UNTIL_YEAR] = [2026, 2036];
const ALLOWANCE = credits(8_000);
const ANCHORS = [null, '2026-01-28', '2026-01-29', '2026-01-30', '2026-01-31'];
const ACCOUNT = 'user:acme/ann';
let zones: ReadonlyMap<string, Zone>;

beforeAll(() => {
  zones = distinctZones(FROM_YEAR, UNTIL_YEAR);
});

function seated(rule: CycleRule): Payer {
  return samplePayer({ seat: 'pro', organization: { plan: 'seats', timeZone: rule.zone, cycle: rule } });
}

let calls = 0;
function holdAt(teller: Teller, payer: Payer, at: number, amount: number): { outcome: HoldOutcome; shown: number | null } {
  teller.at = at;
  calls += 1;
  const { terms, ...laid } = termsOf(payer, { service: 's', operation: 'a', chain: null }, at);
  return { outcome: teller.run(holdFor(`c${calls}`, amount, { ...laid, terms })), shown: terms.resetsAt };
}

/** What is wrong with a row of cycles: all but a microcredit is spent at first, that one at the last moment, and then one more is tried. */
function wrongTurns(rule: CycleRule, boundaries: readonly number[]): string[] {
  const teller = openTeller();
  const payer = seated(rule);
  const wrong: string[] = [];
  for (const [index, from] of boundaries.entries()) {
    const until = boundaries[index + 1];
    if (until === undefined) break;
    const all = holdAt(teller, payer, from, ALLOWANCE - 1);
    if (!all.outcome.ok) wrong.push(`${rule.zone} ${rule.anchor}: nothing at ${new Date(from).toISOString()}`);
    else teller.run(settleFor(all.outcome.call.id, ALLOWANCE - 1));
    const rest = holdAt(teller, payer, until - 1, 1);
    if (!rest.outcome.ok) wrong.push(`${rule.zone} ${rule.anchor}: the rest is gone before ${new Date(until).toISOString()}`);
    else teller.run(settleFor(rest.outcome.call.id, 1));
    const early = holdAt(teller, payer, until - 1, 1);
    const enforced = early.outcome.ok || early.outcome.refusal !== 'insufficient_credits' ? undefined : early.outcome.resetsAt;
    if (enforced !== until || early.shown !== until || all.shown !== until) {
      const told = [enforced, early.shown, all.shown].join(' ');
      wrong.push(`${rule.zone} ${rule.anchor}: told ${told}, not ${until} (${new Date(until).toISOString()})`);
    }
  }
  return wrong;
}

test('each month the whole allowance is there from its first moment on, and not before; what is told is what happens', () => {
  const wrong = [...zones].flatMap(([zone, table], index) =>
    // All anchors in all zones are in zones.test.ts; here each zone has the calendar, the 31st, and one of the days before it.
    [null, '2026-01-31', ANCHORS[1 + (index % 3)] ?? null].flatMap((anchor) => {
      const days = firstDays('month', anchor ?? '2001-01-01', FROM_YEAR, UNTIL_YEAR);
      return wrongTurns({ every: 'month', anchor, zone, since: null }, [...new Set(days.map((day) => startOfDay(table, day)))]);
    }),
  );
  expect(wrong).toEqual([]);
});

test('each year from a 29 February, and each week', () => {
  const wrong = [...zones].flatMap(([zone, table]) => {
    const boundaries = (days: readonly number[]): number[] => days.map((day) => startOfDay(table, day));
    return [
      ...wrongTurns(
        { every: 'year', anchor: '2024-02-29', zone, since: null },
        boundaries(firstDays('year', '2024-02-29', 2026, 2036)),
      ),
      ...wrongTurns({ every: 'week', anchor: null, zone, since: null }, boundaries(firstDays('week', '2001-01-01', 2026, 2028))),
    ];
  });
  expect(wrong).toEqual([]);
});

/** Small numbers by chance, the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

interface Seen {
  /** What was given in all, and in how many cycles somebody asked, by the oracle. */
  given: number;
  asked: number;
  wrong: string[];
}

/**
 * A year or ten under a wall clock that jumps a day to and fro.
 * @param clock what the ledger makes of it: a clock that never runs back, or the bare one
 */
function underJumps(
  rule: CycleRule,
  boundaries: readonly number[],
  chance: (sides: number) => number,
  clock: (wall: number, before: number) => number,
): Seen {
  const teller = openTeller();
  const payer = seated(rule);
  const spent = new Map<number, number>();
  const wrong: string[] = [];
  const last = boundaries.at(-2) ?? 0;
  let [wall, at, highest] = [boundaries[1] ?? 0, 0, 0];
  while (wall < last) {
    const jump = chance(8);
    wall += (1 + chance(20 * 24)) * HOUR_MS + (jump === 0 ? DAY_MS : jump === 1 ? -DAY_MS : 0);
    at = clock(wall, at);
    highest = Math.max(highest, at);
    // A clock that ran back asks in a cycle that is over: what the newest one gave is all there is.
    const cycle = boundaries.findLastIndex((from) => from <= highest);
    const used = spent.get(cycle) ?? 0;
    const amount = chance(4) === 0 ? ALLOWANCE - used : chance(3_000) * 1_000_000;
    const { outcome } = holdAt(teller, payer, at, amount);
    const fits = amount <= ALLOWANCE - used;
    if (outcome.ok !== fits && at === highest)
      wrong.push(`${rule.zone} ${rule.anchor} at ${new Date(at).toISOString()}: ${amount}`);
    if (outcome.ok && !fits) wrong.push(`${rule.zone} ${rule.anchor} at ${new Date(at).toISOString()}: more than there is`);
    spent.set(cycle, used + (outcome.ok ? amount : 0));
    if (outcome.ok) teller.run(settleFor(outcome.call.id, amount));
  }
  const left = teller.grants(ACCOUNT).reduce((sum, { amount, spent: gone, ended }) => sum + amount - gone - ended, 0);
  if (left !== teller.account(ACCOUNT)?.balance) wrong.push(`${rule.zone}: the grants do not make the balance`);
  return { given: givenIn(teller, boundaries), asked: spent.size, wrong };
}

/** By the grants themselves: each cycle's first, and what was added to it. */
function givenIn(teller: Teller, boundaries: readonly number[]): number {
  let given = 0;
  for (const from of boundaries) given += teller.grant(`${ACCOUNT}@${from}#0`)?.amount ?? 0;
  return given;
}

test.each([
  ['a ledger’s clock, which stands still where the wall’s runs back', (wall: number, before: number) => Math.max(wall, before)],
  ['a bare clock, as after a restart without a memory', (wall: number) => wall],
])('under a clock that jumps a day each way nothing is given twice and nothing is missing: %s', (_what, clock) => {
  for (const [index, [zone, table]] of [...zones].entries()) {
    const anchor = ANCHORS[index % ANCHORS.length] ?? null;
    const days = firstDays('month', anchor ?? '2001-01-01', FROM_YEAR, UNTIL_YEAR);
    const boundaries = days.map((day) => startOfDay(table, day));
    const seen = underJumps({ every: 'month', anchor, zone, since: null }, boundaries, dice(index), clock);
    expect(seen.wrong).toEqual([]);
    expect(seen.given, zone).toBe(microcredits(seen.asked * ALLOWANCE));
    expect(seen.asked).toBeGreaterThan(110);
  }
});
