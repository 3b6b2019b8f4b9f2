// Workspaces that nobody owns any more: allowed, as an operator or a manage key can name another owner, and worth a word.
import type { Kept } from '../people/directory.ts';
import { eachOf } from '../people/each-of.ts';
import { placeId } from './users.ts';
import type { ApiParts } from './route.ts';

/**
 * What to say where these places are taken away: of each workspace that loses its last owner. Personal ones go with their user.
 * @returns nothing where there is nothing to say
 */
export async function ownerlessNote({ directory }: ApiParts, taken: readonly Kept<'place'>[]): Promise<{ note?: string }> {
  const ownerless: string[] = [];
  for (const { body: place } of taken.filter(({ body }) => body.role === 'owner')) {
    const workspace = await directory.get('workspace', place.workspace);
    if (workspace === undefined || workspace.body.kind === 'personal' || workspace.body.closedAt !== null) continue;
    let others = 0;
    await eachOf(directory, 'place', { prefix: `${place.workspace}/` }, (other) => {
      if (other.role === 'owner' && other.user !== place.user) others += 1;
      return placeId(other);
    });
    if (others === 0) ownerless.push(place.workspace);
  }
  if (ownerless.length === 0) return {};
  const named = ownerless.join(', ');
  return {
    note: `The workspace${ownerless.length === 1 ? '' : 's'} ${named} ${ownerless.length === 1 ? 'has' : 'have'} no owner any more.`,
  };
}
