// Windows of time in which caps count (rule 20): hours, days, weeks from Monday, months, by the calendar of the payer's zone, so that
// a day may have 23 or 25 hours. Windows of one kind tile time without gap or overlap.
import { Temporal } from 'temporal-polyfill';

export type WindowKind = 'hour' | 'day' | 'week' | 'month' | 'lifetime';

/** Epoch milliseconds; `until` is the first moment of the next window, null where there is none. */
export interface TimeWindow {
  from: number;
  until: number | null;
}

const HOUR_MS = 3_600_000;
const LIFETIME: TimeWindow = { from: 0, until: null };

/**
 * The window of this kind that `at` falls in.
 * @param zone an IANA zone, as checked by `isTimeZone`
 * @param at epoch milliseconds
 */
export function windowAt(kind: WindowKind, zone: string, at: number): TimeWindow {
  if (kind === 'lifetime') return LIFETIME;
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const day = moment.startOfDay();
  if (kind === 'hour') return hourWindow(day, at);
  if (kind === 'day') return spanOf(day, day.add({ days: 1 }).startOfDay());
  if (kind === 'week') {
    const monday = day.subtract({ days: day.dayOfWeek - 1 }).startOfDay();
    return spanOf(monday, monday.add({ weeks: 1 }).startOfDay());
  }
  const first = day.with({ day: 1 }).startOfDay();
  return spanOf(first, first.add({ months: 1 }).startOfDay());
}

export function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Hours are counted by elapsed time from the start of the day, so that they tile it whatever the clock does. Where it is put forward or
 * back by less than an hour, the day's last window is the shorter for it.
 */
function hourWindow(day: Temporal.ZonedDateTime, at: number): TimeWindow {
  const start = day.epochMilliseconds;
  const from = start + Math.floor((at - start) / HOUR_MS) * HOUR_MS;
  return { from, until: Math.min(from + HOUR_MS, day.add({ days: 1 }).startOfDay().epochMilliseconds) };
}

function spanOf(from: Temporal.ZonedDateTime, until: Temporal.ZonedDateTime): TimeWindow {
  return { from: from.epochMilliseconds, until: until.epochMilliseconds };
}

/** How the cycles of an organization run (rule 20): always anchor + n steps, clamped, so that the 31st comes back after February. */
export interface CycleRule {
  every: 'day' | 'week' | 'month' | 'year';
  /** The local date of the first cycle, `2026-01-31`; null: by the calendar, weeks from Monday. */
  anchor: string | null;
  /** IANA zone. Cycles begin at the start of the local day. */
  zone: string;
  /**
   * Where this rule took over from another one, epoch milliseconds; null: it always counted. The first cycle then begins here, and lasts
   * at least as long as one of its own, so that changing the rule gives no allowance more often.
   */
  since: number | null;
}
