// A route of the gateway's own API: who may use it, what it takes and what it answers, all in one place. The router, the OpenAPI file
// and the table in docs/api.md are made from it, so that none of them can say something else.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Gate } from '../call/gate.ts';
import type { Refusal } from '../call/refuse.ts';
import type { Cards } from '../cards.ts';
import type { Config } from '../config.ts';
import type { Key, Scope } from '../keys/key.ts';
import type { ApiStore } from './api-store.ts';

/** What the routes lean on. */
export interface ApiParts {
  gate: Gate;
  cards: Cards;
  store: ApiStore;
  config: Config;
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
  req: IncomingMessage;
  res: ServerResponse;
}

/** What a handler answers: JSON with a status, or a refusal. */
export type Answered = { status: 200 | 201 | 503; json: object } | Refusal;

export interface Route<Query = unknown, Body = unknown> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below /tollgate/v1: `/calls/{id}`. */
  path: string;
  access: Access;
  /** One sentence, for the documents. */
  about: string;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  answer: z.ZodType;
  /** True where it makes something, and so answers 201 the first time. */
  makes?: true;
  handle(api: ApiParts, asking: Asking<Query, Body>): Promise<Answered> | Answered;
}

/** Checks that a route's handler fits its schemas, and then forgets their types: the router treats all routes alike. */
export function route<Query = Record<string, never>, Body = undefined>(typed: Route<Query, Body>): Route {
  return typed;
}

export function ok(json: object): Answered {
  return { status: 200, json };
}

/** 201 for what is new, 200 for a repeat. */
export function made(json: object, repeated: boolean): Answered {
  return { status: repeated ? 200 : 201, json };
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

export function poolOf({ gate }: ApiParts): string {
  return `pool:${gate.rules.organization}`;
}
