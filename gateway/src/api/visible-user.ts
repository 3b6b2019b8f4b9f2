// Whom an organization sees: its own people and its guests.
import type { Kept } from '../people/directory.ts';
import type { Place } from '../people/documents.ts';
import { everyOf } from './page.ts';
import type { ApiParts } from './route.ts';

/** Of the organization's own people who were not erased, or with a place or a seat in it. */
export async function visibleUser(
  { directory }: Pick<ApiParts, 'directory'>,
  organization: string,
  id: string,
): Promise<Kept<'user'> | undefined> {
  const kept = await directory.get('user', id);
  // Whoever was erased, or went on elsewhere, is there no more: neither can be told from the other.
  if (kept === undefined || kept.body.erasedAt !== null) return undefined;
  if (kept.body.organization === organization) return kept;
  if ((await directory.byLookup('seat', `${organization}/${id}`)) !== undefined) return kept;
  return (await placesOf({ directory }, organization, id)).length > 0 ? kept : undefined;
}

export async function placesOf(
  { directory }: Pick<ApiParts, 'directory'>,
  organization: string,
  user: string,
): Promise<readonly Place[]> {
  const workspaces = await everyOf(directory, 'workspace', { organization }, ({ id }) => id);
  const found = await Promise.all(workspaces.map(({ body }) => directory.get('place', `${body.id}/${user}`)));
  return found.flatMap((kept) => kept?.body ?? []);
}
