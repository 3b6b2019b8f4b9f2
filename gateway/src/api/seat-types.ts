// Which seats may be made: types are the plan's. A type with a price is sold, and so a manage key makes as many of it as the operator said.
import type { SeatType } from '@tollgate/shared/rate-card/plan';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { organizationAt } from '../people/change-plan.ts';
import type { Organization } from '../people/documents.ts';
import { givenUp, typesOf } from './given-up-seats.ts';
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
  if (isOperator(asking) || found.price === undefined) return [];
  const most = kept.body.seatsMost?.[type] ?? 0;
  const seats = await everyOf(api.directory, 'seat', { organization }, ({ id }) => id);
  const at = api.gate.ledger.now();
  const there = seats.filter(({ body }) => body.id !== seat && typesOf(body, at).has(type)).length + givenUp(kept.body, type, at);
  if (there + more > most) {
    const message = `Seats of type ${type} have a price, and the operator let ${organization} make ${most}; ${there} are there, or were in this cycle.`;
    return refusal('scope_insufficient', message, { field: 'body.type' });
  }
  return [lockOf(kept)];
}

/** Of the plan that it has, and of the one that is to come: seats are changed before it comes. */
export function seatTypesOf(
  { cards, gate }: Pick<ApiParts, 'cards' | 'gate'>,
  organization: Organization,
): ReadonlyMap<string, SeatType> {
  const { plan, next } = organizationAt(organization, gate.ledger.now());
  const { plans } = cards.current().card;
  const types = [plan, next?.plan].flatMap((name) => [...(plans.get(name ?? '')?.seats ?? [])]);
  // A plan without `seats:` has one unnamed type that everyone sits in.
  return new Map(types.filter(([name]) => name !== ''));
}
