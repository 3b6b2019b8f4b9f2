// How often something runs that is repeated every so many minutes, hours or days (FEATURES B3): each run comes one interval after the one
// before it. Days are those of a zone, so that a month has as many of them as its calendar also where a clock changes.
import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from './cycle.ts';
import type { ScheduleOutcome } from './schedule.ts';

export interface IntervalAsked {
  /** `15m`, `2h` or `1d`. */
  every: string;
  /** IANA zone. */
  zone: string;
  /** Epoch milliseconds; the first run is one interval after `from`. */
  from: number;
  until: number;
  /** No more are told than this. */
  most: number;
}

const NEXT_MOST = 5;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };

/** Counts the runs from `from` to `until`. */
export function projectInterval({ every, zone, from, until, most }: IntervalAsked): ScheduleOutcome {
  if (!isTimeZone(zone)) {
    return { ok: false, part: 'zone', message: `"${zone}" is not a time zone; a name such as Europe/Berlin would be right.` };
  }
  const [, digits = '', unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(every) ?? [];
  if (digits === '') return { ok: false, part: 'every', message: `"${every}" is no interval; 15m, 2h or 1d would be right.` };
  const count = Number(digits);
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  const unitMs = UNIT_MS[unit];
  const runAt = (run: number): number =>
    unitMs === undefined ? start.add({ days: count * run }).epochMilliseconds : from + run * count * unitMs;
  const units = unitMs === undefined ? daysBetween(start, until) : (until - from) / unitMs;
  const runs = Math.max(0, Math.floor(units / count));
  const next = Array.from({ length: NEXT_MOST }, (_, index) => runAt(index + 1));
  return { ok: true, runs: Math.min(runs, most), more: runs > most, next };
}

function daysBetween(start: Temporal.ZonedDateTime, until: number): number {
  const end = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(start.timeZoneId);
  return start.until(end, { largestUnit: 'days' }).days;
}
