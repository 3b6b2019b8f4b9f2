// What can be said of spending from its course: when an allowance will be used up at the present pace, and whether a day sticks out from
// the days before it. Pure; amounts are microcredits, times epoch milliseconds.
import { MICROCREDITS_MAX, microcredits, type Microcredits } from '@tollgate/shared/credits';

export interface Pace {
  /** The cycle. */
  from: number;
  until: number;
  spent: Microcredits;
  limit: Microcredits;
}

export interface Forecast {
  /** When the limit is reached at this pace: before the cycle ends. */
  runsOutAt: number;
  /** What will have been spent by the end of the cycle. */
  expected: Microcredits;
}

// Before a tenth of the cycle has passed, one busy morning would be a forecast.
const ELAPSED_LEAST = 0.1;

/** Undefined where the allowance lasts, where it is too early to tell, and where it is used up already: that is told by its alert. */
export function forecastOf({ from, until, spent, limit }: Pace, at: number): Forecast | undefined {
  const elapsed = at - from;
  const length = until - from;
  if (at >= until || elapsed < ELAPSED_LEAST * length || spent >= limit || limit <= 0) return undefined;
  const expected = Math.min((spent / elapsed) * length, MICROCREDITS_MAX);
  if (expected <= limit) return undefined;
  return { runsOutAt: from + Math.ceil((limit / spent) * elapsed), expected: microcredits(Math.round(expected)) };
}

export interface Unusual {
  /** The median of the days before. */
  usual: Microcredits;
  /** What a day would have had to stay below. */
  limit: Microcredits;
}

// Fewer days say nothing of what is usual.
const DAYS_LEAST = 7;
const DEVIATIONS = 3;

/**
 * Whether a day sticks out: above the mean of the days before by three deviations, and above twice their median, so that where every day
 * is alike a little more is not news.
 * @param before oldest first; days before the first with a charge do not count, as nothing was there yet
 */
export function unusualOf(day: Microcredits, before: readonly Microcredits[]): Unusual | undefined {
  const first = before.findIndex((charge) => charge > 0);
  const days = first < 0 ? [] : before.slice(first);
  if (days.length < DAYS_LEAST) return undefined;
  const mean = meanOf(days);
  const deviation = Math.sqrt(meanOf(days.map((charge) => (charge - mean) ** 2)));
  const usual = medianOf(days);
  const limit = Math.max(mean + DEVIATIONS * deviation, 2 * usual);
  if (day <= limit) return undefined;
  return { usual: microcredits(Math.round(usual)), limit: microcredits(Math.round(Math.min(limit, MICROCREDITS_MAX))) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)], sorted[middle]];
  return (low + high) / 2;
}
