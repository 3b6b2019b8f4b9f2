// Seats with a price that were given up while a cycle runs, by removal or for another type. What they gave in it was given, so each counts among
// those that a manage key may make until it ends: else one that was sold would give anew to as many as follow each other in it (rule 18).
import { cycleAt } from '@tollgate/shared/cycle';
import type { SeatType } from '@tollgate/shared/rate-card/plan';
import type { Put } from '../ledger/commands.ts';
import { organizationAt } from '../people/change-plan.ts';
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

/** The seat as it shall be, with the types that it had. */
export function withTypesHad(before: Kept<'seat'>, after: Seat, organization: Organization, at: number): Seat {
  const until = cycleEnd(organization, at);
  if (until === undefined || after.type === before.body.type || isUnused(before)) return after;
  return { ...after, had: { types: [...typesOf(before.body, at)], until } };
}

/** What is written with the removal of a seat; nothing where it gave nothing. */
export function putGone(
  { body, version }: Kept<'organization'>,
  seat: Kept<'seat'>,
  types: ReadonlyMap<string, SeatType>,
  at: number,
): readonly Put[] {
  const until = cycleEnd(body, at);
  const sold = [...typesOf(seat.body, at)].filter((type) => types.get(type)?.price !== undefined);
  if (until === undefined || isUnused(seat) || sold.length === 0) return [];
  const before = body.seatsGone !== undefined && at < body.seatsGone.until ? body.seatsGone.counts : {};
  const counts = { ...before, ...Object.fromEntries(sold.map((type) => [type, (before[type] ?? 0) + 1])) };
  return [putOf('organization', body.id, body.id, { ...body, seatsGone: { until, counts } }, { expects: version })];
}

/** Without a cycle nothing is given in one. */
function cycleEnd(organization: Organization, at: number): number | undefined {
  const { cycle } = organizationAt(organization, at);
  return cycle === null ? undefined : cycleAt(cycle, at).until;
}

/** As it was made, with nobody in it. */
function isUnused({ body, version }: Kept<'seat'>): boolean {
  return version === 1 && body.user === null;
}
