// Every template loads, and `init` writes it without ever writing over anything.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { afterAll, expect, test } from 'vitest';
import { readCard } from '../../gateway/src/cards.ts';
import { readConfig } from '../../gateway/src/config.ts';
import { tollgate } from './tollgate.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

const secrets = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', DUNE_API_KEY: 'sk-3', DATA_API_KEY: 'sk-4' };

test.each(['openai', 'anthropic', 'dune', 'data-api'])(
  'init --template %s writes what loads without a warning',
  async (template) => {
    const dir = join(folder, template);
    const ran = await tollgate(['init', '--template', template, '--dir', dir]);
    expect([ran.code, readdirSync(dir).sort()]).toEqual([
      0,
      ['rate-card.schema.json', 'rates.yaml', 'tollgate.secret', 'tollgate.yaml'],
    ]);
    expect(statSync(join(dir, 'tollgate.secret')).mode & 0o777).toBe(0o600);
    expect(ran.out).not.toContain(readFileSync(join(dir, 'tollgate.secret'), 'utf8').trim());
    const config = readConfig(join(dir, 'tollgate.yaml'), secrets);
    const text = readFileSync(config.rate_card, 'utf8');
    const read = readCard(text, { file: 'rates.yaml', upstreams: new Set(Object.keys(config.upstreams)) });
    expect(read).toMatchObject({ ok: true, warnings: [] });
    expect(text).toContain('golden:');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/rate-card\.schema\.json\n/);
    expect(problemsBySchema(dir, text)).toEqual([]);
    expect(problemsBySchema(dir, text.replace('price:', 'prices:')).length).toBeGreaterThan(0);
    expect(() => readConfig(join(dir, 'tollgate.yaml'), {})).toThrow(/_API_KEY/);
  },
);

/** What an editor would say of a card, by the schema that lies beside it. */
function problemsBySchema(dir: string, text: string): unknown[] {
  const schema = JSON.parse(readFileSync(join(dir, 'rate-card.schema.json'), 'utf8')) as z.core.JSONSchema.JSONSchema;
  return z.fromJSONSchema(schema).safeParse(parse(text)).error?.issues ?? [];
}

test('init writes over nothing, and writes nothing where it would', async () => {
  const dir = join(folder, 'mine');
  await tollgate(['init', '--dir', dir]);
  rmSync(join(dir, 'tollgate.yaml'));
  writeFileSync(join(dir, 'rates.yaml'), 'mine\n');
  const ran = await tollgate(['init', '--dir', dir]);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('rates.yaml')]);
  expect([readFileSync(join(dir, 'rates.yaml'), 'utf8'), readdirSync(dir).sort()]).toEqual([
    'mine\n',
    ['rate-card.schema.json', 'rates.yaml', 'tollgate.secret'],
  ]);
});

test('the card of the demo loads without a warning', () => {
  const file = join(import.meta.dirname, '../../gateway/templates/demo.yaml');
  expect(readCard(readFileSync(file, 'utf8'), { file })).toMatchObject({ ok: true, warnings: [] });
});
