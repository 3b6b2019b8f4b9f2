// Users of an organization: made, read, renamed. How they are erased is in erase-user.ts, how many come at once in import-users.ts.
import { createHmac, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { listQuery, userChange, userRequest } from '@tollgate/shared/people-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Place, Seat, User } from '../people/documents.ts';
import { nameOf, workspaceId } from '../people/ids.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { openCompany } from './open-organization.ts';
import { newId, ownId } from './own-id.ts';
import { everyOf } from './page.ts';
import { document, isoOrNull, isOperator, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { allowedUsers } from './seat-types.ts';
import { placesOf, visibleUser } from './visible-user.ts';

type Request = z.output<typeof userRequest>;

/** A repeat finds the user by the address, or by the id, and makes nothing. */
export function makeUser(api: ApiParts, asking: Asking<unknown, Request>): Promise<Answered> {
  const { name, email = null, workspace, role } = asking.body;
  const organization = organizationOf(api, asking);
  const madeUp = newUserId();
  return attempt(api, async () => {
    const chosen = asking.body.id === undefined ? undefined : await newId(api, asking, 'user', asking.body.id);
    if (isRefusal(chosen)) return chosen;
    const id = chosen ?? madeUp;
    if (chosen === undefined && email === null)
      return wrong('body.email', 'an address or an id says who it is, so that a repeat makes nobody twice');
    const user = newUser(api, { id, organization, name, email });
    const known = await knownAs(api, user);
    if (known !== undefined) {
      const { body } = known;
      const isSame =
        body.organization === organization &&
        (chosen === undefined || body.id === chosen) &&
        body.email === email &&
        body.name === name;
      if (isSame) return made({ user: await showUser(api, organization, known), repeated: true }, true, known.version);
      return refusal('conflict', 'A user with this id or address exists and is another one.', { field: 'body.id' });
    }
    const company = await openCompany(api, organization);
    if ('refused' in company) return company;
    const allowed = await allowedUsers(api, asking, company);
    if (isRefusal(allowed)) return allowed;
    const place = workspace === undefined ? undefined : await newPlace(api, organization, workspace, id, role);
    if (place !== undefined && 'refused' in place) return place;
    return {
      puts: [putUser(user, 0), ...(place === undefined ? [] : [putPlace(place)]), ...allowed],
      audits: [auditOf(asking, organization, 'user.make', subjectOf(user), { after: { organization, place: place ?? null } })],
      answer: async (version) =>
        made({ user: await showUser(api, organization, { body: user, version, at: 0 }), repeated: false }, false, version),
    };
  });
}

/** Those whose people they are, and guests: users of other organizations with a place or a seat here. Not those who were erased. */
export async function listUsers(api: ApiParts, asking: Asking<z.output<typeof listQuery>, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const { after = '', limit } = asking.query;
  const [own, places, seats] = await Promise.all([
    everyOf(api.directory, 'user', { organization }, ({ id }) => id),
    everyOf(api.directory, 'place', { organization }, placeId),
    everyOf(api.directory, 'seat', { organization }, ({ id }) => id),
  ]);
  const known = new Map(own.map((kept) => [kept.body.id, kept]));
  const placesBy = Map.groupBy(
    places.map(({ body }) => body),
    ({ user }) => user,
  );
  const seatBy = new Map(seats.map(({ body }) => [body.user ?? '', body]));
  const wanted = [...new Set([...known.keys(), ...placesBy.keys(), ...seatBy.keys()])]
    .filter((id) => id > after && (known.get(id)?.body.erasedAt ?? null) === null)
    .sort();
  const ids = wanted.slice(0, limit);
  // Guests are the few that are not read yet.
  const page = await Promise.all(ids.map(async (id) => known.get(id) ?? api.directory.get('user', id)));
  const shown = page.flatMap((kept) => {
    if (kept === undefined || kept.body.erasedAt !== null) return [];
    return shownUser(kept, placesBy.get(kept.body.id) ?? [], seatBy.get(kept.body.id));
  });
  return ok({ users: shown, next: wanted.length > limit ? (ids.at(-1) ?? null) : null });
}

export async function readUser(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const kept = await askedUser(api, asking);
  return 'refused' in kept ? kept : document({ user: await showUser(api, organization, kept) }, kept.version);
}

export function renameUser(api: ApiParts, asking: Asking<unknown, z.output<typeof userChange>>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  return attempt(api, async () => {
    const kept = await askedUser(api, asking);
    if ('refused' in kept) return kept;
    const { body, version } = kept;
    const barred = staleFor(asking, version) ?? notTheirs(asking, organization, body);
    if (barred !== undefined) return barred;
    if (body.erasedAt !== null) return refusal('conflict', `The user ${body.id} was erased.`);
    if (body.name === asking.body.name) return document({ user: await showUser(api, organization, kept) }, version);
    const after = { ...body, name: asking.body.name };
    return {
      puts: [putUser(after, version)],
      audits: [auditOf(asking, organization, 'user.rename', subjectOf(body))],
      answer: async (next) => document({ user: await showUser(api, organization, { body: after, version: next, at: 0 }) }, next),
    };
  });
}

export function newUserId(): string {
  return `u-${randomBytes(6).toString('hex')}`;
}

/** Who they are is their address; an HMAC, so that it says nothing once the address is erased (FEATURES H13, rule 18). */
export function newUser({ config }: ApiParts, user: Pick<User, 'id' | 'organization' | 'name' | 'email'>): User {
  const who = user.email === null ? `id ${user.id}` : `email ${user.email.toLowerCase()}`;
  return { ...user, identity: createHmac('sha256', config.secret).update(`identity ${who}`).digest('hex'), erasedAt: null };
}

/** The one that a new user would be a repeat of, among the people of the same organization; an id is taken wherever it is. */
export async function knownAs({ directory }: ApiParts, user: User): Promise<Kept<'user'> | undefined> {
  return (await directory.byLookup('user', lookupOf(user))) ?? (await directory.get('user', user.id));
}

export function putUser(user: User, expects: number): ReturnType<typeof putOf> {
  const lookup = user.erasedAt === null ? lookupOf(user) : null;
  return putOf('user', user.id, user.organization, user, { expects, lookup });
}

// Each organization has its own people: that another one has the same person is not its business.
function lookupOf({ organization, identity }: User): string {
  return `${organization}/${identity}`;
}

/** The user of the path, if they are of the organization that is asked for. */
export async function askedUser(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'user'> | Refusal> {
  const id = asking.params['user'] ?? '';
  const kept = await userNamed(api, asking, id);
  return kept ?? refusal('not_found', `There is no user ${id} in this organization.`);
}

/** Somebody whom a request names: for a manage key only who may be seen there. */
export async function userNamed(api: ApiParts, asking: Asking<unknown, unknown>, id: string): Promise<Kept<'user'> | undefined> {
  if (isOperator(asking)) return api.directory.get('user', id);
  return visibleUser(api, organizationOf(api, asking), await ownId(api, asking, 'user', id));
}

/** A guest's name is their own organization's to change. */
export function notTheirs(asking: Asking<unknown, unknown>, organization: string, user: User): Refusal | undefined {
  if (isOperator(asking) || user.organization === organization) return undefined;
  return refusal(
    'scope_insufficient',
    `${user.id} is a guest here: only their own organization or the operator may change them.`,
  );
}

/** A place to be, or why it can not be. */
export async function newPlace(
  { directory }: ApiParts,
  organization: string,
  workspace: string,
  user: string,
  role: Place['role'],
): Promise<Place | Refusal> {
  const id = workspaceId(organization, workspace);
  const found = await directory.get('workspace', id);
  if (found === undefined) return wrong('body.workspace', `there is no workspace ${workspace} in this organization`);
  if (found.body.closedAt !== null) return wrong('body.workspace', `the workspace ${workspace} is closed`);
  if (found.body.kind === 'personal' && found.body.user !== user) {
    return wrong('body.workspace', `the workspace ${workspace} is personal, and its user's alone`);
  }
  return { workspace: id, organization, user, role };
}

export function putPlace(place: Place): ReturnType<typeof putOf> {
  return putOf('place', placeId(place), place.organization, place);
}

export function placeId({ workspace, user }: Place): string {
  return `${workspace}/${user}`;
}

function wrong(field: string, why: string): Refusal {
  return refusal('input_invalid', `${field}: ${why}.`, { field });
}

export function subjectOf({ id }: User): { kind: string; id: string } {
  return { kind: 'user', id };
}

export async function showUser(api: ApiParts, organization: string, kept: Kept<'user'>): Promise<object> {
  const [places, seat] = await Promise.all([
    placesOf(api, organization, kept.body.id),
    api.directory.byLookup('seat', `${organization}/${kept.body.id}`),
  ]);
  return shownUser(kept, places, seat?.body);
}

function shownUser({ body, version }: Kept<'user'>, places: readonly Place[], seat: Seat | undefined): object {
  const { id, organization, name, email, erasedAt } = body;
  return {
    id,
    organization,
    name,
    email,
    places: places.map(({ workspace, role }) => ({ workspace: nameOf(workspace), role })),
    seat: seat === undefined ? null : { id: nameOf(seat.id), type: seat.type },
    erasedAt: isoOrNull(erasedAt),
    version,
  };
}
