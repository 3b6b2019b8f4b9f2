import { expect, test } from 'vitest';
import { projectInterval } from './interval.ts';

const between = (every: string, zone: string, from: string, until: string) =>
  projectInterval({ every, zone, from: Date.parse(from), until: Date.parse(until), most: 600_000 });

test('a run comes one interval after the one before it', () => {
  const outcome = between('6h', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z');
  expect(outcome).toMatchObject({ ok: true, runs: 120, more: false });
  expect(outcome.ok && outcome.next.map((at) => new Date(at).toISOString())).toEqual([
    '2026-11-01T06:00:00.000Z',
    '2026-11-01T12:00:00.000Z',
    '2026-11-01T18:00:00.000Z',
    '2026-11-02T00:00:00.000Z',
    '2026-11-02T06:00:00.000Z',
  ]);
});

test('days are those of the zone: March has 31 of them where it is an hour short, and October where it is longer', () => {
  const march = ['2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'] as const;
  expect(between('1d', 'Europe/Berlin', ...march)).toMatchObject({ runs: 31 });
  expect(between('1h', 'Europe/Berlin', ...march)).toMatchObject({ runs: 743 });
  const october = ['2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'] as const;
  expect(between('1d', 'Europe/Berlin', ...october)).toMatchObject({ runs: 31 });
  expect(between('15m', 'Europe/Berlin', ...october)).toMatchObject({ runs: 745 * 4 });
});

test('one that is longer than the time left does not run in it, and no more is told than asked for', () => {
  expect(between('90d', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toMatchObject({ runs: 0 });
  const minutes = { every: '1m', zone: 'UTC', from: 0, until: 3_600_000, most: 10 };
  expect(projectInterval(minutes)).toMatchObject({ runs: 10, more: true });
});

test('what is no interval or no zone is said so', () => {
  expect(between('0m', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toMatchObject({ ok: false, part: 'every' });
  expect(between('1d', 'Mars', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toMatchObject({ ok: false, part: 'zone' });
});
