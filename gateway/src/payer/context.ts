// One context of a key as it stands: the documents of its organization, workspace and person, or why nobody spends there.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Key } from '../keys/key.ts';
import type { Directory } from '../people/directory.ts';
import type { User, Workspace } from '../people/documents.ts';
import { organizationOf } from '../people/ids.ts';
import { isOnlyWord } from '../people/only-word.ts';
import type { Organizations, OrganizationFacts, Seats } from './organizations.ts';
import type { Payer } from './payer.ts';
import { watchesSeats } from './under-card.ts';

/** A payer without what a rate card says of it. */
export interface Context extends Pick<Payer, 'organization' | 'workspace' | 'user' | 'seat'>, OrganizationFacts {}

const UNSEEN: Seats = { seated: new Map(), people: new Set() };

/** @param workspace its full id, which the key names itself: what is told of it, its owner may know */
export async function openContext(
  directory: Directory,
  organizations: Organizations,
  key: Key,
  workspace: string,
  { first, card }: { first: string; card: RateCard },
): Promise<Context | Refusal> {
  const id = organizationOf(workspace, first);
  const [organization, place, named] = await Promise.all([
    directory.get('organization', id),
    directory.get('workspace', workspace),
    key.user === null ? undefined : directory.get('user', key.user),
  ]);
  if (organization === undefined || place === undefined) return barred(workspace, 'is not there');
  if (organization.body.closedAt !== null || place.body.closedAt !== null) return barred(workspace, 'is closed');
  // In the operator's own organization such a key goes on.
  const isWord = id === first && isOnlyWord(key, named?.body);
  const user = isWord ? undefined : named;
  if (key.user !== null && !isWord) {
    const refused = await barsUser(directory, key, place.body, user?.body);
    if (refused !== undefined) return barred(workspace, refused);
  } else if (place.body.kind === 'personal') return barred(workspace, 'is a personal workspace, and this key is not its user’s');
  const [seat, caps, seats] = await Promise.all([
    user === undefined ? undefined : directory.byLookup('seat', `${id}/${user.body.id}`),
    organizations.capsOf(id),
    watchesSeats(organization.body, card) ? organizations.seatsOf(id) : UNSEEN,
  ]);
  return {
    organization: organization.body,
    workspace: place.body,
    user: user?.body ?? null,
    seat: seat?.body ?? null,
    caps,
    ...seats,
  };
}

async function barsUser(
  directory: Directory,
  { scope }: Key,
  workspace: Workspace,
  user: User | undefined,
): Promise<string | undefined> {
  if (user === undefined || user.erasedAt !== null)
    return 'can not be spent in by the user of this key, who is not there any more';
  if (workspace.kind === 'personal') {
    return workspace.user === user.id ? undefined : 'is a personal workspace, and this key is not its user’s';
  }
  const place = await directory.get('place', `${workspace.id}/${user.id}`);
  if (place === undefined) return `has no place for ${user.id}, whose key this is`;
  // Whoever may only look has had their place changed since the key was made.
  return scope === 'spend' && place.body.role === 'viewer' ? `lets ${user.id}, whose key this is, only look` : undefined;
}

function barred(workspace: string, why: string): Refusal {
  return refusal('scope_insufficient', `The workspace ${workspace} ${why}. Nothing was forwarded.`);
}
