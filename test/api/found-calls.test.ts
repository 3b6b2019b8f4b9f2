// Calls found by their chain and by the labels of a run: only those that the key may see (promise 7).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
const keys: Record<string, string> = {};

beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 1_000 });
  api = checkedApi(kit);
  await api('POST', 'workspaces', { name: 'lab' });
  for (const id of ['ann', 'ben']) {
    await api('POST', 'users', { id, name: id, workspace: 'main' });
    await api('PUT', `workspaces/lab/users/${id}`, { role: 'member' });
    keys[id] = (await kit.makeKey({ id: `${id}s`, scope: 'spend', user: id, contexts: ['lab'] })).text;
    keys[`${id} view`] = (await kit.makeKey({ id: `${id}-view`, scope: 'view', user: id, contexts: ['lab'] })).text;
  }
  keys['all'] = (await kit.makeKey({ id: 'all', scope: 'view' })).text;
  await api('POST', 'organizations', { id: 'beryl' });
  await api('POST', 'grants?organization=beryl', { id: 'beryl-first', amount: 100, reason: 'x' });
  for (const scope of ['spend', 'view', 'manage'])
    keys[`beryl ${scope}`] = (await api('POST', 'keys?organization=beryl', { id: `b-${scope}`, scope })).body.text;
});
afterAll(() => kit.close());

async function call(who: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${keys[who]}`, ...more } });
  await answer.text();
  expect(answer.status).toBe(200);
  return answer.headers.get('credits-call') ?? '';
}

async function found(query: string, key = kit.operateKey): Promise<string[]> {
  const { calls } = (await api('GET', `calls?${query}`, undefined, key)).body;
  return calls.map(({ id }: { id: string }) => id);
}

test('a chain is the call at its root and all below it, each naming its parent', async () => {
  const root = await call('ann');
  const child = await call('ann', { 'credits-parent': root });
  const grandchild = await call('ann', { 'credits-parent': child });
  const elsewhere = await call('ben', { 'credits-parent': child });
  await call('ann');
  expect(await found(`chain=${root}`)).toEqual([elsewhere, grandchild, child, root]);
  expect(await found(`chain=${root}&limit=1&before=${child}`)).toEqual([root]);
  // A call below the root is no root of a chain: it is all that is found by it.
  expect(await found(`chain=${child}`)).toEqual([child]);
  expect(await found(`chain=${root}`, keys['ann'])).toEqual([grandchild, child, root]);
  expect(await found(`chain=${root}`, keys['ann view'])).toEqual([grandchild, child, root]);
  expect(await found(`chain=${root}`, keys['ben view'])).toEqual([elsewhere]);
  const { calls } = (await api('GET', `calls?chain=${root}`, undefined, keys['ann'])).body;
  expect(calls.map(({ parent, chain }: Record<string, unknown>) => [parent, chain])).toEqual([
    [child, root],
    [root, root],
    [null, null],
  ]);
  expect((await api('GET', `calls/${grandchild}`, undefined, keys['ann'])).body).toMatchObject({ parent: child, chain: root });
});

test('a run of a scenario, and what each module of it did', async () => {
  const labels = (module: string, run: string) => ({ baggage: `scenario=leads,module=${module},run=${run}` });
  const first = await call('ann', labels('search', 'r1'));
  const second = await call('ann', labels('score', 'r1'));
  const later = await call('ann', labels('search', 'r2'));
  const bens = await call('ben', labels('search', 'r2'));
  await call('ann', { baggage: 'scenario=other,module=search,run=r1' });
  expect(await found('scenario=leads')).toEqual([bens, later, second, first]);
  expect(await found('scenario=leads&run=r1')).toEqual([second, first]);
  expect(await found('scenario=leads&run=r1&module=search')).toEqual([first]);
  expect(await found('scenario=leads', keys['ann view'])).toEqual([later, second, first]);
  expect(await found('scenario=leads&state=settled&operation=plain.ok', keys['ben view'])).toEqual([bens]);
  expect(await found('scenario=leads&state=open', keys['all'])).toEqual([]);
  expect(await found('run=r9')).toEqual([]);
});

test('without a workspace they are looked for in all that the key sees, and never beyond', async () => {
  const baggage = 'scenario=moved,run=r1';
  const here = await call('ann', { baggage });
  const there = await call('ann', { baggage, 'credits-context': 'lab' });
  const root = await call('ann', { 'credits-context': 'lab' });
  const below = await call('ann', { 'credits-context': 'lab', 'credits-parent': root });
  expect(await found('scenario=moved', keys['ann view'])).toEqual([there, here]);
  expect(await found('scenario=moved&workspace=lab', keys['ann view'])).toEqual([there]);
  expect(await found(`chain=${root}`, keys['ann view'])).toEqual([below, root]);
  expect(await found('scenario=moved', keys['all'])).toEqual([here]);
  expect(await found('scenario=moved&workspace=lab', keys['all'])).toEqual([]);
});

test('another organization finds nothing by names that it has guessed, and its own by the same names', async () => {
  const baggage = 'scenario=leads,module=search,run=r1';
  const own = await call('beryl spend', { baggage });
  const root = await call('ann', { baggage });
  for (const who of ['beryl spend', 'beryl view', 'beryl manage']) {
    expect(await found('scenario=leads', keys[who])).toEqual([own]);
    expect(await found('scenario=leads&module=search&run=r1', keys[who])).toEqual([own]);
    expect(await found(`chain=${root}`, keys[who])).toEqual([]);
  }
  expect(await found('scenario=leads', keys['all'])).not.toContain(own);
});

test('what is no id of a call is said so', async () => {
  expect(refused(await api('GET', 'calls?chain=%20'))).toEqual([422, 'input_invalid', 'query.chain']);
  expect(refused(await api('GET', `calls?run=${'x'.repeat(257)}`))).toEqual([422, 'input_invalid', 'query.run']);
});
