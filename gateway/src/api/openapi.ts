// The OpenAPI file, made from the table of routes and their schemas.
import { problem } from '@tollgate/shared/contract';
import { z } from 'zod';
import type { Access, Route } from './route.ts';

type Json = Record<string, unknown>;

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
      description: 'Balance, estimates, calls and prices; keys, grants and the books. Amounts are credits.',
    },
    servers: [{ url: '/tollgate/v1' }],
    paths,
    components: {
      schemas: components,
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key such as tg_view_…' } },
    },
  };
}

function operationOf({ method, path, access, about, query, body, answer, makes }: Route, components: Json): Json {
  const content = (schema: z.ZodType, io: 'input' | 'output'): Json => ({
    'application/json': { schema: schemaOf(schema, io, components) },
  });
  const refusal = {
    description: 'A refusal',
    content: { 'application/problem+json': { schema: schemaOf(problem, 'output', components) } },
  };
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query, components))];
  return {
    summary: about,
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z]+([A-Za-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')}`,
    description: accessWords(access),
    ...(access === 'anyone' ? {} : { security: access === 'prices' ? [{}, { key: [] }] : [{ key: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body, 'input') } }),
    responses: {
      200: { description: makes === true ? 'It was made before' : 'The answer', content: content(answer, 'output') },
      ...(makes === true ? { 201: { description: 'Made', content: content(answer, 'output') } } : {}),
      default: refusal,
    },
  };
}

export function accessWords(access: Access): string {
  if (access === 'anyone') return 'For anyone';
  if (access === 'prices') return 'For anyone, or with any key where the operator says so';
  return `With a key of scope ${access.join(', ')}`;
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters(query: z.ZodType, components: Json): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}

/** A schema with its named parts moved to where OpenAPI keeps them. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;
  for (const [name, part] of Object.entries($defs as Json)) components[name] = moved(part);
  return moved(rest) as Json;
}

function moved(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/')) as unknown;
}
