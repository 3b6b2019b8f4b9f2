// What a route takes beside its body: the path, the query and the headers that the table says.
import type { z } from 'zod';
import { schemaOf, type Json } from './openapi-schema.ts';
import { actsInOrganization, type Route } from './route.ts';

export function parametersOf(route: Route, components: Json): Json[] {
  const { path, query, makes, versioned, streams, method } = route;
  return [
    ...pathParameters(path),
    ...(query === undefined ? [] : queryParameters(query, components)),
    ...(actsInOrganization(route) ? [ORGANIZATION] : []),
    ...(makes === true ? [IDEMPOTENCY_KEY] : []),
    ...(versioned === true && method !== 'GET' ? [IF_MATCH] : []),
    ...(streams === true ? [LAST_EVENT_ID] : []),
  ];
}

const text = { type: 'string' } as const;
const ORGANIZATION = {
  name: 'organization',
  in: 'query',
  required: false,
  description: 'The organization that is acted on: of operate keys any, of all others their own',
  schema: text,
};
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Chosen by the client, so that a repeat makes nothing twice; or an id in the body, where it takes one',
  schema: text,
};
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The ETag of the version that this is meant for; where another one is there, it is refused as input_invalid',
  schema: text,
};
const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'The id of the last message that was seen: the stream goes on behind it',
  schema: text,
};

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: text }));
}

function queryParameters(query: z.ZodType, components: Json): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}
