// What a request says must fit what it says elsewhere, and what is there: nothing of it is passed over in silence.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type ApiAnswer, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
  api = checkedApi(kit);
  for (const id of ['globex', 'initech', 'closing']) await api('POST', 'organizations', { id, plan: 'team' });
});
afterAll(() => kit.close());

test('an account of another organization than the one that is asked for', async () => {
  const wrong = [422, 'input_invalid', 'body.account'];
  const grant = { id: 'g1', amount: 5, account: 'pool:initech' };
  expect(refused(await api('POST', 'grants?organization=globex', grant))).toEqual(wrong);
  expect(refused(await api('POST', 'corrections?organization=globex', { ...grant, reason: 'x' }))).toEqual(wrong);
  for (const account of ['pool:initech', 'pool:globex'])
    expect((await api('GET', `grants?account=${account}`)).body.grants).toEqual([]);
  expect((await api('POST', 'grants?organization=initech', grant)).status).toBe(201);
  expect((await api('POST', 'grants', { ...grant, id: 'g2' })).status).toBe(201);
});

test('no credits come to an organization that is closed; what it owes is taken', async () => {
  await api('POST', 'grants?organization=closing', { id: 'before', amount: 5 });
  const { order } = (await api('POST', 'orders?organization=closing', { id: 'late', item: 'small' })).body;
  expect((await api('DELETE', 'organizations/closing')).status).toBe(200);
  const closed = [409, 'conflict', undefined];
  const within = '?organization=closing';
  expect(refused(await api('POST', `orders/${order.id}/confirm${within}`, { reason: 'paid' }))).toEqual(closed);
  expect((await api('GET', `orders/${order.id}${within}`)).body.order).toMatchObject({ state: 'open', paidAt: null });
  expect(refused(await api('POST', `grants${within}`, { id: 'after', amount: 5 }))).toEqual(closed);
  expect(refused(await api('POST', 'grants', { id: 'after', amount: 5, account: 'pool:closing' }))).toEqual(closed);
  expect(refused(await api('POST', `corrections${within}`, { id: 'more', amount: 5, reason: 'x' }))).toEqual(closed);
  expect((await api('POST', `corrections${within}`, { id: 'less', amount: -2, reason: 'x' })).status).toBe(201);
  expect((await api('POST', `orders/${order.id}/decline${within}`, { reason: 'closed' })).status).toBe(200);
});

test('an organization with other settings than the one of that id is another one', async () => {
  const made = {
    id: 'again',
    plan: 'team',
    timeZone: 'Europe/Berlin',
    anchor: '2026-01-15',
    seatsMost: { pro: 2, guest: 1 },
    extraLimit: 3,
  };
  expect((await api('POST', 'organizations', made)).status).toBe(201);
  expect((await api('POST', 'organizations', { ...made, seatsMost: { guest: 1, pro: 2 } })).body.repeated).toBe(true);
  for (const other of [
    { timeZone: 'Europe/Paris' },
    { anchor: '2026-01-16' },
    { seatsMost: { pro: 3, guest: 1 } },
    { seatsMost: undefined },
    { extraLimit: 4 },
  ])
    expect(refused(await api('POST', 'organizations', { ...made, ...other }))).toEqual([409, 'conflict', 'body.id']);
});

test('a zone is written as it is spelled, and seats are of types that there are', async () => {
  const zone = await api('PATCH', 'organizations/globex', { timeZone: 'europe/berlin' });
  expect([...refused(zone), zone.body.message]).toEqual([
    422,
    'input_invalid',
    'body.timeZone',
    'body.timeZone: it is spelled Europe/Berlin; found "europe/berlin".',
  ]);
  const seats = await api('PATCH', 'organizations/globex', { seatsMost: { gold: 1 } });
  expect(refused(seats)).toEqual([422, 'input_invalid', 'body.seatsMost.gold']);
  expect(seats.body.message).toContain('it has: free, pro, guest.');
  expect(refused(await api('POST', 'organizations', { id: 'planless', seatsMost: { pro: 1 } }))[0]).toBe(422);
});

test.each([
  ['{"id":"a","name":"A","name":"B"}', 'body.name'],
  ['{"id":"a","name":"A","n\\u0061me":"B"}', 'body.name'],
])('a member of a body that stands twice: %s', async (body, field) => {
  const { status, body: answer } = await api('POST', 'users', body);
  expect([status, answer.code, answer.field]).toEqual([400, 'body_unreadable', field]);
  expect(answer.message).toBe(`${field} stands twice; once would be right.`);
});

test('a member within a list that stands twice, one of another object of the same name, and what is no JSON', async () => {
  const key = (caps: string): Promise<ApiAnswer> => api('POST', 'keys', `{"id":"k","scope":"spend","caps":${caps}}`);
  const twice = await key('[{"window":"day","limit":1},{"window":"hour","limit":1,"limit":2}]');
  expect([...refused(twice)]).toEqual([400, 'body_unreadable', 'body.caps.1.limit']);
  expect((await key('[{"window":"day","limit":1},{"window":"hour","limit":1}]')).status).toBe(201);
  for (const text of ['{"a":1,}', '{"a":1 /* one */}'])
    expect((await api('POST', 'keys', text)).body.code).toBe('body_unreadable');
  const deep = (await api('POST', 'keys', `{"id":${'['.repeat(400_000)}`)).body;
  expect([deep.code, deep.message]).toEqual(['body_unreadable', 'The body is not a JSON object: it nests too deep.']);
});

test('a filter that stands twice, also the organization', async () => {
  for (const name of ['limit', 'organization']) {
    const answer = await api('GET', `users?${name}=5&${name}=6`);
    expect([...refused(answer), answer.body.message]).toEqual([
      422,
      'input_invalid',
      `query.${name}`,
      `query.${name} stands twice; once would be right.`,
    ]);
  }
});

test('a method that a path does not take', async () => {
  for (const [path, allow] of [
    ['users', 'POST, GET'],
    ['users/ann', 'GET, PATCH, DELETE'],
    ['workspaces/main/users/ann', 'PUT, DELETE'],
  ] as const) {
    const answer = await api(path.includes('/main/') ? 'GET' : 'PUT', path);
    expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([405, 'method_refused', allow]);
  }
  expect((await api('PUT', 'nowhere', {})).status).toBe(404);
});

test('a raise is for a time', async () => {
  await api('POST', 'caps', { id: 'raised', scope: { kind: 'organization', id: '*' }, window: 'day', limit: 1 });
  const raise = async (years: number): Promise<unknown> => {
    const until = new Date(Date.now() + years * 365 * 86_400_000).toISOString();
    return refused(await api('PATCH', 'caps/raised', { raise: { limit: 5, until, reason: 'a project' } }));
  };
  expect(await raise(11)).toEqual([422, 'input_invalid', 'body.raise.until']);
  expect(await raise(9)).toEqual([200, undefined, undefined]);
});

test('refusals of the API do not speak of calls', async () => {
  const { text } = await kit.makeKey({ id: 'spends', scope: 'spend' });
  const answers = [
    await api('GET', 'users', undefined, 'nonsense'),
    await api('GET', 'balance?context=nowhere', undefined, text),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 403]);
  for (const { body } of answers) expect(body.message).not.toContain('forwarded');
});
