// The OpenAPI file as a gateway serves it, and the page that shows it.
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../gateway/src/api/routes.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

interface Operation {
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, { headers?: object; content?: object }>;
  requestBody?: { content: object };
}
type File = Record<'paths' | 'webhooks', Record<string, Record<string, Operation>>>;

let kit: GatewayKit;
let file: File;

beforeAll(async () => {
  kit = await startGateway({ credits: 0 });
  file = (await kit.api('GET', 'openapi.json', undefined, null)).body as File;
});
afterAll(() => kit.close());

function operation(method: string, path: string): Operation {
  const found = file.paths[path]?.[method];
  if (found === undefined) throw new Error(`no ${method} ${path}`);
  return found;
}

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(file));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('each route says with which keys, and each of them is a scheme of the file', () => {
  for (const { method, path, access } of ROUTES) {
    const scopes = operation(method.toLowerCase(), path).security.flatMap((one) => Object.keys(one));
    if (access === 'anyone') expect(scopes).toEqual([]);
    else expect(scopes).toEqual(access === 'prices' ? ['spend', 'view', 'manage', 'operate'] : access);
  }
  expect(operation('get', '/prices').security[0]).toEqual({});
});

test('what routes take and answer beside JSON', () => {
  const names = (method: string, path: string): string[] =>
    (operation(method, path).parameters ?? []).map((one) => `${one.in} ${one.name}`);
  expect(names('patch', '/webhooks/{id}')).toEqual(['path id', 'query organization', 'header If-Match']);
  expect(names('post', '/webhooks')).toEqual(['query organization', 'header Idempotency-Key']);
  expect(names('get', '/events')).toEqual(['query types', 'query organization', 'header Last-Event-ID']);
  expect(operation('get', '/webhooks/{id}').responses['200']?.headers).toHaveProperty('ETag');
  expect(Object.keys(operation('get', '/events').responses['200']?.content ?? {})).toEqual(['text/event-stream']);
  expect(Object.keys(operation('patch', '/webhooks/{id}').responses)).toEqual(['200', '401', '403', '404', '422', 'default']);
  expect(Object.keys(operation('post', '/users/import').requestBody?.content ?? {})).toEqual(['text/csv']);
  expect(Object.keys(file.webhooks)).toContain('grant.made');
});
