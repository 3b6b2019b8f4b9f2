import { expect, test } from 'vitest';
import type { Key } from '../keys/key.ts';
import type { Directory } from '../people/directory.ts';
import { keyNow } from './key-now.ts';

const old = { id: 'old', scope: 'manage', organization: 'first', workspace: 'first/main', contexts: [], user: 'ann' } as const;
const key = old as unknown as Key;

/** Users by name and their organization; nobody has a place. */
function directoryOf(users: Readonly<Record<string, string>>): Directory {
  const get = (kind: string, id: string) => {
    const organization = kind === 'user' ? users[id] : undefined;
    return Promise.resolve(organization === undefined ? undefined : { body: { id, organization }, version: 1, at: 0 });
  };
  return { get } as unknown as Directory;
}

test.each(['manage', 'view'] as const)(
  'a %s key from before there were users goes on, whatever strangers call their people',
  async (scope) => {
    expect(await keyNow(directoryOf({}), { ...key, scope })).toMatchObject({ id: 'old' });
    expect(await keyNow(directoryOf({ ann: 'strangers' }), { ...key, scope })).toMatchObject({ id: 'old' });
    const refused = { refused: 'scope_insufficient' };
    expect(await keyNow(directoryOf({ ann: 'first' }), { ...key, scope })).toMatchObject(refused);
    expect(await keyNow(directoryOf({ ann: 'strangers' }), { ...key, scope, madeBy: 'operate' })).toMatchObject(refused);
  },
);
