import { describe, expect, test } from 'vitest';
import { isTimeZone, windowAt, type WindowKind } from './cycle.ts';

function iso(kind: WindowKind, zone: string, at: string): [string, string | null] {
  const { from, until } = windowAt(kind, zone, Date.parse(at));
  return [new Date(from).toISOString(), until === null ? null : new Date(until).toISOString()];
}

describe('windows by the calendar of a zone', () => {
  test('a day of 23 hours and one of 25', () => {
    expect(iso('day', 'Europe/Berlin', '2026-03-29T12:00:00Z')).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(iso('day', 'Europe/Berlin', '2026-10-25T12:00:00Z')).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
  });

  test('a week starts on Monday, also when Sunday is asked for', () => {
    expect(iso('week', 'UTC', '2026-11-22T23:59:59.999Z')).toEqual(['2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z']);
  });

  test('a month in a half-hour zone', () => {
    expect(iso('month', 'Asia/Kolkata', '2026-02-28T20:00:00Z')).toEqual([
      '2026-02-28T18:30:00.000Z',
      '2026-03-31T18:30:00.000Z',
    ]);
  });

  test('an hour in a half-hour zone', () => {
    expect(iso('hour', 'Asia/Kolkata', '2026-02-28T20:45:10Z')).toEqual(['2026-02-28T20:30:00.000Z', '2026-02-28T21:30:00.000Z']);
  });

  test('a zone that skips midnight starts its day at the first moment there is', () => {
    expect(iso('day', 'America/Santiago', '2026-09-06T12:00:00Z')[0]).toBe('2026-09-06T04:00:00.000Z');
  });

  test('a lifetime has no end', () => {
    expect(iso('lifetime', 'UTC', '2026-01-01T00:00:00Z')).toEqual(['1970-01-01T00:00:00.000Z', null]);
  });
});

test.each(['hour', 'day', 'week', 'month'] as const)('windows of a %s tile two years without gap or overlap', (kind) => {
  for (const zone of ['Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC']) {
    const end = Date.parse('2028-01-01T00:00:00Z');
    let at = windowAt(kind, zone, Date.parse('2026-01-01T00:00:00Z')).from;
    let steps = 0;
    while (at < end && steps < 3_000) {
      const { from, until } = windowAt(kind, zone, at);
      expect(from, `${zone} at ${new Date(at).toISOString()}`).toBe(at);
      expect(windowAt(kind, zone, (until ?? 0) - 1).from).toBe(from);
      at = until ?? end;
      steps += 1;
    }
  }
});

test('zones are known by name', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
});
