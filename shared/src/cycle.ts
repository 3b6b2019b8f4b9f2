// Stretches of time in the payer's zone (rule 20): the windows of caps, by the calendar, and the cycles of allowances, from an anchor. Those of
// one kind tile time without gap or overlap, and a day may have 23 or 25 hours.
import { Temporal } from 'temporal-polyfill';

export type WindowKind = 'hour' | 'day' | 'week' | 'month' | 'lifetime';

/** Epoch milliseconds; `until` is the first moment of the next window, null where there is none. */
export interface TimeWindow {
  from: number;
  until: number | null;
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

/** One cycle, epoch milliseconds. `number` is 0 for the one that begins with the anchor, or with `since`. */
export interface Cycle {
  readonly from: number;
  readonly until: number;
  readonly number: number;
}

const HOUR_MS = 3_600_000;
const LIFETIME: TimeWindow = { from: 0, until: null };

/**
 * The cycle that `at` falls in. It is asked for each call: the one of the last question is kept for each rule.
 * @param at epoch milliseconds
 * @throws {RangeError} where `at` is before `rule.since`: the rule before it counts there; or where zone or anchor are none
 */
export function cycleAt(rule: CycleRule, at: number): Cycle {
  return courseOf(rule.every, rule.anchor, rule.zone, rule.since).at(at);
}

/** The cycle so many after the one that `at` falls in; 0 is that one. */
export function cycleAfter(rule: CycleRule, at: number, count: number): Cycle {
  let cycle = cycleAt(rule, at);
  for (let step = 0; step < count; step += 1) cycle = cycleAt(rule, cycle.until);
  return cycle;
}

/**
 * The window of this kind that `at` falls in.
 * @param zone an IANA zone, as checked by `isTimeZone`
 * @param at epoch milliseconds
 */
export function windowAt(kind: WindowKind, zone: string, at: number): TimeWindow {
  if (kind === 'lifetime') return LIFETIME;
  const { from, until } = courseOf(kind === 'hour' ? 'day' : kind, null, zone, null).at(at);
  return kind === 'hour' ? hourWindow(from, until, at) : { from, until };
}

export function isTimeZone(name: string): boolean {
  return spelledZone(name) !== undefined;
}

/** A zone as it is written, `Europe/Berlin` for `europe/berlin`; undefined for what is none. */
export function spelledZone(name: string): string | undefined {
  try {
    return Temporal.Now.zonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
}

/** Whether a text is a day that there is, as `2026-01-31`: what an anchor must be. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Hours are counted by elapsed time from the start of the day, so that they tile it whatever the clock does. Where it is put forward or
 * back by less than an hour, the day's last window is the shorter for it.
 */
function hourWindow(dayFrom: number, dayUntil: number, at: number): TimeWindow {
  const from = dayFrom + Math.floor((at - dayFrom) / HOUR_MS) * HOUR_MS;
  return { from, until: Math.min(from + HOUR_MS, dayUntil) };
}

// Rules of all organizations that are awake; one question more builds a course anew.
const COURSES_MOST = 20_000;
const courses = new Map<string, Course>();

function courseOf(every: CycleRule['every'], anchor: string | null, zone: string, since: number | null): Course {
  const key = `${every} ${anchor} ${zone} ${since}`;
  const known = courses.get(key);
  if (known !== undefined) return known;
  const course = new Course(every, anchor, zone, since);
  if (courses.size >= COURSES_MOST) courses.clear();
  courses.set(key, course);
  return course;
}

// By the calendar: a Monday, the first of a month and of a year.
const CALENDAR_ANCHOR = '2001-01-01';
/** Two zones are 26 hours apart at most, and an hour of summer time: so much shorter may the first cycle after a change of zone be. */
const ZONES_APART_MS = 27 * HOUR_MS;
const STEPS_KEPT = 64;
const RECENT_KEPT = 4;

/** All cycles of one rule, and the last ones that were asked for. */
class Course {
  readonly #every: CycleRule['every'];
  readonly #anchor: Temporal.PlainDate;
  readonly #zone: string;
  readonly #first: Cycle | undefined;
  /** The step whose start ends the first cycle. */
  #second = 0;
  readonly #starts = new Map<number, number>();
  /** The last ones asked for: the present one, and those in which something that goes on will end. */
  readonly #recent: Cycle[] = [];

  constructor(every: CycleRule['every'], anchor: string | null, zone: string, since: number | null) {
    this.#every = every;
    this.#anchor = Temporal.PlainDate.from(anchor ?? CALENDAR_ANCHOR, { overflow: 'reject' });
    this.#zone = zone;
    if (since !== null) this.#first = this.#firstSince(since);
  }

  at(at: number): Cycle {
    for (const cycle of this.#recent) if (at >= cycle.from && at < cycle.until) return cycle;
    const found = this.#cycleOf(at);
    if (this.#recent.length >= RECENT_KEPT) this.#recent.shift();
    this.#recent.push(found);
    return found;
  }

  #cycleOf(at: number): Cycle {
    const first = this.#first;
    if (first === undefined) {
      const step = this.#stepAt(at);
      return { from: this.#startOf(step), until: this.#startOf(step + 1), number: step };
    }
    if (at < first.from) {
      throw new RangeError(
        `${new Date(at).toISOString()} is before this rule counts, from ${new Date(first.from).toISOString()} on`,
      );
    }
    if (at < first.until) return first;
    const step = this.#stepAt(at);
    return { from: this.#startOf(step), until: this.#startOf(step + 1), number: step - this.#second + 1 };
  }

  /**
   * Where zones change, the next start of their own may come up to 27 hours before a whole step has passed, once, and what is lost then is won
   * back when they change again. A day is too short for that: flipping zones would give two in one.
   */
  #firstSince(since: number): Cycle {
    const step = Temporal.Duration.from({ [`${this.#every}s`]: 1 });
    const whole = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO(this.#zone).add(step).epochMilliseconds;
    const least = this.#every === 'day' ? whole : whole - ZONES_APART_MS;
    let second = this.#stepAt(least);
    while (this.#startOf(second) < least) second += 1;
    this.#second = second;
    return { from: since, until: this.#startOf(second), number: 0 };
  }

  /** The last step that has begun by then. A day that a zone skips is a step without length, and is never the last one. */
  #stepAt(at: number): number {
    let step = this.#guess(at);
    while (this.#startOf(step) > at) step -= 1;
    while (this.#startOf(step + 1) <= at) step += 1;
    return step;
  }

  /** Within a step or two: the date that the clock shows then. */
  #guess(at: number): number {
    const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.#zone);
    const months = (date.year - this.#anchor.year) * 12 + date.month - this.#anchor.month;
    if (this.#every === 'year') return Math.floor(months / 12);
    if (this.#every === 'month') return months;
    const days = this.#anchor.until(date.toPlainDate(), { largestUnit: 'days' }).days;
    return this.#every === 'week' ? Math.floor(days / 7) : days;
  }

  /** The start of the local day of anchor + n steps, clamped to the month; the first moment there is, where a zone skips midnight. */
  #startOf(step: number): number {
    const known = this.#starts.get(step);
    if (known !== undefined) return known;
    const day = this.#anchor.add({ [`${this.#every}s`]: step });
    const start = day.toZonedDateTime(this.#zone).epochMilliseconds;
    if (this.#starts.size >= STEPS_KEPT) this.#starts.clear();
    this.#starts.set(step, start);
    return start;
  }
}
