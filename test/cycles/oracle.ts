// Cycles worked out the slow way, sharing no code with ours: zones as tables of offsets, read off the clock that `Intl` shows, and dates as
// numbers of days.

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** From `from` on, local time is UTC + `offset`; milliseconds. */
interface Stretch {
  from: number;
  offset: number;
}
export type Zone = readonly Stretch[];

const LOOK_EVERY_MS = 6 * DAY_MS;

/** Every zone there is, one for each set of zones whose clocks have gone alike in these years, by its name. */
export function distinctZones(fromYear: number, untilYear: number): ReadonlyMap<string, Zone> {
  const from = Date.UTC(fromYear - 1, 11, 1);
  const until = Date.UTC(untilYear, 1, 1);
  const distinct = new Map<string, [string, Zone]>();
  for (const name of Intl.supportedValuesOf('timeZone')) {
    const zone = zoneOf(name, from, until);
    const clock = JSON.stringify(zone);
    if (!distinct.has(clock)) distinct.set(clock, [name, zone]);
  }
  return new Map(distinct.values());
}

/** The stretches of a zone between two moments. */
function zoneOf(name: string, from: number, until: number): Zone {
  const offsetAt = clockOf(name);
  const zone: Stretch[] = [{ from: -Infinity, offset: offsetAt(from) }];
  let before = from;
  for (let at = from; at < until; at += LOOK_EVERY_MS) {
    if (offsetAt(at) !== zone.at(-1)?.offset) zone.push(changeBetween(before, at, offsetAt));
    before = at;
  }
  return zone;
}

function changeBetween(before: number, after: number, offsetAt: (at: number) => number): Stretch {
  const old = offsetAt(before);
  let [low, high] = [before, after];
  while (high - low > 1_000) {
    const middle = Math.round((low + high) / 2_000) * 1_000;
    if (offsetAt(middle) === old) low = middle;
    else high = middle;
  }
  return { from: high, offset: offsetAt(high) };
}

/** How far the clock of a zone is ahead of UTC, by what it shows. */
function clockOf(name: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
    const local = dayNumber(part('year'), part('month'), part('day')) * DAY_MS;
    return local + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000 - at;
  };
}

/** The first moment at which the clock has shown this day or a later one. */
export function startOfDay(zone: Zone, day: number): number {
  for (const [index, { from, offset }] of zone.entries()) {
    const start = Math.max(from, day * DAY_MS - offset);
    if (start < (zone[index + 1]?.from ?? Infinity)) return start;
  }
  throw new Error('a zone without an end');
}

/** Days since 1 January 1970. */
export function dayNumber(year: number, month: number, day: number): number {
  let days = day - 1;
  for (let one = 1; one < month; one += 1) days += daysOf(year, one);
  for (let one = 1970; one < year; one += 1) days += isLeap(one) ? 366 : 365;
  return days;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The local days on which cycles begin that are anchored so, from the year of `from` to that of `until`. */
export function firstDays(every: 'week' | 'month' | 'year', anchor: string, fromYear: number, untilYear: number): number[] {
  const [year = 0, month = 0, day = 0] = anchor.split('-').map(Number);
  const days: number[] = [];
  if (every === 'week') {
    const one = dayNumber(year, month, day);
    const first = dayNumber(fromYear, 1, 1);
    for (let at = first + ((((one - first) % 7) + 7) % 7); at < dayNumber(untilYear, 1, 1); at += 7) days.push(at);
    return days;
  }
  for (let inYear = fromYear; inYear < untilYear; inYear += 1) {
    for (let inMonth = 1; inMonth <= 12; inMonth += 1) {
      if (every === 'year' && inMonth !== month) continue;
      days.push(dayNumber(inYear, inMonth, Math.min(day, daysOf(inYear, inMonth))));
    }
  }
  return days;
}
