// The documents say what the table of routes and the command line say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accessWords, openApi } from '../../gateway/src/api/openapi.ts';
import { HEALTH_ROUTES, ROUTES } from '../../gateway/src/api/routes.ts';
import { everyCommand, tollgate } from '../cli/tollgate.ts';

const doc = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

test('docs/api.md has the table of routes', () => {
  const rows = [
    ...ROUTES.map((route) => [`/tollgate/v1${route.path}`, route] as const),
    ...HEALTH_ROUTES.map((route) => [route.path, route] as const),
  ];
  const table = rows.map(([path, { method, access, about }]) => `| \`${method} ${path}\` | ${accessWords(access)} | ${about} |`);
  const found = doc('api.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(found, `the table is now:\n${table.join('\n')}`).toEqual(table);
});

test('the OpenAPI file: every route, every operation named once, every reference leads somewhere', () => {
  const file = openApi(ROUTES) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    components: { schemas: object };
  };
  expect(file.openapi).toBe('3.1.0');
  const operations = Object.entries(file.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
    ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(file).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\//);
    expect(Object.keys(file.components.schemas)).toContain(reference.slice('#/components/schemas/'.length));
  }
});

test('docs/command-line.md has every command with every option', async () => {
  const text = doc('command-line.md');
  const commands = (await everyCommand()).map((name) => name.join(' '));
  expect(commands.length).toBeGreaterThan(30);
  for (const command of commands) {
    const section = text.split(/^## /m).find((part) => part.startsWith(`\`tollgate ${command}`));
    expect(section, `docs/command-line.md has no section for ${command}`).toBeDefined();
    const { out } = await tollgate([...command.split(' '), '--help']);
    const options = [...out.matchAll(/(--[a-z-]+)/g)].map(([, option = '']) => option);
    const common = new Set(['--help', '--config', '--json', '--url', '--organization']);
    const missing = [...new Set(options)].filter((option) => !common.has(option) && !section?.includes(`\`${option}`));
    expect([command, missing]).toEqual([command, []]);
  }
});
