// The key of a browser, as pairing makes it: refused by the proxy and by every route that spends, changes or makes something, all of which are
// walked. What it may do beside reading is written here by hand.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../gateway/src/api/routes.ts';
import { startTwoOrganizations, type TwoOrganizations } from './two-organizations.ts';
import { ROWS } from './route-rows.ts';

/** Asking what something would cost changes nothing; taking itself off is its own. */
const MAY = new Set(['POST /estimates', 'DELETE /keys/self']);

let town: TwoOrganizations;
let paired: string;
let code: string;
beforeAll(async () => {
  town = await startTwoOrganizations();
  const { kit } = town;
  const { text } = (await kit.api('POST', 'keys?organization=amber', { id: 'anns', scope: 'spend', user: 'amber-ann' })).body;
  code = (await kit.api('POST', 'pairings', {}, text)).body.code;
  paired = (await kit.api('POST', 'pairings/claim', { code, name: 'Chrome on Linux' }, null)).body.text;
});
afterAll(() => town.kit.close());

const CHANGING = ROUTES.filter(({ method, access }) => method !== 'GET' && access !== 'anyone');

test.each(CHANGING.map(({ method, path }) => [`${method} ${path}`, method] as const))('%s', async (name, method) => {
  const row = ROWS[name];
  if (row === undefined) throw new Error(`${name} has no row in route-rows.ts`);
  if (MAY.has(name)) return;
  const asked = await row.ask(town.amber);
  const before = await town.kept();
  const { status, body } = await town.kit.api(method, asked.path, asked.body, paired);
  expect([status, body.code]).toEqual([403, 'scope_insufficient']);
  expect(await town.kept()).toBe(before);
});

test('what it may do is not more than two', () => {
  expect(CHANGING.filter(({ method, path }) => MAY.has(`${method} ${path}`))).toHaveLength(MAY.size);
});

test('the proxy takes it in none of the places where a key can stand, and forwards nothing', async () => {
  const { kit } = town;
  const before = await kit.upstream.arrived();
  for (const header of ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'x-dune-api-key']) {
    const value = header === 'authorization' ? `Bearer ${paired}` : paired;
    for (const path of ['/plain/ok', '/dune/api/v1/query/1/execute', '/openai/v1/models']) {
      const method = path.endsWith('execute') ? 'POST' : 'GET';
      const answer = await fetch(`${kit.url}${path}`, { method, headers: { [header]: value } });
      expect([header, path, answer.status]).toEqual([
        header,
        path,
        header === 'x-dune-api-key' && !path.startsWith('/dune') ? 401 : 403,
      ]);
      await answer.text();
    }
  }
  expect(await kit.upstream.arrived()).toBe(before);
});

test('it reads what is its person’s, and neither code nor key are in the log or the store', async () => {
  const { kit } = town;
  for (const path of ['balance', 'calls', 'tags', 'usage?by=day', 'prices'])
    expect([path, (await kit.api('GET', path, undefined, paired)).status]).toEqual([path, 200]);
  await kit.api('POST', 'pairings/claim', { code: 'ABCDE-FGHJK', name: 'x' }, null);
  const files = [kit.storeFile, `${kit.storeFile}-wal`].map((file) => readFileSync(file, 'latin1')).join('');
  for (const secret of [paired, code, code.replace('-', ''), 'ABCDE-FGHJK']) {
    expect(kit.output()).not.toContain(secret);
    expect(files).not.toContain(secret);
  }
});
