// The part of the table about keys.
import * as contract from '@tollgate/shared/keys-contract';
import * as pairing from '@tollgate/shared/pairing-contract';
import { claimPairing } from './claim-pairing.ts';
import { listKeys, revokeKey, revokeSelf } from './keys.ts';
import { makeKey } from './make-key.ts';
import { makePairing } from './pairings.ts';
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
  // Before the route of any other key: none is called so.
  route({
    method: 'DELETE',
    path: '/keys/self',
    access: ['spend', 'view', 'manage'],
    inOrganization: false,
    takesPlaceless: true,
    about: 'Revokes the key that asks, at once and for good.',
    answer: contract.oneKey,
    handle: revokeSelf,
  }),
  route({
    method: 'DELETE',
    path: '/keys/{id}',
    access: MANAGERS,
    about: 'Revokes a key, at once and for good.',
    answer: contract.oneKey,
    handle: revokeKey,
  }),
  route({
    method: 'POST',
    path: '/pairings',
    access: ['spend', 'view', 'manage', 'operate'],
    about: 'Makes a code that lets one browser have a key of its own that sees and never spends; good once, for ten minutes.',
    body: pairing.pairingRequest,
    answer: pairing.pairing,
    makes: true,
    handle: makePairing,
  }),
  route({
    method: 'POST',
    path: '/pairings/claim',
    access: 'anyone',
    about: 'Gives a code and gets a view key. The answer is the only place where its text is ever told.',
    body: pairing.pairingClaim,
    answer: pairing.paired,
    makes: true,
    handle: claimPairing,
  }),
];
