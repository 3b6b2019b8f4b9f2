// What a manage key names is its organization's own (promise 7): kept as `<organization>_<id>`, and found by either name.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type ApiAnswer, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let manage: string;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
  for (const id of ['amber', 'beryl']) {
    await kit.api('POST', 'organizations', { id, plan: 'team', seatsMost: { guest: 9 } });
    await kit.api('POST', `users?organization=${id}`, { id: `of-${id}`, name: id, workspace: 'main' });
    await kit.api('POST', `keys?organization=${id}`, { id: `key-of-${id}`, scope: 'spend' });
  }
  manage = (await kit.api('POST', 'keys?organization=beryl', { id: 'boss', scope: 'manage' })).body.text;
});
afterAll(() => kit.close());

const api = (method: string, path: string, body?: unknown, key = manage): Promise<ApiAnswer> =>
  checkedApi(kit)(method, path, body, key);

test('a user and what is theirs are found by the short id and by the whole one', async () => {
  const ann = { id: 'ann', name: 'Ann', email: 'ann@example.com', workspace: 'main' };
  expect((await api('POST', 'users', ann)).body).toMatchObject({ user: { id: 'beryl_ann' }, repeated: false });
  expect((await api('POST', 'users', { ...ann, id: 'beryl_ann' })).body).toMatchObject({
    user: { id: 'beryl_ann' },
    repeated: true,
  });
  for (const id of ['ann', 'beryl_ann']) {
    expect((await api('GET', `users/${id}`)).body.user.id).toBe('beryl_ann');
    expect((await api('PATCH', `users/${id}`, { name: id })).body.user).toMatchObject({ id: 'beryl_ann', name: id });
    expect((await api('PUT', `workspaces/main/users/${id}`, { role: 'owner' })).body.place.user).toBe('beryl_ann');
    expect((await api('POST', 'keys', { id: 'hers', scope: 'spend', user: id })).body.key).toMatchObject({
      id: 'beryl_hers',
      user: 'beryl_ann',
    });
    const cap = { id: 'hers', scope: { kind: 'user', id }, window: 'day', limit: 9 };
    expect((await api('POST', 'caps', cap)).body.cap.scope.id).toBe('beryl_ann');
    expect((await api('POST', 'seats', { id: 'hers', type: 'guest', user: id })).body.seat.user).toBe('beryl_ann');
    const ofKey = { id: 'key', scope: { kind: 'key', id: id === 'ann' ? 'hers' : 'beryl_hers' }, window: 'day', limit: 9 };
    expect((await api('POST', 'caps', ofKey)).body.cap.scope.id).toBe('beryl_hers');
    expect((await api('GET', `keys?user=${id}`)).body.keys.map((key: { id: string }) => key.id)).toEqual(['beryl_hers']);
  }
  expect((await api('PATCH', 'seats/hers', { user: null })).body.seat.user).toBeNull();
  expect((await api('PATCH', 'seats/hers', { user: 'ann' })).body.seat.user).toBe('beryl_ann');
  const { grant } = (await api('POST', 'grants', { id: 'g', amount: 3, account: 'user:beryl/beryl_ann' }, kit.operateKey)).body;
  expect(grant.account).toBe('user:beryl/beryl_ann');
  expect((await api('POST', 'keys/hers/rotate', {})).body.key.id).toBe('beryl_hers.2');
  expect((await api('DELETE', 'keys/hers.2')).body.key.revokedAt).not.toBeNull();
  expect((await api('DELETE', 'workspaces/main/users/ann')).body.gone).toBe('beryl_ann');
  expect((await api('DELETE', 'users/ann')).body.id).toBe('beryl_ann');
});

test('what an operator named in the organization stays called so', async () => {
  expect((await api('GET', 'users/of-beryl')).body.user.id).toBe('of-beryl');
  expect((await api('PATCH', 'users/of-beryl', { name: 'Other' })).status).toBe(200);
  const key = { id: 'key-of-beryl', scope: 'spend' };
  expect((await api('POST', 'keys', key)).body).toMatchObject({ key: { id: 'key-of-beryl' }, repeated: true });
});

test('an id of another organization answers as one that nobody has', async () => {
  const made = async (path: string, body: object): Promise<unknown> => {
    const { status, body: answer } = await api('POST', path, body);
    return [status, answer.key?.id ?? answer.user?.id];
  };
  expect(await made('keys', { id: 'key-of-amber', scope: 'spend' })).toEqual([201, 'beryl_key-of-amber']);
  expect(await made('keys', { id: 'nobodys', scope: 'spend' })).toEqual([201, 'beryl_nobodys']);
  expect(await made('users', { id: 'of-amber', name: 'Ann' })).toEqual([201, 'beryl_of-amber']);
  expect(await made('users', { id: 'nobodys', name: 'Ann' })).toEqual([201, 'beryl_nobodys']);
});

test('nobody takes an id that another organization would have', async () => {
  const inAmber = (path: string, body: object): Promise<ApiAnswer> =>
    api('POST', `${path}?organization=amber`, body, kit.operateKey);
  const wrong = [422, 'input_invalid', 'body.id'];
  expect(refused(await inAmber('keys', { id: 'beryl_taken', scope: 'spend' }))).toEqual(wrong);
  expect(refused(await inAmber('users', { id: 'beryl_taken', name: 'Ann', email: 'taken@example.com' }))).toEqual(wrong);
  expect(refused(await api('POST', 'keys', { id: 'x'.repeat(64), scope: 'spend' }))).toEqual(wrong);
  expect((await inAmber('keys', { id: 'later_web', scope: 'spend' })).status).toBe(201);
  expect(refused(await api('POST', 'organizations', { id: 'later' }, kit.operateKey))).toEqual([409, 'conflict', 'body.id']);
});
