// Organizations: made, changed and closed; what a plan, a zone and an anchor mean for their cycles.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import type { GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: ClockedGatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, credits: 0, at: '2026-01-31T10:00:00Z' });
  api = checkedApi(kit);
});
afterAll(() => kit.close());

async function change(id: string, body: object): Promise<Record<string, unknown>> {
  const answer = await api('PATCH', `organizations/${id}`, body);
  expect([answer.status, answer.body.code]).toEqual([200, undefined]);
  return answer.body.organization as Record<string, unknown>;
}

test('the first organization is there, with its workspace, and can not be closed', async () => {
  const { body } = await api('GET', 'organizations');
  expect(body.organizations).toMatchObject([{ id: 'main', plan: null, cycle: null, timeZone: 'UTC', version: 1 }]);
  expect((await api('GET', 'workspaces')).body.workspaces).toMatchObject([{ name: 'main', kind: 'team', closedAt: null }]);
  expect(refused(await api('DELETE', 'organizations/main'))).toEqual([409, 'conflict', undefined]);
});

test('made once: a repeat makes nothing, another content is a conflict, and what can not be is named', async () => {
  const wanted = { id: 'acme', name: 'Acme', timeZone: 'Europe/Berlin' };
  const first = await api('POST', 'organizations', wanted);
  expect([first.status, first.headers.get('etag'), first.body.repeated]).toEqual([201, '"1"', false]);
  expect((await api('POST', 'organizations', wanted)).body.repeated).toBe(true);
  expect(refused(await api('POST', 'organizations', { ...wanted, name: 'Other' }))).toEqual([409, 'conflict', 'body.id']);
  const at = async (body: object): Promise<unknown> => refused(await api('POST', 'organizations', { id: 'x', ...body }));
  expect(await at({ timeZone: 'Europe/Atlantis' })).toEqual([422, 'input_invalid', 'body.timeZone']);
  expect(await at({ timeZone: '+02:00' })).toEqual([422, 'input_invalid', 'body.timeZone']);
  expect(await at({ plan: 'teem' })).toEqual([422, 'input_invalid', 'body.plan']);
  expect(await at({ plan: 'team', anchor: '2026-01-32' })).toEqual([422, 'input_invalid', 'body.anchor']);
  expect(await at({ plan: 'team', anchor: '2026-02-30' })).toEqual([422, 'input_invalid', 'body.anchor']);
  expect(await at({ plan: 'team', anchor: '2026-02-01' })).toEqual([422, 'input_invalid', 'body.anchor']);
  expect(await at({ extraLimit: -1 })).toEqual([422, 'input_invalid', 'body.extraLimit']);
  expect(await at({ extraLimit: 0.0000001 })).toEqual([422, 'input_invalid', 'body.extraLimit']);
  expect(await at({ id: 'Big Corp' })).toEqual([422, 'input_invalid', 'body.id']);
  expect(await at({ kind: 'person' })).toEqual([422, 'input_invalid', 'body.user']);
  expect((await api('GET', 'organizations/x')).status).toBe(404);
});

test('an anchor is given once, and the 31st clamps and comes back', async () => {
  const made = await api('POST', 'organizations', { id: 'old', plan: 'team', anchor: '2025-12-31' });
  expect(made.body.organization).toMatchObject({
    anchor: '2025-12-31',
    cycle: { every: 'month', from: '2026-01-31T00:00:00.000Z', until: '2026-02-28T00:00:00.000Z' },
  });
  expect((await change('old', { anchor: '2025-12-31' }))['version']).toBe(1);
  const again = await api('PATCH', 'organizations/old', { anchor: '2026-01-15' });
  expect(refused(again)).toEqual([409, 'conflict', 'body.anchor']);
  expect(again.body.message).toContain('2025-12-31');
  const today = await api('POST', 'organizations', { id: 'today', plan: 'team' });
  expect(today.body.organization.anchor).toBe('2026-01-31');
});

test('a plan whose cycles go on comes now; one with other cycles when the present one ends, and can be taken back until then', async () => {
  await api('POST', 'organizations', { id: 'growing', plan: 'team', anchor: '2026-01-15' });
  expect(await change('growing', { plan: 'bigger' })).toMatchObject({ plan: 'bigger', next: null });
  const end = '2026-02-15T00:00:00.000Z';
  expect(await change('growing', { plan: 'yearly' })).toMatchObject({ plan: 'bigger', next: { at: end, plan: 'yearly' } });
  expect(await change('growing', { plan: 'bigger' })).toMatchObject({ plan: 'bigger', next: null });
  expect(await change('growing', { plan: null })).toMatchObject({ plan: 'bigger', next: { at: end, plan: null } });
  expect(await change('growing', { plan: 'yearly' })).toMatchObject({ plan: 'bigger', next: { at: end, plan: 'yearly' } });
  await kit.turnTo('2026-02-15T00:00:00Z');
  const later = (await api('GET', 'organizations/growing')).body.organization;
  expect(later).toMatchObject({
    plan: 'yearly',
    next: null,
    cycle: { every: 'year', from: end, until: '2028-01-01T00:00:00.000Z' },
  });
  // Leaving and coming back finds the cycle that was there.
  expect(await change('growing', { plan: 'team' })).toMatchObject({
    plan: 'yearly',
    next: { at: '2028-01-01T00:00:00.000Z', plan: 'team' },
  });
});

test('another time zone counts from the end of the cycle, together with a plan that is to come', async () => {
  await api('POST', 'organizations', { id: 'moving', plan: 'team', anchor: '2026-02-10' });
  const end = '2026-03-10T00:00:00.000Z';
  expect(await change('moving', { timeZone: 'Asia/Tokyo' })).toMatchObject({
    timeZone: 'UTC',
    next: { at: end, plan: 'team', timeZone: 'Asia/Tokyo' },
  });
  expect(await change('moving', { plan: 'yearly' })).toMatchObject({
    plan: 'team',
    next: { at: end, plan: 'yearly', timeZone: 'Asia/Tokyo' },
  });
  expect(await change('moving', { plan: 'bigger', timeZone: 'UTC' })).toMatchObject({
    plan: 'bigger',
    timeZone: 'UTC',
    next: null,
  });
  // Without a cycle a month by the calendar is what its windows of a cycle are.
  expect(await change('main', { timeZone: 'Asia/Tokyo' })).toMatchObject({
    timeZone: 'UTC',
    next: { at: '2026-03-01T00:00:00.000Z', timeZone: 'Asia/Tokyo' },
  });
});

test('extra credits: what the card starts with, an operator’s word that is recorded, and no more for a manage key', async () => {
  await api('POST', 'organizations', { id: 'paying', plan: 'yearly' });
  expect((await api('GET', 'organizations/paying')).body.organization).toMatchObject({ extraLimit: 7, extraWord: 'plan yearly' });
  expect((await api('POST', 'keys?organization=paying', { id: 'paying-manage', scope: 'manage' })).status).toBe(201);
  const { text } = (await api('POST', 'keys/paying-manage/rotate', {})).body as { text: string };
  const more = await api('PATCH', 'organizations/paying', { extraLimit: 8 }, text);
  expect(refused(more)).toEqual([422, 'input_invalid', 'body.extraLimit']);
  expect((await api('PATCH', 'organizations/paying', { extraLimit: 3 }, text)).body.organization.extraLimit).toBe(3);
  expect((await change('paying', { extraLimit: 20 }))['extraWord']).toMatch(/^operate-/);
  expect(await change('paying', { extraLimit: 0 })).toMatchObject({ extraLimit: 0, extraWord: null });
  expect(refused(await api('PATCH', 'organizations/paying', { plan: 'team' }, text))).toEqual([
    403,
    'scope_insufficient',
    'body.plan',
  ]);
  expect((await api('PATCH', 'organizations/paying', { name: 'We pay' }, text)).body.organization.name).toBe('We pay');
});

test('If-Match: a stale version changes nothing and is told what is there', async () => {
  const { headers } = await api('GET', 'organizations/acme');
  expect(headers.get('etag')).toBe('"1"');
  const ask = async (etag: string, name: string): Promise<Response> =>
    fetch(`${kit.url}/tollgate/v1/organizations/acme`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${kit.operateKey}`, 'if-match': etag },
      body: JSON.stringify({ name }),
    });
  const done = await ask('"1"', 'Acme Ltd');
  expect([done.status, done.headers.get('etag')]).toEqual([200, '"2"']);
  const stale = await ask('"1"', 'Acme Inc');
  const said = (await stale.json()) as { code: string; field: string; message: string };
  expect([stale.status, said.code, said.field]).toEqual([422, 'input_invalid', 'header.if-match']);
  expect(said.message).toContain('"2"');
  expect((await ask('two', 'Acme Inc')).status).toBe(422);
  expect((await api('GET', 'organizations/acme')).body.organization.name).toBe('Acme Ltd');
});

test('thirty changes at once are made one after the other; of thirty for the same version, one', async () => {
  await api('POST', 'organizations', { id: 'busy', seatsMost: {} });
  const all = await Promise.all(
    Array.from({ length: 30 }, (_, index) => api('PATCH', 'organizations/busy', { name: `Busy ${index}` })),
  );
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
  expect(new Set(all.map(({ body }) => body.organization.version)).size).toBe(30);
  const headers = { authorization: `Bearer ${kit.operateKey}`, 'if-match': '"31"' };
  const same = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      fetch(`${kit.url}/tollgate/v1/organizations/busy`, {
        method: 'PATCH',
        headers,
        body: JSON.stringify({ name: `Same ${index}` }),
      }),
    ),
  );
  expect(same.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(same.filter(({ status }) => status === 422)).toHaveLength(29);
});

test('closed: nothing is spent there any more, and it can not be changed', async () => {
  const made = await api('POST', 'keys?organization=acme', { id: 'acme-web', scope: 'spend' });
  await api('POST', 'grants?organization=acme', { id: 'acme-first', amount: 10 });
  const call = async (): Promise<number> =>
    (await kit.call('/plain/ok', { headers: { authorization: `Bearer ${made.body.text}` } })).status;
  expect(await call()).toBe(200);
  const slow = kit.call('/plain/ok', { headers: { authorization: `Bearer ${made.body.text}`, 'x-demo-fault': 'slow=700' } });
  await expect.poll(async () => (await api('GET', 'calls?organization=acme&state=open')).body.calls.length).toBe(1);
  expect(refused(await api('DELETE', 'organizations/acme'))).toEqual([409, 'conflict', undefined]);
  await slow;
  expect((await api('DELETE', 'organizations/acme')).body.organization.closedAt).not.toBeNull();
  expect((await api('DELETE', 'organizations/acme')).status).toBe(200);
  expect(await call()).toBe(403);
  expect(refused(await api('PATCH', 'organizations/acme', { name: 'x' }))[0]).toBe(409);
  expect(refused(await api('POST', 'keys?organization=acme', { id: 'acme-late', scope: 'spend' }))[0]).toBe(409);
});

test('plans: what the card sells, and how many have it', async () => {
  const { body } = await api('GET', 'plans');
  const team = body.plans.find(({ name }: { name: string }) => name === 'team');
  expect(team).toMatchObject({
    every: 'month',
    cycle: 'anniversary',
    pool: 100,
    usedBy: 3,
    extra: { limit: 0, fee: { amount: '0.002', currency: 'USD' } },
  });
  expect(team.seats.map(({ type }: { type: string }) => type)).toEqual(['free', 'pro', 'guest']);
  expect(body.packages).toEqual([
    { name: 'small', credits: 50, price: { amount: '12', currency: 'USD' }, months: 2 },
    { name: 'large', credits: 500, price: { amount: '99', currency: 'USD' }, months: null },
  ]);
});
