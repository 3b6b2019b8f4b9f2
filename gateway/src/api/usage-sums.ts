// Charges added up by day or by reason. Roll-ups know whole hours; where a day begins within one (Asia/Kolkata), the calls of that hour say
// what of it belongs to the day before.
import { microcredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { localDate } from '@tollgate/shared/local-date';
import type { Charges, ChargesPart, ChargeStore } from '../ledger/beside.ts';
import type { Seen } from './usage-seen.ts';

export interface Sum {
  name: string;
  charge: Microcredits;
  calls: number;
}

export interface SumsAsked {
  by: 'day' | 'reason';
  /** IANA zone of the days. */
  zone: string;
  /** The starts of the days in order, and the end of the last one; epoch milliseconds. */
  starts: readonly number[];
}

const HOUR_MS = 3_600_000;
// Some tenths of a second for a list; who calls more often than that in the hours around midnight is told in another zone.
const CALLS_MOST = 100_000;

/** @returns undefined where days begin within hours with too many calls to be read one by one */
export async function usageSums(
  store: ChargeStore,
  seen: Seen,
  { by, zone, starts }: SumsAsked,
  callsMost = CALLS_MOST,
): Promise<readonly Sum[] | undefined> {
  const [from, until] = [starts[0] ?? 0, starts.at(-1) ?? 0];
  const cuts = (by === 'day' ? starts : [from]).filter((start) => start % HOUR_MS !== 0);
  // Before the roll-ups, which only grow: so that no part is ever more than its hour.
  const parts = cuts.length === 0 ? [] : await store.chargesToMoments(cuts, seen, callsMost);
  if (parts === undefined) return undefined;
  const range = { from: from - (from % HOUR_MS), until };
  const charges = await store.charges({ ...seen, ...range, by: by === 'day' ? 'hour' : 'reason' });
  return by === 'day' ? byDay(charges, parts, starts, zone) : byReason(charges, parts);
}

function byDay(charges: readonly Charges[], parts: readonly ChargesPart[], starts: readonly number[], zone: string): Sum[] {
  const sums = starts.slice(0, -1).map((start): Sum => ({ name: localDate(zone, start), charge: ZERO, calls: 0 }));
  let day = -1;
  for (const { name, charge, calls } of charges) {
    const hour = Number(name);
    while (hour >= (starts[day + 1] ?? Infinity)) day += 1;
    const next = starts[day + 1] ?? Infinity;
    const before = next < hour + HOUR_MS ? partsTo(parts, next) : { charge, calls };
    add(sums[day], before.charge, before.calls);
    add(sums[day + 1], charge - before.charge, calls - before.calls);
  }
  return sums;
}

/** Without what was charged before the first day, in the hour in which it begins. */
function byReason(charges: readonly Charges[], before: readonly ChargesPart[]): Sum[] {
  return charges
    .map(({ name, charge, calls }): Sum => {
      const sum = { name: String(name), charge, calls };
      for (const part of before) if (part.reason === name) add(sum, 0 - part.charge, 0 - part.calls);
      return sum;
    })
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.charge - a.charge || (a.name < b.name ? -1 : 1));
}

function partsTo(parts: readonly ChargesPart[], moment: number): { charge: number; calls: number } {
  const here = parts.filter((part) => part.moment === moment);
  return { charge: here.reduce((sum, { charge }) => sum + charge, 0), calls: here.reduce((sum, { calls }) => sum + calls, 0) };
}

/** Days before the first and after the last are nobody's. */
function add(sum: Sum | undefined, charge: number, calls: number): void {
  if (sum === undefined) return;
  sum.charge = microcredits(sum.charge + charge);
  sum.calls += calls;
}
