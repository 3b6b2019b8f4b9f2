// What is made in an organization, of which there may be only so many: it is open, and whoever makes the last one at once with another does
// not get it too.
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { ApiParts } from './route.ts';

/** Read before what is counted. */
export async function openOrganization(
  { directory }: Pick<ApiParts, 'directory'>,
  id: string,
): Promise<Kept<'organization'> | Refusal> {
  const kept = await directory.get('organization', id);
  if (kept !== undefined && kept.body.closedAt === null) return kept;
  return refusal('conflict', `The organization ${id} is closed.`);
}

/** Written with what was counted: where something was made meanwhile, it is counted anew. */
export function lockOf({ body, version }: Kept<'organization'>): Put {
  return putOf('organization', body.id, body.id, body, { expects: version });
}

/** Where people are made: a person's own organization is of one, and each further person would bring the allowance of its plan once more. */
export async function openCompany(api: Pick<ApiParts, 'directory'>, id: string): Promise<Kept<'organization'> | Refusal> {
  const kept = await openOrganization(api, id);
  if (isRefusal(kept) || kept.body.kind === 'company') return kept;
  return refusal('conflict', `${id} is a person's own organization, of one: no other users are made in it.`);
}
