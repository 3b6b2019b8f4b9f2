// What the key of a browser may see: never more than who lets it in, and only ever a `view` key. Decided when the code is made and again when
// it is claimed, so that rights that were lost meanwhile are lost for it too.
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Key } from '../keys/key.ts';
import type { Pairing } from '../people/documents.ts';
import { nameOf } from '../people/ids.ts';
import { isOnlyWord } from '../people/only-word.ts';
import { keyNow } from './key-now.ts';
import type { ApiParts } from './route.ts';
import { placesOf } from './visible-user.ts';

/** The members of a key that decide what it sees. */
export type Sight = Pick<Key, 'organization' | 'workspace' | 'contexts' | 'user' | 'service' | 'sees' | 'labels' | 'expiresAt'>;

// As many as a key that is made by hand can have, and the one that it begins in.
const CONTEXTS_MOST = 50;

/**
 * @param by the key that asks, as it stands in the directory
 * @param asked whose browser, and where: `<organization>/<name>`, or null for wherever they are
 * @returns the refusal that says what is not given
 */
export async function sightOf(
  api: Pick<ApiParts, 'directory' | 'gate'>,
  by: Key,
  { organization, user, workspace }: Pick<Pairing, 'organization' | 'user' | 'workspace'>,
): Promise<Sight | Refusal> {
  const now = await keyNow(api.directory, by);
  if ('refused' in now) return now;
  const isOwn = by.scope === 'spend' || by.scope === 'view';
  if (by.paired === true)
    return refusal(
      'scope_insufficient',
      "This is a browser's own key, which lets no other one in. Pair that one as you did this one.",
    );
  if (by.scope === 'spend' && by.user === null) {
    const message = `This key belongs to no user: it sees its own calls, and a browser would see all of ${nameOf(by.workspace)}. A user's key, or one that manages, can pair.`;
    return refusal('scope_insufficient', message);
  }
  if (isOwn && user !== by.user) {
    const own = by.user === null ? 'belongs to no user' : `belongs to ${by.user}`;
    return forbidden(`This key ${own}, and so lets in nobody else's browser.`, 'body.user');
  }
  if (user === null && workspace !== null && (await isPersonal(api, workspace))) {
    const message = `The workspace ${nameOf(workspace)} is personal: a browser in it is its own user's, so name them.`;
    return refusal('input_invalid', message, { field: 'body.user' });
  }
  const mine = await openOnes(api, [now.workspace, ...now.contexts], organization);
  if (isOwn && workspace !== null && !mine.includes(workspace)) {
    const known = mine.map(nameOf);
    return forbidden(
      `This key has no context ${nameOf(workspace)}; it has: ${known.join(', ') || 'none that is open'}.`,
      'body.workspace',
    );
  }
  const seesAll = user === null || (by.scope === 'view' && now.sees !== 'self');
  // Who sees a whole workspace through a key sees no further ones through the next.
  const there = seesAll && isOwn ? mine : await placesFor(api, by, { organization, user, workspace }, mine);
  const start = workspace ?? (there.includes(now.workspace) ? now.workspace : there[0]);
  if (start === undefined || !there.includes(start)) {
    const where = start === undefined ? organization : nameOf(start);
    const message = user === null ? `There is no open workspace ${where}.` : `${user} has no place in ${where}.`;
    return refusal('input_invalid', message, { field: start === undefined || user !== null ? 'body.user' : 'body.workspace' });
  }
  return {
    organization,
    workspace: start,
    contexts: there.filter((one) => one !== start).slice(0, CONTEXTS_MOST),
    user,
    service: isOwn ? by.service : null,
    sees: seesAll ? 'workspace' : 'self',
    // So that it shows the prices that are theirs (rule 16). A key for an hour lets nobody in for longer.
    labels: isOwn ? by.labels : {},
    expiresAt: isOwn ? by.expiresAt : null,
  };
}

async function placesFor(
  api: Pick<ApiParts, 'directory'>,
  by: Key,
  { organization, user, workspace }: Pick<Pairing, 'organization' | 'user' | 'workspace'>,
  mine: readonly string[],
): Promise<readonly string[]> {
  if (user === null) return workspace === null ? [] : openOnes(api, [workspace], organization);
  const known = (await api.directory.get('user', user))?.body;
  if (user === by.user && isOnlyWord(by, known)) return mine;
  if (known === undefined || known.erasedAt !== null) return [];
  const places = await placesOf(api, organization, user);
  return openOnes(
    api,
    places.map((place) => place.workspace),
    organization,
  );
}

/** Those workspaces of an organization that are not closed, nor the organization itself. */
async function openOnes(
  { directory }: Pick<ApiParts, 'directory'>,
  workspaces: readonly string[],
  organization: string,
): Promise<readonly string[]> {
  const [kept, ...found] = await Promise.all([
    directory.get('organization', organization),
    ...workspaces.map((id) => directory.get('workspace', id)),
  ]);
  if (kept === undefined || kept.body.closedAt !== null) return [];
  return found.flatMap((one) =>
    one !== undefined && one.body.closedAt === null && one.body.organization === organization ? [one.body.id] : [],
  );
}

/** It takes keys of its own user alone, whoever makes them. */
async function isPersonal({ directory }: Pick<ApiParts, 'directory'>, workspace: string): Promise<boolean> {
  return (await directory.get('workspace', workspace))?.body.kind === 'personal';
}

function forbidden(message: string, field: string): Refusal {
  return refusal('scope_insufficient', message, { field });
}
