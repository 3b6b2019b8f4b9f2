// Times for people: in their zone and their locale's order, UTC where they hover (LOOK, Numbers).

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1 Dec 2026`, in the order of the locale; the browser's zone unless told. */
export function showDay(at: number | string, locale?: string, timeZone?: string): string {
  return format({ day: 'numeric', month: 'short', year: 'numeric', ...zoned(timeZone) }, at, locale);
}

/** `1 Dec 2026, 14:03`. */
export function showMoment(at: number | string, locale?: string, timeZone?: string): string {
  const parts = { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  return format({ ...parts, ...zoned(timeZone) }, at, locale);
}

/** `2026-12-01 13:03 UTC`; a dash where it is no time. */
export function showUtc(at: number | string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? '–' : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `40 seconds ago`, `in 10 days`: in the largest unit of which there is at least one. `from` and `at` are epoch milliseconds. */
export function showDistance(at: number, from: number, locale?: string): string {
  const past = at - from;
  const [unit, size] = unitOf(Math.abs(past));
  return new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(Math.trunc(past / size), unit);
}

function unitOf(length: number): ['day' | 'hour' | 'minute' | 'second', number] {
  if (length >= DAY) return ['day', DAY];
  if (length >= HOUR) return ['hour', HOUR];
  return length >= MINUTE ? ['minute', MINUTE] : ['second', 1_000];
}

function zoned(timeZone: string | undefined): Intl.DateTimeFormatOptions {
  return timeZone === undefined ? {} : { timeZone };
}

function format(options: Intl.DateTimeFormatOptions, at: number | string, locale?: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? '–' : new Intl.DateTimeFormat(locale, options).format(time);
}
