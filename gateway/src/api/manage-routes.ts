// The part of the table about seats, caps, plans and the audit of an organization.
import * as caps from '@tollgate/shared/caps-contract';
import * as operate from '@tollgate/shared/operate-contract';
import * as people from '@tollgate/shared/people-contract';
import { listAudit } from './audit.ts';
import { changeCap, listCaps, makeCap, readCap, removeCap } from './caps.ts';
import { readPlans } from './plans.ts';
import { route, type Access, type Route } from './route.ts';
import { changeSeat, listSeats, makeSeat, removeSeat } from './seats.ts';

const MANAGERS = ['manage', 'operate'] as const satisfies Access;

export const MANAGE_ROUTES: readonly Route[] = [
  ...seatRoutes(),
  ...capRoutes(),
  route({
    method: 'GET',
    path: '/plans',
    access: MANAGERS,
    about: 'The plans, seats and packages of the rate card in force.',
    answer: caps.plans,
    handle: readPlans,
  }),
  route({
    method: 'GET',
    path: '/audit',
    access: MANAGERS,
    about: "Who changed what, newest first: the organization's, with an operate key all.",
    query: operate.auditQuery,
    answer: operate.audit,
    handle: listAudit,
  }),
];

function seatRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/seats',
      access: MANAGERS,
      about: 'Makes a seat of a type that the plan has.',
      body: people.seatRequest,
      answer: people.madeSeat,
      makes: true,
      versioned: true,
      handle: makeSeat,
    }),
    route({
      method: 'GET',
      path: '/seats',
      access: MANAGERS,
      about: "The organization's seats and who sits in them.",
      query: people.listQuery,
      answer: people.seats,
      handle: listSeats,
    }),
    route({
      method: 'PATCH',
      path: '/seats/{seat}',
      access: MANAGERS,
      about: 'Changes the type of a seat, or who sits in it.',
      body: people.seatChange,
      answer: people.oneSeat,
      versioned: true,
      handle: changeSeat,
    }),
    route({
      method: 'DELETE',
      path: '/seats/{seat}',
      access: MANAGERS,
      about: 'Removes a seat. Credits that were given stay until their period ends.',
      answer: people.gone,
      versioned: true,
      handle: removeSeat,
    }),
  ];
}

function capRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/caps',
      access: MANAGERS,
      about: 'Makes a cap: the most that a scope may spend in a window.',
      body: caps.capRequest,
      answer: caps.madeCap,
      makes: true,
      versioned: true,
      handle: makeCap,
    }),
    route({
      method: 'GET',
      path: '/caps',
      access: MANAGERS,
      about: "The organization's caps.",
      query: caps.capsQuery,
      answer: caps.caps,
      handle: listCaps,
    }),
    route({
      method: 'GET',
      path: '/caps/{cap}',
      access: MANAGERS,
      about: 'A cap.',
      answer: caps.oneCap,
      versioned: true,
      handle: readCap,
    }),
    route({
      method: 'PATCH',
      path: '/caps/{cap}',
      access: MANAGERS,
      about: 'Changes the limit or the mode of a cap, or raises it for a time.',
      body: caps.capChange,
      answer: caps.oneCap,
      versioned: true,
      handle: changeCap,
    }),
    route({
      method: 'DELETE',
      path: '/caps/{cap}',
      access: MANAGERS,
      about: 'Takes a cap away.',
      answer: people.gone,
      versioned: true,
      handle: removeCap,
    }),
  ];
}
