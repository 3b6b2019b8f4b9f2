// The day that a calendar on the wall shows: `2026-11-20`.
import { Temporal } from 'temporal-polyfill';

/**
 * @param zone an IANA zone
 * @param at epoch milliseconds
 */
export function localDate(zone: string, at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}
