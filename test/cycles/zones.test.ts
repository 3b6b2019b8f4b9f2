// Cycles of twenty years in every zone there is, against an oracle that works them out the slow way (rule 20).
import { beforeAll, describe, expect, test } from 'vitest';
import { cycleAt, windowAt, type CycleRule } from '@tollgate/shared/cycle';
import { DAY_MS, distinctZones, firstDays, HOUR_MS, startOfDay, type Zone } from './oracle.ts';

const [FROM_YEAR, UNTIL_YEAR] = [2010, 2030];
const [FROM, UNTIL] = [Date.UTC(FROM_YEAR, 0, 2), Date.UTC(UNTIL_YEAR, 0, 1)];
let zones: ReadonlyMap<string, Zone>;

beforeAll(() => {
  zones = distinctZones(FROM_YEAR, UNTIL_YEAR);
});

/** Walks through boundaries: each cycle begins at one, is the same at its last moment, and the next one begins right there. */
function wrongAt(rule: CycleRule, boundaries: readonly number[]): string[] {
  const wrong: string[] = [];
  let number: number | undefined;
  for (const [index, from] of boundaries.entries()) {
    const until = boundaries[index + 1];
    if (until === undefined) break;
    const [first, last] = [cycleAt(rule, from), cycleAt(rule, until - 1)];
    const agrees = first.from === from && first.until === until && last.from === from && last.until === until;
    if (!agrees || (number !== undefined && first.number <= number)) {
      const found = [first.from, first.until, last.from, last.until].map((at) => new Date(at).toISOString()).join(' ');
      wrong.push(`${JSON.stringify(rule)}: ${new Date(from).toISOString()} to ${new Date(until).toISOString()}, not ${found}`);
    }
    number = first.number;
  }
  return wrong;
}

/** The boundaries of some days, in their order; a day that a zone skips has no length and is none. */
function boundariesOf(zone: Zone, days: readonly number[]): number[] {
  return [...new Set(days.map((day) => startOfDay(zone, day)))];
}

describe('cycles begin where the oracle says', () => {
  test.each([null, '2010-01-28', '2010-01-29', '2010-01-30', '2010-01-31', '2026-05-31'])('each month, from %s', (anchor) => {
    const days = firstDays('month', anchor ?? '2001-01-01', FROM_YEAR, UNTIL_YEAR);
    const wrong = [...zones].flatMap(([zone, table]) =>
      wrongAt({ every: 'month', anchor, zone, since: null }, boundariesOf(table, days)),
    );
    expect(wrong).toEqual([]);
  });

  test.each([null, '2012-02-29', '2011-12-30'])('each year, from %s', (anchor) => {
    const days = firstDays('year', anchor ?? '2001-01-01', FROM_YEAR, UNTIL_YEAR);
    const wrong = [...zones].flatMap(([zone, table]) =>
      wrongAt({ every: 'year', anchor, zone, since: null }, boundariesOf(table, days)),
    );
    expect(wrong).toEqual([]);
  });

  test.each([null, '2012-02-29'])('each week, from %s', (anchor) => {
    const days = firstDays('week', anchor ?? '2001-01-01', 2010, 2020);
    const wrong = [...zones].flatMap(([zone, table]) =>
      wrongAt({ every: 'week', anchor, zone, since: null }, boundariesOf(table, days)),
    );
    expect(wrong).toEqual([]);
  });

  test('each day, around the days that are odd somewhere', () => {
    let odd = 0;
    const wrong = [...zones].flatMap(([zone, table]) =>
      table.slice(1).flatMap(({ from, offset }) => {
        if (from < FROM || from > UNTIL) return [];
        odd += 1;
        const day = Math.floor((from + offset) / DAY_MS);
        const boundaries = boundariesOf(
          table,
          [-3, -2, -1, 0, 1, 2, 3].map((near) => day + near),
        );
        return wrongAt({ every: 'day', anchor: null, zone, since: null }, boundaries);
      }),
    );
    expect(wrong).toEqual([]);
    expect(odd).toBeGreaterThan(1_000);
  });
});

test('windows of a cap are the cycles of the calendar, and hours tile their days', () => {
  const wrong: string[] = [];
  for (const [zone, table] of zones) {
    for (const { from } of table.slice(1)) {
      if (from < FROM || from > UNTIL) continue;
      for (const at of [from - 26 * HOUR_MS, from - 1, from, from + 59 * 60_000, from + 26 * HOUR_MS]) {
        for (const every of ['day', 'week', 'month'] as const) {
          const window = windowAt(every, zone, at);
          const cycle = cycleAt({ every, anchor: null, zone, since: null }, at);
          if (window.from !== cycle.from || window.until !== cycle.until) wrong.push(`${zone} ${every} ${at}`);
          if (at < window.from || at >= (window.until ?? 0)) wrong.push(`${zone} ${every} ${at} is not in its window`);
        }
        const hour = windowAt('hour', zone, at);
        const next = windowAt('hour', zone, hour.until ?? 0);
        if (at < hour.from || at >= (hour.until ?? 0) || next.from !== hour.until) wrong.push(`${zone} hour ${at}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

describe('days that a reader may not expect', () => {
  const days = (zone: string, at: string): string[] => {
    const { from, until } = cycleAt({ every: 'day', anchor: null, zone, since: null }, Date.parse(at));
    return [new Date(from).toISOString(), new Date(until).toISOString(), `${(until - from) / HOUR_MS} hours`];
  };

  test('Apia had no 30 December 2011', () => {
    expect(days('Pacific/Apia', '2011-12-30T09:59:59Z')).toEqual([
      '2011-12-29T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '24 hours',
    ]);
    expect(days('Pacific/Apia', '2011-12-30T10:00:00Z')).toEqual([
      '2011-12-30T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
      '24 hours',
    ]);
    const anchored = { every: 'month', anchor: '2011-11-30', zone: 'Pacific/Apia', since: null } as const;
    expect(new Date(cycleAt(anchored, Date.parse('2011-12-25T00:00:00Z')).until).toISOString()).toBe('2011-12-30T10:00:00.000Z');
  });

  test('Santiago has days that begin at one, and St. John’s had a minute of tomorrow before an hour of today', () => {
    expect(days('America/Santiago', '2026-09-06T12:00:00Z')).toEqual([
      '2026-09-06T04:00:00.000Z',
      '2026-09-07T03:00:00.000Z',
      '23 hours',
    ]);
    expect(days('America/St_Johns', '2010-11-07T03:00:00Z')).toEqual([
      '2010-11-07T02:30:00.000Z',
      '2010-11-08T03:30:00.000Z',
      '25 hours',
    ]);
  });
});
