// DELETE users/{user}: the person goes, what they used stays in the sums under their id (FEATURES H13). Names and addresses are kept in the
// documents alone, never in the audit or the books, so that this is all there is to forget.
import { refusal } from '../call/refuse.ts';
import type { Put, PutCommand } from '../ledger/commands.ts';
import { endThere } from '../payments/payment-method.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Documents, User } from '../people/documents.ts';
import { eachOf } from '../people/each-of.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { keyEvent, putKey } from './keys.ts';
import { ownerlessNote } from './last-owner.ts';
import { iso, isOperator, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { putSeat, seatEvent } from './seats.ts';
import { askedUser, notTheirs, placeId, putUser, subjectOf } from './users.ts';

/**
 * Revokes their keys, empties their places and seats, closes what is theirs alone, and forgets name, address and payment method. What stays is
 * the id, and the HMAC of the address, so that a lifetime allowance is not given to the same person again.
 */
export function eraseUser(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await askedUser(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const barred = staleFor(asking, version) ?? notTheirs(asking, organizationOf(api, asking), body);
    if (barred !== undefined) return barred;
    if (body.erasedAt !== null) return ok({ id: body.id, erasedAt: iso(body.erasedAt) });
    const everything = await everythingOf(api, body.id);
    const home = isOperator(asking) ? undefined : homeElsewhere(everything, body);
    const theirs = home === undefined ? everything : within(everything, body.organization);
    for (const { body: workspace } of theirs.workspaces) {
      const open = await api.store.openHolds(workspace.id);
      if (open > 0)
        return refusal('conflict', `${open} calls are held in the workspace ${workspace.id} now. Erase when they have ended.`);
    }
    const at = api.gate.ledger.now();
    const after: User = home === undefined ? { ...body, name: '', email: null, erasedAt: at } : { ...body, organization: home };
    const note = await ownerlessNote(api, theirs.places);
    const { puts, events } = forgetting(theirs, at, api.now());
    return {
      puts: [await putLeft(api, after, version), ...puts],
      audits: [auditOf(asking, body.organization, 'user.erase', subjectOf(body))],
      events,
      answer: async () => {
        await Promise.all(theirs.organizations.map((own) => endThere(api.payments, own.body.paymentMethod)));
        return ok({ id: body.id, erasedAt: iso(at), ...note });
      },
    };
  });
}

interface Theirs {
  places: readonly Kept<'place'>[];
  seats: readonly Kept<'seat'>[];
  keys: readonly Kept<'key'>[];
  /** Personal ones. */
  workspaces: readonly Kept<'workspace'>[];
  /** Of one person: theirs. */
  organizations: readonly Kept<'organization'>[];
}

async function everythingOf({ directory }: ApiParts, user: string): Promise<Theirs> {
  const mine = async <K extends 'place' | 'seat' | 'key' | 'workspace'>(
    kind: K,
    idOf: (body: Documents[K]) => string,
  ): Promise<Kept<K>[]> => {
    const found: Kept<K>[] = [];
    await eachOf(directory, kind, {}, (body, kept) => {
      if (body.user === user) found.push(kept);
      return idOf(body);
    });
    return found;
  };
  const places = await mine('place', placeId);
  const seats = await mine('seat', ({ id }) => id);
  const keys = await mine('key', ({ id }) => id);
  const workspaces = await mine('workspace', ({ id }) => id);
  const own = await Promise.all(workspaces.map(({ body }) => directory.get('organization', body.organization)));
  return { places, seats, keys, workspaces, organizations: own.flatMap((kept) => (kept?.body.kind === 'person' ? kept : [])) };
}

/**
 * Where else they are somebody: no organization ends what belongs to another, or learns of it. Who goes from one goes on as one of the other's
 * people, of their own before any other; undefined for somebody who is nowhere else.
 */
function homeElsewhere({ places, seats, keys, workspaces, organizations }: Theirs, { organization }: User): string | undefined {
  const alive = [
    ...organizations.filter(({ body }) => body.closedAt === null).map(({ body }) => body.id),
    ...workspaces.filter(({ body }) => body.closedAt === null).map(({ body }) => body.organization),
    ...[...places, ...seats].map(({ body }) => body.organization),
    ...keys.filter(({ body }) => body.revokedAt === null).map(({ body }) => body.organization),
  ];
  return alive.find((id) => id !== organization);
}

function within({ places, seats, keys, workspaces, organizations }: Theirs, organization: string): Theirs {
  const isHere = ({ body }: { body: { organization: string } }): boolean => body.organization === organization;
  return {
    places: places.filter(isHere),
    seats: seats.filter(isHere),
    keys: keys.filter(isHere),
    workspaces: workspaces.filter(isHere),
    organizations: organizations.filter(({ body }) => body.id === organization),
  };
}

/** Where the other organization has somebody of the same address, they are found by their id alone. */
async function putLeft({ directory }: ApiParts, after: User, version: number): Promise<Put> {
  const put = putUser(after, version);
  const same = put.lookup === null ? undefined : await directory.byLookup('user', put.lookup);
  return same === undefined || same.body.id === after.id ? put : { ...put, lookup: null };
}

/** @param clock the time of day, by which keys are revoked */
function forgetting(
  { places, seats, keys, workspaces, organizations }: Theirs,
  at: number,
  clock: number,
): Pick<PutCommand, 'puts' | 'events'> {
  const emptied = seats.map(({ body, version }) => ({ seat: { ...body, user: null, since: at }, version }));
  const revoked = keys.map(({ body, version }) => ({ key: { ...body, name: '', revokedAt: body.revokedAt ?? clock }, version }));
  return {
    puts: [
      ...places.map(({ body, version }) => putOf('place', placeId(body), body.organization, null, { expects: version })),
      ...emptied.map(({ seat, version }) => putSeat(seat, version)),
      ...revoked.map(({ key, version }) => putKey(key, version)),
      ...workspaces.map(({ body, version }) =>
        putOf('workspace', body.id, body.organization, { ...body, closedAt: body.closedAt ?? at }, { expects: version }),
      ),
      ...organizations.map(({ body, version }) => {
        const closed = { ...body, name: body.id, paymentMethod: null, closedAt: body.closedAt ?? at };
        return putOf('organization', body.id, body.id, closed, { expects: version });
      }),
    ],
    events: [
      ...emptied.map(({ seat, version }) => seatEvent(seat, version + 1)),
      ...revoked.map(({ key, version }) => keyEvent('revoked', key, version + 1)),
    ],
  };
}
