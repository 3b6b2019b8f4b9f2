// A rule that takes over from another one: its first cycle is never shorter than it may be, and no way of changing gives more cycles than time allows.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cycleAfter, cycleAt, isLocalDate, type CycleRule } from '@tollgate/shared/cycle';
import { DAY_MS, HOUR_MS } from './oracle.ts';

const EVERY = ['day', 'week', 'month', 'year'] as const;
const LEAST_DAYS = { day: 1, week: 7, month: 28, year: 365 };
const FROM = Date.UTC(2016, 0, 1);
const YEARS = 10;

const zone = fc.constantFrom(
  'UTC',
  'Etc/GMT+12',
  'Pacific/Kiritimati',
  'Europe/Berlin',
  'America/Havana',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
);
const anchor = fc.constantFrom(null, '2016-02-29', '2015-12-31', '2015-01-30', '2015-06-28', '2015-06-01');
const every = fc.constantFrom(...EVERY);
const at = fc.integer({ min: FROM, max: FROM + YEARS * 365 * DAY_MS });

test('the first cycle begins with the rule, ends where one without a beginning does, and is long enough', () => {
  fc.assert(
    fc.property(every, anchor, zone, at, (step, anchored, place, since) => {
      const rule: CycleRule = { every: step, anchor: anchored, zone: place, since };
      const always = { ...rule, since: null };
      const first = cycleAt(rule, since);
      expect(first).toMatchObject({ from: since, number: 0 });
      expect(cycleAt(always, first.until).from).toBe(first.until);
      const tolerated = step === 'day' ? HOUR_MS : 28 * HOUR_MS;
      expect(first.until - since).toBeGreaterThanOrEqual(LEAST_DAYS[step] * DAY_MS - tolerated);
      // Not longer than it must be: the boundary before would have been too early.
      const before = cycleAt(always, first.until - 1).from;
      expect(before - since).toBeLessThan({ day: 25 / 24, week: 7.1, month: 31.1, year: 366.1 }[step] * DAY_MS);
      const next = cycleAt(rule, first.until);
      expect(next).toEqual({ ...cycleAt(always, first.until), number: 1 });
      expect(() => cycleAt(rule, since - 1)).toThrow(RangeError);
    }),
    { numRuns: 2_000 },
  );
});

test('a rule that takes over at the end of a cycle of its own kind goes on with it', () => {
  for (const step of EVERY) {
    const always: CycleRule = { every: step, anchor: '2016-01-31', zone: 'Europe/Berlin', since: null };
    const end = cycleAt(always, Date.UTC(2026, 4, 5)).until;
    expect(cycleAt({ ...always, since: end }, end).until, step).toBe(cycleAt(always, end).until);
  }
});

test('who moves to a zone where the month begins earlier does not wait for two', () => {
  const since = Date.parse('2026-02-01T00:00:00Z');
  const rule: CycleRule = { every: 'month', anchor: null, zone: 'Pacific/Kiritimati', since };
  expect(new Date(cycleAt(rule, since).until).toISOString()).toBe('2026-02-28T10:00:00.000Z');
});

test('whoever changes zone or plan at the end of every cycle gets no more of them than years have', () => {
  fc.assert(
    fc.property(every, fc.array(fc.tuple(zone, anchor), { minLength: 2, maxLength: 6 }), (step, changes) => {
      let count = 0;
      let since = FROM;
      const until = FROM + YEARS * 365.25 * DAY_MS;
      const most = step === 'day' ? 400 : 5_000;
      while (since < until && count < most) {
        const [place, anchored] = changes[count % changes.length] ?? ['UTC', null];
        // The anchor of an organization is given once; calendar and anniversary take turns here.
        const own = anchored === null ? null : (changes.find(([, one]) => one !== null)?.[1] ?? null);
        since = cycleAt({ every: step, anchor: own, zone: place, since }, since).until;
        count += 1;
      }
      const elapsed = (since - FROM) / DAY_MS;
      const nominal = { day: 1, week: 7, month: 365.2425 / 12, year: 365.2425 }[step];
      expect(count).toBeLessThanOrEqual(elapsed / nominal + 1.2);
    }),
    { numRuns: 300 },
  );
});

describe('the cycle so many after one', () => {
  const rule: CycleRule = { every: 'month', anchor: '2026-01-31', zone: 'UTC', since: null };
  const endAfter = (count: number): string =>
    new Date(cycleAfter(rule, Date.UTC(2026, 1, 1), count).until).toISOString().slice(0, 10);

  test('ends where the 31st is clamped, and comes back', () => {
    expect([0, 1, 2, 3, 12].map(endAfter)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31', '2027-02-28']);
  });
});

test('an anchor is a day that there is', () => {
  expect(['2026-01-31', '2024-02-29', '2026-12-01'].filter((day) => !isLocalDate(day))).toEqual([]);
  const none = [
    '2026-13-32',
    '2026-02-29',
    '2026-01-32',
    '2026-1-1',
    '2026-00-10',
    '20260131',
    '2026-01-31T00:00',
    '',
    '+002026-01-01',
  ];
  expect(none.filter(isLocalDate)).toEqual([]);
});

test('a rule that can not be is thrown, not guessed', () => {
  const rule: CycleRule = { every: 'month', anchor: null, zone: 'UTC', since: null };
  expect(() => cycleAt({ ...rule, anchor: '2026-02-30' }, FROM)).toThrow(RangeError);
  expect(() => cycleAt({ ...rule, zone: 'Mars/Olympus' }, FROM)).toThrow(RangeError);
});
