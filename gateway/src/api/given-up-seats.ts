// Seats with a price that were given up while a cycle runs, by removal or for another type. What they gave in it was given, so each counts among
// those that a manage key may make until it ends: else one that was sold would give anew to as many as follow each other in it (rule 18).
import type { SeatType } from '@tollgate/shared/rate-card/plan';
import type { Put } from '../ledger/commands.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Organization, Seat } from '../people/documents.ts';

/** How many of a type count beside those that are there. */
export function givenUp({ seatsGone }: Organization, type: string, at: number): number {
  return seatsGone !== undefined && at < seatsGone.until ? (seatsGone.counts[type] ?? 0) : 0;
}

/** All types that a seat has, or had before in the cycle that runs. */
export function typesOf({ type, had }: Seat, at: number): ReadonlySet<string> {
  return new Set(had !== undefined && at < had.until ? [type, ...had.types] : [type]);
}

/**
 * The seat as it shall be, with the types that it had.
 * @param until the end of the cycle
 */
export function withTypesHad(before: Kept<'seat'>, after: Seat, until: number, at: number): Seat {
  if (after.type === before.body.type || isUnused(before)) return after;
  return { ...after, had: { types: [...typesOf(before.body, at)], until } };
}

/**
 * What is written with the removal of a seat; nothing where it gave nothing.
 * @param until the end of the cycle
 */
export function putGone(
  { body, version }: Kept<'organization'>,
  seat: Kept<'seat'>,
  types: ReadonlyMap<string, SeatType>,
  until: number,
  at: number,
): readonly Put[] {
  const sold = [...typesOf(seat.body, at)].filter((type) => types.get(type)?.price !== undefined);
  if (isUnused(seat) || sold.length === 0) return [];
  const before = body.seatsGone !== undefined && at < body.seatsGone.until ? body.seatsGone.counts : {};
  const counts = { ...before, ...Object.fromEntries(sold.map((type) => [type, (before[type] ?? 0) + 1])) };
  return [putOf('organization', body.id, body.id, { ...body, seatsGone: { until, counts } }, { expects: version })];
}

/** As it was made, with nobody in it. */
function isUnused({ body, version }: Kept<'seat'>): boolean {
  return version === 1 && body.user === null;
}
