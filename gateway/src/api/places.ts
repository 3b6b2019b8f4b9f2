// Places: who is in a workspace, with which role. Their keys spend and see there as long as they have one.
import type { z } from 'zod';
import type { listQuery, placeRequest } from '@tollgate/shared/people-contract';
import { refusal } from '../call/refuse.ts';
import { putOf, type Kept } from '../people/directory.ts';
import { nameOf } from '../people/ids.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { ownerlessNote } from './last-owner.ts';
import { ownId } from './own-id.ts';
import { pageOf } from './page.ts';
import { document, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { askedUser, newPlace, placeId } from './users.ts';
import { ownWorkspace } from './workspaces.ts';

export async function listPlaces(api: ApiParts, asking: Asking<z.output<typeof listQuery>, unknown>): Promise<Answered> {
  const workspace = await ownWorkspace(api, asking);
  if ('refused' in workspace) return workspace;
  const prefix = `${workspace.body.id}/`;
  const { after, limit } = asking.query;
  const page = { prefix, after: after === undefined ? undefined : `${prefix}${after}`, limit };
  const { found, next } = await pageOf(api.directory, 'place', page, placeId);
  return ok({ places: found.map(showPlace), next: next === null ? null : next.slice(prefix.length) });
}

/** Gives a user a place, or another role in it. */
export function putPlaceOf(api: ApiParts, asking: Asking<unknown, z.output<typeof placeRequest>>): Promise<Answered> {
  const { role } = asking.body;
  return attempt(api, async () => {
    const workspace = await ownWorkspace(api, asking);
    if ('refused' in workspace) return workspace;
    const user = await askedUser(api, asking);
    if ('refused' in user) return user;
    const { id, organization, name, kind } = workspace.body;
    if (user.body.erasedAt !== null) return refusal('conflict', `The user ${user.body.id} was erased.`);
    if (workspace.body.closedAt !== null) return refusal('conflict', `The workspace ${name} is closed.`);
    if (kind === 'personal')
      return refusal('conflict', `The workspace ${name} is personal: its user is its owner, and nobody else is in it.`);
    const known = await api.directory.get('place', `${id}/${user.body.id}`);
    const stale = known === undefined ? undefined : staleFor(asking, known.version);
    if (stale !== undefined) return stale;
    if (known?.body.role === role) return document({ place: showPlace(known) }, known.version);
    const place = await newPlace(api, organization, name, user.body.id, role);
    if ('refused' in place) return place;
    return {
      // One that was taken away once has a version still.
      puts: [putOf('place', placeId(place), organization, place, { expects: known?.version ?? null })],
      audits: [
        auditOf(asking, organization, 'place.put', subjectOf(placeId(place)), { before: known?.body ?? null, after: place }),
      ],
      answer: (version) => made({ place: showPlace({ body: place, version, at: 0 }) }, known !== undefined, version),
    };
  });
}

/** Their keys spend there no more. Credits that are theirs stay theirs (FEATURES C5). */
export function takePlace(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const workspace = await ownWorkspace(api, asking);
    if ('refused' in workspace) return workspace;
    const user = await ownId(api, asking, 'user', asking.params['user'] ?? '');
    const { id, name, kind } = workspace.body;
    const known = await api.directory.get('place', `${id}/${user}`);
    if (known === undefined) return refusal('not_found', `There is no user ${user} in the workspace ${name}.`);
    const stale = staleFor(asking, known.version);
    if (stale !== undefined) return stale;
    if (kind === 'personal')
      return refusal('conflict', `The workspace ${name} is personal and stays its user's. Close it instead.`);
    const note = await ownerlessNote(api, [known]);
    return {
      puts: [putOf('place', placeId(known.body), organizationOf(api, asking), null, { expects: known.version })],
      audits: [auditOf(asking, known.body.organization, 'place.take', subjectOf(placeId(known.body)), { before: known.body })],
      answer: () => ok({ gone: user, ...note }),
    };
  });
}

function subjectOf(id: string): { kind: string; id: string } {
  return { kind: 'place', id };
}

function showPlace({ body, version }: Kept<'place'>): object {
  const { organization, workspace, user, role } = body;
  return { organization, workspace: nameOf(workspace), user, role, version };
}
