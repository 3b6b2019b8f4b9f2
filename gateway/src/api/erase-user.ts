// DELETE users/{user}: the person goes, what they used stays in the sums under their id (FEATURES H13). Names and addresses are kept in the
// documents alone, never in the audit or the books, so that this is all there is to forget.
import { refusal, type Refusal } from '../call/refuse.ts';
import type { PutCommand } from '../ledger/commands.ts';
import { endThere } from '../payments/payment-method.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Documents, User } from '../people/documents.ts';
import { eachOf } from '../people/each-of.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { keyEvent, putKey } from './keys.ts';
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
    const theirs = await everythingOf(api, body.id);
    const elsewhere = elsewhereOf(theirs, body);
    if (elsewhere !== undefined && !isOperator(asking)) return elsewhere;
    for (const { body: workspace } of theirs.workspaces) {
      const open = await api.store.openHolds(workspace.id);
      if (open > 0)
        return refusal('conflict', `${open} calls are held in the workspace ${workspace.id} now. Erase when they have ended.`);
    }
    const at = api.gate.ledger.now();
    const after: User = { ...body, name: '', email: null, erasedAt: at };
    const { puts, events } = forgetting(theirs, at, api.now());
    return {
      puts: [putUser(after, version), ...puts],
      audits: [auditOf(asking, body.organization, 'user.erase', subjectOf(body))],
      events,
      answer: async () => {
        await Promise.all(theirs.organizations.map((own) => endThere(api.payments, own.body.paymentMethod)));
        return ok({ id: body.id, erasedAt: iso(at) });
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

/** Who is somebody elsewhere too is the operator's to erase: no organization ends what belongs to another. */
function elsewhereOf({ places, seats, keys, workspaces }: Theirs, { id, organization }: User): Refusal | undefined {
  const isHere = [...places, ...seats, ...keys, ...workspaces].every(({ body }) => body.organization === organization);
  return isHere
    ? undefined
    : refusal('conflict', `${id} is in other organizations too, so that only the operator can erase them.`);
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
