// The part of the table that takes operate keys alone: credits, the rate card and the books.
import * as operate from '@tollgate/shared/operate-contract';
import { readLate, readVerified } from './books.ts';
import { listSuspensions, readCard, reloadCard, resumeOperation } from './card.ts';
import { listEntries, makeCorrection } from './entries.ts';
import { explainCall, explainEnded } from './explain.ts';
import { listGrants, makeGrant, voidGrant } from './grants.ts';
import { route, type Access, type Route } from './route.ts';

const OPERATORS = ['operate'] as const satisfies Access;

/** Below /tollgate/v1. */
export const OPERATE_ROUTES: readonly Route[] = [...creditRoutes(), ...cardRoutes()];

function creditRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/grants',
      access: OPERATORS,
      inOrganization: true,
      about: 'Grants credits.',
      body: operate.grantRequest,
      answer: operate.madeGrant,
      makes: true,
      handle: makeGrant,
    }),
    route({
      method: 'GET',
      path: '/grants',
      access: OPERATORS,
      inOrganization: true,
      about: "An account's grants, newest first, also spent and ended ones.",
      query: operate.grantsQuery,
      answer: operate.grants,
      handle: listGrants,
    }),
    route({
      method: 'DELETE',
      path: '/grants/{id}',
      access: OPERATORS,
      about: 'Voids a grant: what is left of it ends now.',
      query: operate.voidQuery,
      answer: operate.voidedGrant,
      handle: voidGrant,
    }),
    route({
      method: 'POST',
      path: '/corrections',
      access: OPERATORS,
      inOrganization: true,
      about: 'Mends an account by a new entry.',
      body: operate.correctionRequest,
      answer: operate.madeCorrection,
      makes: true,
      handle: makeCorrection,
    }),
    route({
      method: 'GET',
      path: '/entries',
      access: OPERATORS,
      inOrganization: true,
      about: "An account's statement, newest first.",
      query: operate.entriesQuery,
      answer: operate.entries,
      handle: listEntries,
    }),
    route({
      method: 'GET',
      path: '/verify',
      access: OPERATORS,
      about: 'Re-adds the books and lists what does not add up.',
      answer: operate.verified,
      handle: readVerified,
    }),
    route({
      method: 'GET',
      path: '/late',
      access: OPERATORS,
      about: 'Ends of calls that came after their hold had lapsed.',
      answer: operate.late,
      handle: readLate,
    }),
  ];
}

function cardRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/card',
      access: OPERATORS,
      about: 'The rate card in force, and what is wrong with its file.',
      answer: operate.card,
      handle: readCard,
    }),
    route({
      method: 'POST',
      path: '/card/reload',
      access: OPERATORS,
      about: 'Reads the card file now.',
      answer: operate.card,
      handle: reloadCard,
    }),
    route({
      method: 'GET',
      path: '/suspensions',
      access: OPERATORS,
      about: 'Operations that are suspended because their upstream broke a bound.',
      answer: operate.suspensions,
      handle: listSuspensions,
    }),
    route({
      method: 'DELETE',
      path: '/suspensions/{operation}',
      access: OPERATORS,
      about: 'Lets a suspended operation be called again.',
      answer: operate.resumed,
      handle: resumeOperation,
    }),
    route({
      method: 'POST',
      path: '/explain',
      access: OPERATORS,
      about: 'What a call can cost and why: operation, losers, inputs, bounds, arithmetic.',
      body: operate.explainRequest,
      answer: operate.explanation,
      handle: explainCall,
    }),
    route({
      method: 'GET',
      path: '/explain/{callId}',
      access: OPERATORS,
      about: 'The charge of an ended call, computed again from what is stored.',
      answer: operate.explainedCall,
      handle: explainEnded,
    }),
  ];
}
