// docs/calls.md names every header of ours, and no header that is not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/calls.md'), 'utf8');
const named = new Set([...text.matchAll(/`((?:Credits-|RateLimit)[A-Za-z-]*)/g)].map(([, name = '']) => name.toLowerCase()));

let town: Town;
beforeAll(async () => {
  town = await startTown(
    'plans:\n  team: { every: month, pool: 100, draw: [pool] }\n',
    '2026-03-10T12:00:00Z',
    'cors: { origins: [http://page.test] }',
  );
  await town.done('PATCH', 'organizations/acme', { plan: 'team' });
  await town.done('POST', 'caps', { id: 'day', scope: { kind: 'user', id: '*' }, window: 'day', limit: 40 });
  await town.join('ann');
});
afterAll(() => town.kit.close());

const ours = (headers: Headers): string[] => [...headers.keys()].filter((name) => /^(?:credits-|ratelimit)/.test(name));

test('every header of an answer is in the list, and says what the list says', async () => {
  const { status, headers } = await town.spend('ann', 3);
  expect(status).toBe(200);
  expect(ours(headers).filter((name) => !named.has(name))).toEqual([]);
  expect(Object.fromEntries(headers)).toMatchObject({
    'credits-context': 'acme/main',
    'credits-hold': '3',
    'credits-cost': '3',
    'credits-available': '97',
    'credits-reset': '2026-03-11T00:00:00.000Z',
    'ratelimit-policy': '"day of user ann";q=40;qu="credits", "cycle";q=100;qu="credits"',
    ratelimit: '"day of user ann";r=37;t=43200, "cycle";r=97;t=1857600',
  });
});

test('every header in the list is known to the gateway', async () => {
  const answer = await town.kit.call('/town/ok?credits=1', { headers: { origin: 'http://page.test' } });
  const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(', ');
  const asked = new Set(['credits-context', 'credits-max', 'credits-dry-run', 'credits-parent']);
  expect([...named].filter((name) => !exposed.includes(name) && !asked.has(name))).toEqual([]);
  for (const [name, value] of [
    ['credits-context', 'nowhere'],
    ['credits-max', 'much'],
    ['credits-dry-run', 'yes'],
  ] as const) {
    expect([name, (await town.spend('ann', 1, { [name]: value })).status >= 400]).toEqual([name, true]);
  }
});
