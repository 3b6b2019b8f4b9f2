// How often a schedule runs (FEATURES B3): a cron line in a time zone, counted run by run, so that days of 23 and 25 hours and months of any
// length are what they are.
import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import { isTimeZone, windowAt } from './cycle.ts';

export interface ScheduleAsked {
  /** Five fields, or `@daily` and the like. */
  cron: string;
  /** IANA zone. */
  zone: string;
  /** Epoch milliseconds; `until` is not part of it. */
  from: number;
  until: number;
  /** No more are told than this. */
  most: number;
}

export type ScheduleOutcome =
  | {
      ok: true;
      runs: number;
      /** Whether there are more runs than were counted. */
      more: boolean;
      /** The first runs from `from` on, at most five, also past `until`; epoch milliseconds. */
      next: readonly number[];
    }
  /** Which part is wrong, what was found and what would be right. */
  | { ok: false; part: 'cron' | 'every' | 'zone'; message: string };

const NEXT_MOST = 5;
const CRON_LENGTH_MAX = 200;
const HOUR_MS = 3_600_000;
const HOURS_OF_A_DAY = 24;

/**
 * Counts the runs of a schedule. A run that falls into an hour that a zone skips is made up for after it; one at a fixed time in an hour that
 * comes twice is made once, one of every hour twice.
 */
export function projectSchedule({ cron, zone, from, until, most }: ScheduleAsked): ScheduleOutcome {
  if (!isTimeZone(zone)) {
    return { ok: false, part: 'zone', message: `"${zone}" is not a time zone; a name such as Europe/Berlin would be right.` };
  }
  const schedule = parse(cron, zone);
  if ('message' in schedule) return { ok: false, part: 'cron', message: schedule.message };
  const runs = countRuns(schedule, zone, from, until);
  const next = schedule.nextRuns(NEXT_MOST, new Date(from - 1)).map((run) => run.getTime());
  return { ok: true, runs: Math.min(runs, most), more: runs > most, next };
}

function parse(cron: string, zone: string): Cron | { message: string } {
  const right = 'five fields (minute, hour, day, month, weekday) such as 0 9 * * MON-FRI would be right';
  if (cron.length > CRON_LENGTH_MAX) return { message: `The schedule has ${cron.length} characters; ${right}.` };
  if (!/^(?:@[a-z]+|\S+(?: +\S+){4})$/i.test(cron)) return { message: `"${cron}" is not a schedule; ${right}.` };
  try {
    return new Cron(cron, { timezone: zone, paused: true, mode: '5-part' });
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/^CronPattern: /, '').replace(/\.$/, '');
    return { message: `"${cron}" is not a schedule (${why}); ${right}.` };
  }
}

/**
 * Each run costs the library some 40 µs, and a schedule of every minute has half a million in a year, which whoever counts would keep everybody
 * waiting for. Days of 24 hours on which it runs at all are alike, so one of them is looked at and the others are added; so with the hours of
 * a day of another length that are not near to where the clock changes.
 */
function countRuns(schedule: Cron, zone: string, from: number, until: number): number {
  let runs = 0;
  let usual: readonly number[] | undefined;
  let minutes: readonly number[] | undefined;
  const add = (start: number, after: readonly number[]): void => {
    for (const ms of after) if (start + ms >= from && start + ms < until) runs += 1;
  };
  // A run at `from` itself counts.
  let run = runAfter(schedule, from - 1);
  while (run < until) {
    const day = windowAt('day', zone, run);
    const end = day.until ?? Infinity;
    if (end - day.from === HOURS_OF_A_DAY * HOUR_MS) {
      usual ??= runsOfDay(schedule, day.from);
      if (day.from >= from && end <= until) runs += usual.length;
      else add(day.from, usual);
      run = runAfter(schedule, end - 1);
      continue;
    }
    const hour = windowAt('hour', zone, run);
    const next = hour.until ?? Infinity;
    if (isPlainHour(zone, hour.from, next)) add(hour.from, (minutes ??= runsBetween(schedule, hour.from, next)));
    else add(hour.from, runsBetween(schedule, hour.from, next));
    run = runAfter(schedule, next - 1);
  }
  return runs;
}

/** A whole hour of the clock, with nothing near that puts it forward or back: what is made up for, or not made twice, comes within an hour of that. */
function isPlainHour(zone: string, from: number, until: number): boolean {
  const clock = (at: number): Temporal.ZonedDateTime => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const { minute, offsetNanoseconds } = clock(from);
  if (minute !== 0 || until - from !== HOUR_MS) return false;
  return [from - 2 * HOUR_MS, until + HOUR_MS].every((at) => clock(at).offsetNanoseconds === offsetNanoseconds);
}

/** The runs of a day of 24 hours, in milliseconds after its start. Hours in which it runs are alike too. */
function runsOfDay(schedule: Cron, dayFrom: number): number[] {
  const runs: number[] = [];
  let minutes: number[] | undefined;
  for (let hour = 0; hour < HOURS_OF_A_DAY; hour += 1) {
    const start = dayFrom + hour * HOUR_MS;
    if (runAfter(schedule, start - 1) >= start + HOUR_MS) continue;
    minutes ??= runsBetween(schedule, start, start + HOUR_MS);
    runs.push(...minutes.map((after) => hour * HOUR_MS + after));
  }
  return runs;
}

function runsBetween(schedule: Cron, from: number, until: number): number[] {
  const runs: number[] = [];
  for (let run = runAfter(schedule, from - 1); run < until; run = runAfter(schedule, run)) runs.push(run - from);
  return runs;
}

/** Infinity where it never runs again. */
function runAfter(schedule: Cron, at: number): number {
  return schedule.nextRun(new Date(at))?.getTime() ?? Infinity;
}
