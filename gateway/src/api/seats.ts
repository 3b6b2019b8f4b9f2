// Seats: what a person sits in, and so what their plan gives them. Changing or emptying one takes no credits away: what was given stays until
// its period ends, and what is due follows the seats as they are (FEATURES C5, rule 18). What is due is given before a seat changes.
import type { z } from 'zod';
import type { listQuery, seatChange, seatRequest } from '@tollgate/shared/people-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { giveDue, type GiveParts } from '../payer/give-due.ts';
import { poolStanding } from '../payments/pool-standing.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Seat } from '../people/documents.ts';
import { nameOf } from '../people/ids.ts';
import { attempt, auditOf, eventOf, staleFor } from './change.ts';
import { isAnew, putCounts, putGone, withTypesHad } from './given-up-seats.ts';
import { ownId } from './own-id.ts';
import { pageOf } from './page.ts';
import { document, iso, isOperator, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { allowedSeat, seatTypesOf } from './seat-types.ts';
import { userNamed } from './users.ts';

export function makeSeat(api: ApiParts, asking: Asking<unknown, z.output<typeof seatRequest>>): Promise<Answered> {
  const { id: name, type } = asking.body;
  const organization = organizationOf(api, asking);
  const id = `${organization}/${name}`;
  return attempt(api, async () => {
    const user = asking.body.user === undefined ? null : await ownId(api, asking, 'user', asking.body.user);
    const known = await api.directory.get('seat', id);
    if (known !== undefined) {
      const isSame = known.body.type === type && known.body.user === user;
      if (isSame) return made({ seat: showSeat(known), repeated: true }, true, known.version);
      return refusal('conflict', `The seat ${name} exists and is another one. Choose another id, or change it.`, {
        field: 'body.id',
      });
    }
    const allowed = await allowedSeat(api, asking, organization, type);
    if (isRefusal(allowed)) return allowed;
    const taken = await taker(api, asking, organization, user);
    if (taken !== undefined) return taken;
    const seat: Seat = { id, organization, type, user, since: api.gate.ledger.now() };
    return {
      puts: [putSeat(seat, 0), ...allowed],
      audits: [auditOf(asking, organization, 'seat.make', subjectOf(seat), { after: seat })],
      events: [seatEvent(seat, 1)],
      answer: (version) => made({ seat: showSeat({ body: seat, version, at: 0 }), repeated: false }, false, version),
    };
  });
}

export async function listSeats(api: ApiParts, asking: Asking<z.output<typeof listQuery>, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const { after, limit } = asking.query;
  const page = { organization, after: after === undefined ? undefined : `${organization}/${after}`, limit };
  const { found, next } = await pageOf(api.directory, 'seat', page, ({ id }) => id);
  return ok({ seats: found.map(showSeat), next: next === null ? null : nameOf(next) });
}

/** Another type, another user, or nobody. */
export function changeSeat(api: ApiParts, asking: Asking<unknown, z.output<typeof seatChange>>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  return attempt(api, async () => {
    const kept = await ownSeat(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    const { type = body.type, user: named = body.user } = asking.body;
    const user = named === null ? null : await ownId(api, asking, 'user', named);
    if (type === body.type && user === body.user) return document({ seat: showSeat(kept) }, version);
    const anew = await countedAnew(api, asking, kept, { type, user });
    const counted = anew.length > 0 ? {} : { seat: body.id };
    const isAsked = type !== body.type || anew.length > 0;
    const allowed = isAsked ? await allowedSeat(api, asking, organization, type, counted) : [];
    if (isRefusal(allowed)) return allowed;
    const taken = user === body.user ? undefined : await taker(api, asking, organization, user);
    if (taken !== undefined) return taken;
    await giveDue(partsOf(api), body);
    const after = await changedSeat(api, asking, kept, { type, user });
    return {
      puts: [putSeat(after, version), ...(anew.length > 0 ? anew : allowed)],
      audits: [auditOf(asking, organization, 'seat.change', subjectOf(body), { before: body, after })],
      events: [seatEvent(after, version + 1)],
      answer: (next) => document({ seat: showSeat({ body: after, version: next, at: 0 }) }, next),
    };
  });
}

/** The seat is gone and its id with it; who sat in it keeps what they were given. */
export function removeSeat(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownSeat(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const stale = staleFor(asking, version);
    if (stale !== undefined) return stale;
    await giveDue(partsOf(api), body);
    return {
      puts: [putOf('seat', body.id, body.organization, null, { expects: version }), ...(await removed(api, asking, kept))],
      audits: [auditOf(asking, body.organization, 'seat.remove', subjectOf(body), { before: body })],
      events: [seatEvent({ ...body, user: null }, version + 1)],
      answer: () => ok({ gone: nameOf(body.id) }),
    };
  });
}

/** An operator gives one free by their own word. */
async function changedSeat(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  before: Kept<'seat'>,
  wanted: Pick<Seat, 'type' | 'user'>,
): Promise<Seat> {
  const at = api.gate.ledger.now();
  const after: Seat = { ...before.body, ...wanted, since: at };
  const organization = isOperator(asking) ? undefined : await api.directory.get('organization', after.organization);
  return organization === undefined
    ? after
    : withTypesHad(before, after, poolStanding(api.payments, organization.body).cycle.until, at);
}

/** What notes that the seat gives once more what it gives each person once. Read before what is counted, so that nothing is counted twice. */
async function countedAnew(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  before: Kept<'seat'>,
  wanted: Pick<Seat, 'type' | 'user'>,
): Promise<readonly Put[]> {
  const organization = isOperator(asking) ? undefined : await api.directory.get('organization', before.body.organization);
  if (organization === undefined) return [];
  const at = api.gate.ledger.now();
  if (!isAnew(before, wanted, seatTypesOf(api, organization.body).get(wanted.type), at)) return [];
  return [putCounts(organization, [wanted.type], poolStanding(api.payments, organization.body).cycle.until, at)];
}

async function removed(api: ApiParts, asking: Asking<unknown, unknown>, seat: Kept<'seat'>): Promise<readonly Put[]> {
  const organization = isOperator(asking) ? undefined : await api.directory.get('organization', seat.body.organization);
  if (organization === undefined) return [];
  const { until } = poolStanding(api.payments, organization.body).cycle;
  return putGone(organization, seat, seatTypesOf(api, organization.body), until, api.gate.ledger.now());
}

/** What gives people what they are due. */
function partsOf({ gate, directory, cards }: ApiParts): GiveParts {
  return { ledger: gate.ledger, directory, card: () => cards.current().card };
}

export function putSeat(seat: Seat, expects: number): Put {
  const lookup = seat.user === null ? null : `${seat.organization}/${seat.user}`;
  return putOf('seat', seat.id, seat.organization, seat, { expects, lookup });
}

export function seatEvent({ id, organization, type, user }: Seat, version: number): ReturnType<typeof eventOf> {
  return eventOf('seat.changed', { kind: 'seat', id, version }, { organization }, { seat: nameOf(id), type, user });
}

/** A user sits in one seat of an organization. */
async function taker(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  organization: string,
  user: string | null,
): Promise<Refusal | undefined> {
  if (user === null) return undefined;
  const found = await userNamed(api, asking, user);
  if (found === undefined || found.body.erasedAt !== null) {
    return refusal('input_invalid', `body.user: there is no user ${user} in this organization.`, { field: 'body.user' });
  }
  const sits = await api.directory.byLookup('seat', `${organization}/${user}`);
  if (sits === undefined) return undefined;
  return refusal('conflict', `${user} sits in the seat ${nameOf(sits.body.id)} already. Empty that one first.`, {
    field: 'body.user',
  });
}

async function ownSeat(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'seat'> | Refusal> {
  const name = asking.params['seat'] ?? '';
  const kept = await api.directory.get('seat', `${organizationOf(api, asking)}/${name}`);
  return kept ?? refusal('not_found', `There is no seat ${name} in this organization.`);
}

export function subjectOf({ id }: Pick<Seat, 'id'>): { kind: string; id: string } {
  return { kind: 'seat', id };
}

function showSeat({ body, version }: Kept<'seat'>): object {
  const { organization, id, type, user, since } = body;
  return { organization, id: nameOf(id), type, user, since: iso(since), version };
}
