// Which seats may be made, and which users: types are the plan's. A type with a price is sold, and one that gives credits gives them to each who is
// made up, and so a manage key makes as many of it as the operator said.
import type { Plan, SeatType } from '@tollgate/shared/rate-card/plan';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { poolStanding } from '../payments/pool-standing.ts';
import { organizationAt } from '../people/change-plan.ts';
import type { Kept } from '../people/directory.ts';
import type { Organization } from '../people/documents.ts';
import { givenUp, isCounted, typesOf } from './given-up-seats.ts';
import { lockOf, openOrganization } from './open-organization.ts';
import { everyOf } from './page.ts';
import { isOperator, type ApiParts, type Asking } from './route.ts';

/**
 * Whether one more seat of this type may be, or `more`.
 * @param seat the one that comes to be of it, where it is there already
 * @returns what must be written with it, so that two who make the last one at once do not both get it
 */
export async function allowedSeat(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  organization: string,
  type: string,
  { more = 1, seat }: { more?: number; seat?: string } = {},
): Promise<readonly Put[] | Refusal> {
  const kept = await openOrganization(api, organization);
  if (isRefusal(kept)) return kept;
  const types = seatTypesOf(api, kept.body);
  const found = types.get(type);
  const known = [...types.keys()];
  if (found === undefined) {
    const message = `body.type: the plan of ${organization} has no seats of type "${type}"; it has: ${known.join(', ') || 'none'}.`;
    return refusal('input_invalid', message, { field: 'body.type', known });
  }
  if (isOperator(asking) || !isCounted(found)) return [];
  const most = kept.body.seatsMost?.[type] ?? 0;
  const seats = await everyOf(api.directory, 'seat', { organization }, ({ id }) => id);
  const at = api.gate.ledger.now();
  const there = seats.filter(({ body }) => body.id !== seat && typesOf(body, at).has(type)).length + givenUp(kept.body, type, at);
  if (there + more > most) {
    const message = `Seats of type ${type} have a price or give credits, and the operator let ${organization} make ${most} (seatsMost); ${there} are there, or were in this cycle.`;
    return refusal('scope_insufficient', message, { field: 'body.type' });
  }
  return [lockOf(kept)];
}

/**
 * Whether so many more users may be, where the plan gives each of them credits without a seat.
 * @returns what must be written with them
 */
export async function allowedUsers(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  { body, version, at: since }: Kept<'organization'>,
  more = 1,
): Promise<readonly Put[] | Refusal> {
  const at = api.gate.ledger.now();
  if (isOperator(asking) || !plansOf(api, body).some((plan) => isCounted(plan.seats.get('')))) return [];
  const most = body.seatsMost?.[EVERYONE] ?? 0;
  const { from } = poolStanding(api.payments, body).cycle;
  const users = await everyOf(api.directory, 'user', { organization: body.id }, ({ id }) => id);
  const there = users.filter(
    (user) => user.body.erasedAt === null || (user.body.erasedAt >= from && user.body.erasedAt <= at),
  ).length;
  if (there + more <= most) return [lockOf({ body, version, at: since })];
  const message = `The plan gives everyone credits, and the operator let ${body.id} have ${most} users (seatsMost: ${EVERYONE}); ${there} are there, or were in this cycle.`;
  return refusal('scope_insufficient', message, { field: 'body' });
}

/** How `seatsMost` calls the one type of a plan without `seats:`. */
const EVERYONE = 'everyone';

/** Of the plan that it has, and of the one that is to come: seats are changed before it comes. */
export function seatTypesOf(api: Pick<ApiParts, 'cards' | 'gate'>, organization: Organization): ReadonlyMap<string, SeatType> {
  const types = plansOf(api, organization).flatMap(({ seats }) => [...seats]);
  // A plan without `seats:` has one unnamed type that everyone sits in.
  return new Map(types.filter(([name]) => name !== ''));
}

/** What `seatsMost` may name: types of seats, or everyone of a plan that has none. */
export function countedTypesOf(api: Pick<ApiParts, 'cards' | 'gate'>, organization: Organization): readonly string[] {
  const names = plansOf(api, organization).flatMap(({ seats }) => [...seats.keys()]);
  return [...new Set(names.map((name) => (name === '' ? EVERYONE : name)))];
}

function plansOf({ cards, gate }: Pick<ApiParts, 'cards' | 'gate'>, organization: Organization): readonly Plan[] {
  const { plan, next } = organizationAt(organization, gate.ledger.now());
  const { plans } = cards.current().card;
  return [plan, next?.plan].flatMap((name) => plans.get(name ?? '') ?? []);
}
