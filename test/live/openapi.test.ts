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
  expect(names('get', '/events')).toEqual(['query types', 'query context', 'query organization', 'header Last-Event-ID']);
  expect(operation('get', '/webhooks/{id}').responses['200']?.headers).toHaveProperty('ETag');
  expect(Object.keys(operation('get', '/events').responses['200']?.content ?? {})).toEqual(['text/event-stream']);
  expect(Object.keys(operation('patch', '/webhooks/{id}').responses)).toEqual(['200', '401', '403', '404', '422', 'default']);
  expect(Object.keys(operation('post', '/users/import').requestBody?.content ?? {})).toEqual(['text/csv']);
  expect(Object.keys(file.webhooks)).toContain('grant.made');
});

test('the page that shows it: from this gateway alone, and no more of the package than it needs', async () => {
  const page = await fetch(`${kit.url}/tollgate/docs/api`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-eval');
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
  const text = await page.text();
  // Scripts stand in files: the policy would not let one in the page run.
  expect(text).not.toMatch(/<script>|<script [^>]*>[^<]/);
  const links = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
  expect(links.length).toBe(4);
  for (const link of links) {
    expect(link).toMatch(/^\/tollgate\/docs\/api\//);
    const linked = await fetch(`${kit.url}${link}`);
    expect([link, linked.status]).toEqual([link, 200]);
    expect(linked.headers.get('content-type')).toMatch(/^(?:text\/(?:css|javascript)|image\/png)/);
    expect((await linked.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
  for (const other of [
    'index.html',
    'package.json',
    '../package.json',
    '%2e%2e/package.json',
    'swagger-ui-bundle.js.map',
    'nothing',
  ]) {
    expect([other, (await fetch(`${kit.url}/tollgate/docs/api/${other}`)).status]).toEqual([other, 404]);
  }
});
