// The part of the table about keys.
import * as contract from '@tollgate/shared/keys-contract';
import { listKeys, revokeKey } from './keys.ts';
import { makeKey } from './make-key.ts';
import { rotateKey } from './rotate-key.ts';
import { route, type Access, type Route } from './route.ts';

const MANAGERS = ['manage', 'operate'] as const satisfies Access;

export const KEY_ROUTES: readonly Route[] = [
  route({
    method: 'POST',
    path: '/keys',
    access: MANAGERS,
    about: "Makes a key. The answer is the only place where the key's text is ever told.",
    body: contract.keyRequest,
    answer: contract.madeKey,
    makes: true,
    handle: makeKey,
  }),
  route({
    method: 'GET',
    path: '/keys',
    access: MANAGERS,
    about: 'Keys, newest first, without their texts.',
    query: contract.keysQuery,
    answer: contract.keys,
    handle: listKeys,
  }),
  route({
    method: 'POST',
    path: '/keys/{id}/rotate',
    access: MANAGERS,
    about: 'Makes a key to follow this one, which works on for the overlap.',
    body: contract.rotateRequest,
    answer: contract.rotatedKey,
    makes: true,
    handle: rotateKey,
  }),
  route({
    method: 'DELETE',
    path: '/keys/{id}',
    access: MANAGERS,
    about: 'Revokes a key, at once and for good.',
    answer: contract.oneKey,
    handle: revokeKey,
  }),
];
