import type { JSX } from 'preact';
import { showDay, showMoment, showUtc } from './show-time.ts';

/** A time in the viewer's zone; UTC on hover. `day` leaves the hours out. */
export function Moment({ at, day = false }: { at: number | string; day?: boolean }): JSX.Element {
  const time = new Date(at);
  return (
    <time dateTime={Number.isNaN(time.getTime()) ? undefined : time.toISOString()} title={showUtc(at)}>
      {day ? showDay(at) : showMoment(at)}
    </time>
  );
}
