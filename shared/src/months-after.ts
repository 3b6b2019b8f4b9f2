// Calendar months in somebody's zone: how long what was bought lasts.
import { Temporal } from 'temporal-polyfill';

/**
 * The same time of the local day so many months on, clamped to the month: a package of one month that was bought on 31 January ends on the
 * last day of February. A time that a zone skips is put forward by what was skipped.
 * @param at epoch milliseconds
 * @param zone an IANA zone, as checked by `isTimeZone`
 */
export function monthsAfter(at: number, months: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).add({ months }).epochMilliseconds;
}
