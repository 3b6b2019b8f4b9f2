// A user's key as it counts now: what it sees and manages follows the places of its user, so that a role that was taken back, or a place, is so for
// keys from before too. What it spends is the payer's to know.
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Key } from '../keys/key.ts';
import type { Directory } from '../people/directory.ts';
import { isOnlyWord } from '../people/only-word.ts';

/** @returns the key with the workspaces that its user has places in, and no wider sight than their roles; or 403 where nothing of it is left */
export async function keyNow(directory: Directory, key: Key): Promise<Key | Refusal> {
  const { user, scope } = key;
  if (user === null || scope === 'spend' || scope === 'operate') return key;
  const known = await directory.get('user', user);
  // It says nothing of places.
  if (isOnlyWord(key, known?.body)) return key;
  const named = [key.workspace, ...key.contexts];
  const places = await Promise.all(named.map((workspace) => directory.get('place', `${workspace}/${user}`)));
  const there = places.flatMap((place) => place?.body ?? []);
  if (scope === 'manage') {
    if (there.some(({ workspace, role }) => workspace === key.workspace && role === 'owner')) return key;
    return refusal('scope_insufficient', `This key manages ${key.organization} for ${user}, who is no owner there any more.`);
  }
  const [first, ...rest] = there;
  if (first === undefined)
    return refusal('scope_insufficient', `${user}, whose key this is, has no place any more that it could see.`);
  const isMember = there.some(({ role }) => role === 'member');
  return {
    ...key,
    // Where the first place is: of an organization in which they have none any more, nothing is theirs to see.
    organization: first.organization,
    workspace: first.workspace,
    contexts: rest.map(({ workspace }) => workspace),
    ...(isMember ? { sees: 'self' } : {}),
  };
}
