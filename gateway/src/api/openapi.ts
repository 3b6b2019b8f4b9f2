// The OpenAPI file, made from the table of routes and their schemas. What is sent to webhooks is in it too.
import { problem } from '@tollgate/shared/contract';
import { EVENT_TYPES } from '@tollgate/shared/events';
import { told } from '@tollgate/shared/live-contract';
import type { z } from 'zod';
import { SCOPES, type Scope } from '../keys/key.ts';
import { parametersOf } from './openapi-parameters.ts';
import { schemaOf, type Json } from './openapi-schema.ts';
import type { Access, Route } from './route.ts';

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
export function openApi(routes: readonly Route[]): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tollgate',
      version: '1',
      description:
        'Credits, calls and prices; people and places; what is told as it happens. Amounts are credits, times are UTC.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/tollgate/v1' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    webhooks: webhooksOf(components),
    components: {
      schemas: components,
      securitySchemes: Object.fromEntries(SCOPES.map((scope) => [scope, schemeOf(scope)])),
    },
  };
}

function operationOf(route: Route, components: Json): Json {
  const { method, path, access, about, body, takes } = route;
  const parameters = parametersOf(route, components);
  return {
    tags: [tagOf(route)],
    summary: about,
    operationId: operationId(method, path),
    description: accessWords(access),
    security: securityOf(access),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(takes, body, components) } }),
    responses: responsesOf(route, components),
  };
}

export function accessWords(access: Access): string {
  if (access === 'anyone') return 'For anyone';
  if (access === 'prices') return 'For anyone, or with any key where the operator says so';
  return `With a key of scope ${access.join(', ')}`;
}

/** The first word of the path: what the route is about. */
function tagOf({ path }: Route): string {
  return path.split('/')[1]?.replace(/\.json$/, '') ?? '';
}

function operationId(method: string, path: string): string {
  const words = path.replaceAll(/[^A-Za-z]+([A-Za-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '');
  return `${method.toLowerCase()}${words}`;
}

/** One of these is enough; an empty one is no key at all. */
function securityOf(access: Access): Json[] {
  if (access === 'anyone') return [];
  const scopes = access === 'prices' ? SCOPES : access;
  return [...(access === 'prices' ? [{}] : []), ...scopes.map((scope) => ({ [scope]: [] }))];
}

function schemeOf(scope: Scope): Json {
  return { type: 'http', scheme: 'bearer', description: `A key of this scope: tg_${scope}_…` };
}

function contentOf(takes: Route['takes'], body: z.ZodType, components: Json): Json {
  if (takes === 'csv') return { 'text/csv': { schema: { type: 'string' } } };
  if (takes === 'raw') return { 'application/octet-stream': {} };
  return { 'application/json': { schema: schemaOf(body, 'input', components) } };
}

function responsesOf({ path, access, query, body, answer, makes, versioned, streams }: Route, components: Json): Json {
  const schema = schemaOf(answer, 'output', components);
  const done = (description: string): Json => ({
    description,
    ...(versioned === true ? { headers: { ETag: ETAG } } : {}),
    // OpenAPI 3.1 has no word for the messages of a stream: the schema is that of the data of one.
    content: streams === true ? { 'text/event-stream': { schema } } : { 'application/json': { schema } },
  });
  const refused = (description: string): Json => ({
    description,
    content: { 'application/problem+json': { schema: schemaOf(problem, 'output', components) } },
  });
  const takesSomething = query !== undefined || body !== undefined || versioned === true;
  return {
    200: done(makes === true ? 'It was made before' : streams === true ? 'Messages as they come' : 'The answer'),
    ...(makes === true ? { 201: done('Made') } : {}),
    ...(access === 'anyone' ? {} : { 401: refused('No key, or one that is not valid'), 403: refused('A key of another scope') }),
    ...(path.includes('{') ? { 404: refused('It is not there, or it is not yours') } : {}),
    ...(takesSomething ? { 422: refused('Something was given that can not be; `field` names the place') } : {}),
    default: refused('Another refusal'),
  };
}

const ETAG = { description: 'The version: what If-Match takes', schema: { type: 'string', examples: ['"3"'] } };

/** What a receiver gets, one for each type of event; how it is signed is in docs/events.md. */
function webhooksOf(components: Json): Json {
  const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'string' },
  }));
  const content = { 'application/json': { schema: schemaOf(told, 'output', components) } };
  const post = (type: string, about: string): Json => ({
    tags: ['webhooks'],
    summary: about,
    operationId: `told.${type}`,
    security: [],
    parameters: signed,
    requestBody: { required: true, content },
    responses: { '2XX': { description: 'Taken' }, 410: { description: 'No more of it: the webhook is disabled' } },
  });
  return Object.fromEntries(Object.entries(EVENT_TYPES).map(([type, about]) => [type, { post: post(type, about) }]));
}
