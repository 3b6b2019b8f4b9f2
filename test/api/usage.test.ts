// GET usage: what was charged by day and by reason, equal to the calls that the key may see, to the microcredit.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import type { GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: ClockedGatewayKit;
let api: GatewayKit['api'];
const keys: Record<string, string> = {};

interface Row {
  name: string;
  credits: number;
  calls: number;
}

/** A call of one credit, or of 75 where it is dear; at this moment. */
async function spend(who: string, at: string, path = '/plain/ok', context = 'main'): Promise<void> {
  kit.clock.now = Date.parse(at);
  const headers = { authorization: `Bearer ${keys[who]}`, 'credits-context': context };
  const answer = await kit.call(path, { headers });
  await answer.text();
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, at: '2026-10-23T12:00:00Z', credits: 10_000 });
  api = checkedApi(kit);
  await api('POST', 'workspaces', { name: 'lab' });
  for (const id of ['ann', 'ben']) {
    await api('POST', 'users', { id, name: id, workspace: 'main' });
    await api('PUT', `workspaces/lab/users/${id}`, { role: 'member' });
    keys[id] = (await kit.makeKey({ id: `${id}s`, scope: 'spend', user: id, contexts: ['lab'] })).text;
  }
  keys['old'] = (await kit.makeKey({ id: 'anns-old', scope: 'spend', user: 'ann' })).text;
  keys['view'] = (await kit.makeKey({ id: 'ann-view', scope: 'view', user: 'ann', contexts: ['lab'] })).text;
  keys['all'] = (await kit.makeKey({ id: 'all', scope: 'view' })).text;
  keys['boss'] = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
  // Around midnight of Berlin, where the clock goes back an hour in the night to the 25th.
  await spend('old', '2026-10-23T21:30:00Z');
  await api('DELETE', 'keys/anns-old');
  await spend('ann', '2026-10-23T22:30:00Z');
  await spend('ann', '2026-10-24T21:59:59.999Z', '/plain/ok?size=dear');
  await spend('ben', '2026-10-24T22:00:00Z');
  await spend('ann', '2026-10-25T22:59:00Z', '/plain/ok', 'lab');
  await spend('ann', '2026-10-25T23:00:00Z', '/records/v1/businesses/b-1');
  kit.clock.now = Date.parse('2026-10-26T12:00:00Z');
});
afterAll(() => kit.close());

async function rows(query: string, key: string | undefined): Promise<[string, number, number][]> {
  const { body } = await api('GET', `usage?${query}`, undefined, key);
  return body.rows.map(({ name, credits, calls }: Row) => [name, credits, calls]);
}

test('days in a zone, each of them, also those of 25 hours', async () => {
  const { body } = await api('GET', 'usage?by=day&days=4&zone=Europe/Berlin', undefined, keys['view']);
  expect(body).toEqual({
    from: '2026-10-22T22:00:00.000Z',
    until: '2026-10-26T23:00:00.000Z',
    zone: 'Europe/Berlin',
    rows: [
      { name: '2026-10-23', credits: 1, calls: 1 },
      { name: '2026-10-24', credits: 76, calls: 2 },
      { name: '2026-10-25', credits: 1, calls: 1 },
      { name: '2026-10-26', credits: 1, calls: 1 },
    ],
    total: 79,
  });
  expect(await rows('by=day&days=1', keys['view'])).toEqual([['2026-10-26', 0, 0]]);
  expect(await rows('by=day&days=366', keys['view'])).toHaveLength(366);
});

test('reasons, the dearest first, with the same total', async () => {
  const { body } = await api('GET', 'usage?by=reason&days=4&zone=Europe/Berlin', undefined, keys['view']);
  expect(body.rows).toEqual([
    { name: 'Fixed', credits: 78, calls: 4 },
    { name: 'Enrichment', credits: 1, calls: 1 },
  ]);
  expect(body.total).toBe(79);
});

test('whoever asks sees what they see of the calls: their keys, past and present, their workspaces, their organization', async () => {
  const total = async (key: string | undefined, more = ''): Promise<number> =>
    (await api('GET', `usage?by=day${more}`, undefined, key)).body.total;
  expect(await total(keys['ann'])).toBe(78);
  expect(await total(keys['view'])).toBe(79);
  expect(await total(keys['view'], '&context=lab')).toBe(1);
  expect(await total(keys['view'], '&context=main/main')).toBe(78);
  expect(await total(keys['all'])).toBe(79);
  expect(await total(keys['boss'])).toBe(80);
  expect(await total(keys['boss'], '&context=lab')).toBe(1);
  expect(await total(kit.operateKey)).toBe(80);
  expect(refused(await api('GET', 'usage?by=day&context=lab', undefined, keys['all']))).toEqual([
    403,
    'scope_insufficient',
    'query.context',
  ]);
  await api('POST', 'organizations', { id: 'beryl' });
  const { text } = (await api('POST', 'keys?organization=beryl', { id: 'b', scope: 'view' })).body;
  expect(await total(text)).toBe(0);
  expect(refused(await api('GET', 'usage?by=day&context=main/main', undefined, text))[0]).toBe(403);
});

test('it equals the sum over the calls', async () => {
  const { calls } = (await api('GET', 'calls?limit=1000', undefined, keys['boss'])).body;
  const sum = calls.reduce((all: number, { charge }: { charge: number }) => all + charge, 0);
  expect((await api('GET', 'usage?by=reason', undefined, keys['boss'])).body).toMatchObject({ total: sum });
});

test('days that begin within an hour have their own calls of it, and no other ones', async () => {
  // Midnight of Kolkata is 18:30 in UTC.
  await spend('ben', '2026-10-26T18:29:59.999Z');
  await spend('ann', '2026-10-26T18:29:59.999Z');
  await spend('ann', '2026-10-26T18:30:00Z', '/plain/ok?size=dear');
  await spend('ann', '2026-10-26T18:59:00Z');
  kit.clock.now = Date.parse('2026-10-27T18:20:00Z');
  await spend('ann', '2026-10-27T18:20:00Z');
  const kolkata = 'zone=Asia/Kolkata';
  const { body } = await api('GET', `usage?by=day&days=5&${kolkata}`, undefined, keys['view']);
  expect(body).toMatchObject({ zone: 'Asia/Kolkata', from: '2026-10-22T18:30:00.000Z', until: '2026-10-27T18:30:00.000Z' });
  expect(body.rows).toEqual([
    { name: '2026-10-23', credits: 0, calls: 0 },
    { name: '2026-10-24', credits: 2, calls: 2 },
    { name: '2026-10-25', credits: 75, calls: 1 },
    { name: '2026-10-26', credits: 3, calls: 3 },
    { name: '2026-10-27', credits: 77, calls: 3 },
  ]);
  expect(await rows(`by=reason&days=1&${kolkata}`, keys['view'])).toEqual([['Fixed', 77, 3]]);
  expect(await rows(`by=reason&days=2&${kolkata}`, keys['boss'])).toEqual([
    ['Fixed', 80, 6],
    ['Enrichment', 1, 1],
  ]);
  expect(await rows('by=day&days=1&zone=Asia/Kathmandu', keys['view'])).toEqual([['2026-10-28', 1, 1]]);
});

test('what is not understood is told with its field', async () => {
  const at = async (query: string): Promise<unknown> => refused(await api('GET', `usage?${query}`, undefined, keys['view']));
  expect(await at('by=day&zone=Mars')).toEqual([422, 'input_invalid', 'query.zone']);
  expect(await at('by=week')).toEqual([422, 'input_invalid', 'query.by']);
  expect(await at('by=day&days=367')).toEqual([422, 'input_invalid', 'query.days']);
});
