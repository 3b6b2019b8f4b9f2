// THE TABLE: every route of the gateway's own API with whose keys it takes. A route that is not here does not exist, and none is here
// without an access.
import * as contract from '@tollgate/shared/contract';
import * as operate from '@tollgate/shared/operate-contract';
import { readBalance } from './balance.ts';
import { readLate, readVerified } from './books.ts';
import { listCalls } from './calls.ts';
import { listSuspensions, readCard, reloadCard, resumeOperation } from './card.ts';
import { listEntries, makeCorrection } from './entries.ts';
import { makeEstimates } from './estimates.ts';
import { explainCall, explainEnded } from './explain.ts';
import { listGrants, makeGrant, voidGrant } from './grants.ts';
import { readLive, readReady } from './health.ts';
import { listKeys, makeKey, revokeKey, rotateKey } from './keys.ts';
import { openApi } from './openapi.ts';
import { readPrices } from './prices.ts';
import { readReceipt } from './receipt.ts';
import { ok, route, type Access, type Route } from './route.ts';

const CONSUMERS = ['spend', 'view', 'operate'] as const satisfies Access;
const OPERATORS = ['operate'] as const satisfies Access;

/** Below /tollgate/v1. */
export const ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/balance',
    access: CONSUMERS,
    about: 'What can be spent now, from which sources, and where the caps of the key stand.',
    answer: contract.balance,
    handle: readBalance,
  }),
  route({
    method: 'POST',
    path: '/estimates',
    access: CONSUMERS,
    about: 'What a call would cost, or many calls; nothing is sent.',
    body: contract.estimatesRequest,
    answer: contract.estimate.or(contract.estimates),
    handle: makeEstimates,
  }),
  route({
    method: 'GET',
    path: '/calls',
    access: CONSUMERS,
    about: "Calls, newest first: the key's own, with a view key its workspace's, with an operate key all.",
    query: contract.callsQuery,
    answer: contract.calls,
    handle: listCalls,
  }),
  route({
    method: 'GET',
    path: '/calls/{id}',
    access: CONSUMERS,
    about: 'The receipt of a call; with wait, as soon as the call has ended.',
    query: contract.receiptQuery,
    answer: contract.receipt,
    handle: readReceipt,
  }),
  route({
    method: 'GET',
    path: '/prices',
    access: 'prices',
    about: 'The price list in force.',
    answer: contract.prices,
    handle: readPrices,
  }),
  route({
    method: 'GET',
    path: '/openapi.json',
    access: 'anyone',
    about: 'This API as an OpenAPI file.',
    answer: contract.openApiFile,
    handle: () => ok(openApi(ROUTES)),
  }),
  ...keyRoutes(),
  ...creditRoutes(),
  ...cardRoutes(),
];

/** At the root, for whoever watches over the process. */
export const HEALTH_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/livez',
    access: 'anyone',
    about: 'Whether the process lives.',
    answer: contract.health,
    handle: readLive,
  }),
  route({
    method: 'GET',
    path: '/readyz',
    access: 'anyone',
    about: 'Whether calls can be taken; 503 with the reasons where not.',
    answer: contract.health,
    handle: readReady,
  }),
];

function keyRoutes(): Route[] {
  const access = OPERATORS;
  return [
    route({
      method: 'POST',
      path: '/keys',
      access,
      about: "Makes a key. The answer is the only place where the key's text is ever told.",
      body: operate.keyRequest,
      answer: operate.madeKey,
      makes: true,
      handle: makeKey,
    }),
    route({
      method: 'GET',
      path: '/keys',
      access,
      about: 'All keys, newest first, without their texts.',
      answer: operate.keys,
      handle: listKeys,
    }),
    route({
      method: 'POST',
      path: '/keys/{id}/rotate',
      access,
      about: 'Makes a key to follow this one, which works on for the overlap.',
      body: operate.rotateRequest,
      answer: operate.rotatedKey,
      makes: true,
      handle: rotateKey,
    }),
    route({
      method: 'DELETE',
      path: '/keys/{id}',
      access,
      about: 'Revokes a key, at once and for good.',
      answer: operate.oneKey,
      handle: revokeKey,
    }),
  ];
}

function creditRoutes(): Route[] {
  const access = OPERATORS;
  return [
    route({
      method: 'POST',
      path: '/grants',
      access,
      about: 'Grants credits.',
      body: operate.grantRequest,
      answer: operate.madeGrant,
      makes: true,
      handle: makeGrant,
    }),
    route({
      method: 'GET',
      path: '/grants',
      access,
      about: "An account's grants, newest first, also spent and ended ones.",
      query: operate.accountQuery,
      answer: operate.grants,
      handle: listGrants,
    }),
    route({
      method: 'DELETE',
      path: '/grants/{id}',
      access,
      about: 'Voids a grant: what is left of it ends now.',
      query: operate.voidQuery,
      answer: operate.voidedGrant,
      handle: voidGrant,
    }),
    route({
      method: 'POST',
      path: '/corrections',
      access,
      about: 'Mends an account by a new entry.',
      body: operate.correctionRequest,
      answer: operate.madeCorrection,
      makes: true,
      handle: makeCorrection,
    }),
    route({
      method: 'GET',
      path: '/entries',
      access,
      about: "An account's statement, newest first.",
      query: operate.entriesQuery,
      answer: operate.entries,
      handle: listEntries,
    }),
    route({
      method: 'GET',
      path: '/verify',
      access,
      about: 'Re-adds the books and lists what does not add up.',
      answer: operate.verified,
      handle: readVerified,
    }),
    route({
      method: 'GET',
      path: '/late',
      access,
      about: 'Ends of calls that came after their hold had lapsed.',
      answer: operate.late,
      handle: readLate,
    }),
  ];
}

function cardRoutes(): Route[] {
  const access = OPERATORS;
  return [
    route({
      method: 'GET',
      path: '/card',
      access,
      about: 'The rate card in force, and what is wrong with its file.',
      answer: operate.card,
      handle: readCard,
    }),
    route({
      method: 'POST',
      path: '/card/reload',
      access,
      about: 'Reads the card file now.',
      answer: operate.card,
      handle: reloadCard,
    }),
    route({
      method: 'GET',
      path: '/suspensions',
      access,
      about: 'Operations that are suspended because their upstream broke a bound.',
      answer: operate.suspensions,
      handle: listSuspensions,
    }),
    route({
      method: 'DELETE',
      path: '/suspensions/{operation}',
      access,
      about: 'Lets a suspended operation be called again.',
      answer: operate.resumed,
      handle: resumeOperation,
    }),
    route({
      method: 'POST',
      path: '/explain',
      access,
      about: 'What a call can cost and why: operation, losers, inputs, bounds, arithmetic.',
      body: operate.explainRequest,
      answer: operate.explanation,
      handle: explainCall,
    }),
    route({
      method: 'GET',
      path: '/explain/{callId}',
      access,
      about: 'The charge of an ended call, computed again from what is stored.',
      answer: operate.explainedCall,
      handle: explainEnded,
    }),
  ];
}
