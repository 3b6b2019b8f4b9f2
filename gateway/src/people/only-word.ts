// Names on keys from before there were users: words for people, and nobody's place.
import type { Key } from '../keys/key.ts';
import type { User } from './documents.ts';

/**
 * Whether the name on a key is only a word. It is where no user has it; and, on a key from before there were users, where another organization has
 * somebody of the name: what strangers call their people stops nobody's key.
 * @param user the user of that name, if there is one
 */
export function isOnlyWord(key: Pick<Key, 'madeBy' | 'organization'>, user: User | undefined): boolean {
  return user === undefined || (key.madeBy === undefined && user.organization !== key.organization);
}
