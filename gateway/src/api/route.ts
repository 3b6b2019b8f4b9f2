// A route of the gateway's own API: who may use it, what it takes and what it answers, all in one place. The router, the OpenAPI file
// and the table in docs/api.md are made from it, so that none of them can say something else.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Gate } from '../call/gate.ts';
import type { Refusal } from '../call/refuse.ts';
import type { Cards } from '../cards.ts';
import type { Config } from '../config.ts';
import type { Key, Scope } from '../keys/key.ts';
import type { Live } from '../live/live.ts';
import type { Buying } from '../payments/buying.ts';
import type { Directory } from '../people/directory.ts';
import type { ApiStore } from './api-store.ts';
import type { PairingTries } from './pairing-tries.ts';

/** What the routes lean on. */
export interface ApiParts {
  gate: Gate;
  cards: Cards;
  store: ApiStore;
  /** People and places. */
  directory: Directory;
  /** Webhooks and event streams. */
  live: Live;
  /** Orders, payment methods, auto-purchase and extra credits. */
  payments: Buying;
  config: Config;
  /** How often codes for pairing may be tried and made. */
  tries: PairingTries;
  /** The time of day, epoch milliseconds. */
  now: () => number;
}

/** Whose keys a route takes. `anyone` needs none; `prices` needs one only where the operator says so. */
export type Access = readonly [Scope, ...Scope[]] | 'anyone' | 'prices';

export interface Asking<Query, Body> {
  /** Undefined only where `access` lets anyone in. */
  key: Key | undefined;
  params: Readonly<Record<string, string>>;
  query: Query;
  body: Body;
  /** The organization that was asked for: a key's own, or what an operate key names in `?organization=`; undefined where it names none. */
  organization: string | undefined;
  /** The version that the client has seen, by `If-Match`; null where it does not say. */
  ifMatch: number | null;
  req: IncomingMessage;
  res: ServerResponse;
}

/** What a handler answers: JSON with a status and, for a document, its version; or a refusal. */
export type Answered = { status: 200 | 201 | 202 | 503; json: object; version?: number } | Refusal;

/** Of a handler that has answered by itself, as a stream does. */
export const SENT = 'sent';

export interface Route<Query = unknown, Body = unknown> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /tollgate/v1: `/calls/{id}`. */
  path: string;
  access: Access;
  /** One sentence, for the documents. */
  about: string;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** What is sent where that is not JSON: `csv` and other text as a string, `raw` as a Buffer. */
  takes?: 'csv' | 'raw';
  answer: z.ZodType;
  /** True where it makes something, and so answers 201 the first time. */
  makes?: true;
  /** True where the answer is an event stream, of messages as `answer` says. */
  streams?: true;
  /** True for a document with a version: its answer has an `ETag`, and a change of it may say `If-Match`. */
  versioned?: true;
  /** True where a user's key counts although its user has lost every place: so that it can always be ended. */
  takesPlaceless?: true;
  /** Whether `?organization=` is taken from an operate key; where it is left out, as soon as `manage` keys are. */
  inOrganization?: boolean;
  handle(api: ApiParts, asking: Asking<Query, Body>): Promise<Answered | typeof SENT> | Answered | typeof SENT;
}

/** Checks that a route's handler fits its schemas, and then forgets their types: the router treats all routes alike. */
export function route<Query = Record<string, never>, Body = undefined>(typed: Route<Query, Body>): Route {
  return typed;
}

/** Whether a route acts on one organization, which an operate key names. */
export function actsInOrganization({ access, inOrganization }: Pick<Route, 'access' | 'inOrganization'>): boolean {
  return inOrganization ?? (Array.isArray(access) && (access as readonly string[]).includes('manage'));
}

/** The organization that a request acts on: that of the key, or the one that an operate key names, which is the first one by default. */
export function organizationOf({ gate }: Pick<ApiParts, 'gate'>, { organization }: Asking<unknown, unknown>): string {
  return organization ?? gate.rules.organization;
}

export function ok(json: object): Answered {
  return { status: 200, json };
}

/** A document with its version, as an `ETag` says it. */
export function document(json: object, version: number): Answered {
  return { status: 200, json, version };
}

/** 201 for what is new, 200 for a repeat. */
export function made(json: object, repeated: boolean, version?: number): Answered {
  return { status: repeated ? 200 : 201, json, ...(version === undefined ? {} : { version }) };
}

/** ISO 8601 in UTC. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** The key of a route that takes none without one. */
export function keyOf({ key }: Asking<unknown, unknown>): Key {
  if (key === undefined) throw new Error('a route that reads its key lets anyone in');
  return key;
}

/** Whether the operator asks, whose word goes further than that of a manage key. */
export function isOperator(asking: Asking<unknown, unknown>): boolean {
  return keyOf(asking).scope === 'operate';
}

/** The pool of the organization that is asked for. */
export function poolOf(api: ApiParts, asking: Asking<unknown, unknown>): string {
  return `pool:${organizationOf(api, asking)}`;
}
