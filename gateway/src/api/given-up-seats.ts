// Seats that are sold or give credits and were given up while a cycle runs, by removal or for another type. What they gave in it was given, so each
// counts among those that a manage key may make until it ends: else one that was sold would give anew to as many as follow each other in it (rule 18).
import type { SeatType } from '@tollgate/shared/rate-card/plan';
import type { Put } from '../ledger/commands.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Organization, Seat } from '../people/documents.ts';

/** Types that are sold or give credits: a manage key makes as many of them as the operator said. */
export function isCounted(type: SeatType | undefined): boolean {
  return type !== undefined && (type.price !== undefined || type.allowance > 0 || type.lifetime > 0);
}

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
  organization: Kept<'organization'>,
  seat: Kept<'seat'>,
  types: ReadonlyMap<string, SeatType>,
  until: number,
  at: number,
): readonly Put[] {
  const counted = [...typesOf(seat.body, at)].filter((type) => isCounted(types.get(type)));
  return isUnused(seat) || counted.length === 0 ? [] : [putCounts(organization, counted, until, at)];
}

/** Whether somebody else in the seat would be given once more what it gives each person once: then it counts as one more of its type. */
export function isAnew(
  before: Kept<'seat'>,
  { type, user }: Pick<Seat, 'type' | 'user'>,
  found: SeatType | undefined,
  at: number,
): boolean {
  const givesOnce = found !== undefined && found.lifetime > 0;
  return givesOnce && user !== null && user !== before.body.user && !isUnused(before) && typesOf(before.body, at).has(type);
}

/** One more of each of these types is given up. */
export function putCounts({ body, version }: Kept<'organization'>, types: readonly string[], until: number, at: number): Put {
  const before = body.seatsGone !== undefined && at < body.seatsGone.until ? body.seatsGone.counts : {};
  const counts = { ...before, ...Object.fromEntries(types.map((type) => [type, (before[type] ?? 0) + 1])) };
  return putOf('organization', body.id, body.id, { ...body, seatsGone: { until, counts } }, { expects: version });
}

/** As it was made, with nobody in it. */
export function isUnused({ body, version }: Kept<'seat'>): boolean {
  return version === 1 && body.user === null;
}
