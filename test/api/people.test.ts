// Workspaces, users, places and seats of an organization.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type ApiAnswer, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
let manage: string;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
  api = checkedApi(kit);
  await api('PATCH', 'organizations/main', { plan: 'team', seatsMost: { pro: 2, guest: 9, free: 9 } });
  manage = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => kit.close());

async function spend(text: string): Promise<number> {
  return (await kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } })).status;
}

async function importCsv(text: string, key = kit.operateKey): Promise<ApiAnswer> {
  return api('POST', 'users/import', text, key);
}

test('workspaces: made once, changed by the operator, closed only where no call is held', async () => {
  const made = await api('POST', 'workspaces', { name: 'research' }, manage);
  expect([made.status, made.body]).toMatchObject([201, { repeated: false, workspace: { organization: 'main', kind: 'team' } }]);
  expect((await api('POST', 'workspaces', { name: 'research' }, manage)).status).toBe(200);
  expect(refused(await api('POST', 'workspaces', { name: 'research', labels: { a: 'b' } }))).toEqual([
    409,
    'conflict',
    'body.name',
  ]);
  expect(refused(await api('PATCH', 'workspaces/research', { labels: { a: 'b' } }, manage))).toEqual([
    403,
    'scope_insufficient',
    'body.labels',
  ]);
  expect((await api('PATCH', 'workspaces/research', { labels: { a: 'b' } })).body.workspace).toMatchObject({
    labels: { a: 'b' },
    version: 2,
  });
  expect(refused(await api('POST', 'workspaces', { name: 'own', kind: 'personal' }))).toEqual([
    422,
    'input_invalid',
    'body.user',
  ]);
  expect(refused(await api('POST', 'workspaces', { name: 'own', kind: 'personal', user: 'nobody' }))).toEqual([
    422,
    'input_invalid',
    'body.user',
  ]);
  await kit.grant(20);
  const { text } = await kit.makeKey({ scope: 'spend', workspace: 'research' });
  const slow = kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}`, 'x-demo-fault': 'slow=800' } });
  await expect.poll(async () => (await api('GET', 'calls?state=open')).body.calls.length).toBe(1);
  const held = await api('DELETE', 'workspaces/research', undefined, manage);
  expect(refused(held)).toEqual([409, 'conflict', undefined]);
  expect(held.body.message).toContain('1 calls are held');
  await slow;
  expect((await api('DELETE', 'workspaces/research', undefined, manage)).body.workspace.closedAt).not.toBeNull();
  expect(await spend(text)).toBe(403);
  expect(refused(await api('POST', 'keys', { id: 'late', scope: 'spend', workspace: 'research' }))).toEqual([
    422,
    'input_invalid',
    'body.workspace',
  ]);
});

test('users: once by address or id, renamed, in places with roles', async () => {
  const wanted = { name: 'Ann', email: 'ann@example.com', workspace: 'main', role: 'owner' };
  const ann = (await api('POST', 'users', wanted, manage)).body.user;
  expect(ann).toMatchObject({ organization: 'main', places: [{ workspace: 'main', role: 'owner' }], seat: null, version: 1 });
  expect((await api('POST', 'users', { ...wanted, email: 'ANN@example.com' }, manage)).status).toBe(409);
  expect((await api('POST', 'users', wanted, manage)).body).toMatchObject({ repeated: true, user: { id: ann.id } });
  expect(refused(await api('POST', 'users', { name: 'Who' }, manage))).toEqual([422, 'input_invalid', 'body.email']);
  expect(refused(await api('POST', 'users', { id: 'x', name: 'X', email: 'x at y' }))).toEqual([
    422,
    'input_invalid',
    'body.email',
  ]);
  expect(refused(await api('POST', 'users', { id: 'x', name: 'X', workspace: 'nowhere' }))).toEqual([
    422,
    'input_invalid',
    'body.workspace',
  ]);
  expect((await api('PATCH', `users/${ann.id}`, { name: 'Ann B.' }, manage)).body.user).toMatchObject({
    name: 'Ann B.',
    version: 2,
  });
  expect((await api('PUT', `workspaces/main/users/${ann.id}`, { role: 'viewer' }, manage)).body.place).toMatchObject({
    role: 'viewer',
  });
  expect((await api('GET', 'workspaces/main/users', undefined, manage)).body.places).toMatchObject([
    { user: ann.id, role: 'viewer' },
  ]);
  expect(refused(await api('PUT', 'workspaces/main/users/nobody', { role: 'owner' }, manage))).toEqual([
    404,
    'not_found',
    undefined,
  ]);
  expect(refused(await api('PUT', `workspaces/main/users/${ann.id}`, { role: 'king' }))).toEqual([
    422,
    'input_invalid',
    'body.role',
  ]);
  expect((await api('DELETE', `workspaces/main/users/${ann.id}`, undefined, manage)).body).toEqual({ gone: ann.id });
  expect((await api('DELETE', `workspaces/main/users/${ann.id}`, undefined, manage)).status).toBe(404);
  expect((await api('PUT', `workspaces/main/users/${ann.id}`, { role: 'member' }, manage)).status).toBe(201);
  expect((await api('GET', 'users?limit=1', undefined, manage)).body.users).toMatchObject([{ id: ann.id }]);
});

test('roles: a viewer’s key does not spend, a member’s view key sees their own calls, an owner’s the workspace', async () => {
  for (const [id, role] of [
    ['vic', 'viewer'],
    ['mia', 'member'],
    ['olga', 'owner'],
  ])
    await api('POST', 'users', { id, name: id, workspace: 'main', role });
  const make = (body: object): Promise<ApiAnswer> =>
    api('POST', 'keys', { id: `k-${JSON.stringify(body).length}`, ...body }, manage);
  expect(refused(await make({ scope: 'spend', user: 'vic' }))).toEqual([422, 'input_invalid', 'body.scope']);
  expect(refused(await make({ scope: 'spend', user: 'nobody' }))).toEqual([422, 'input_invalid', 'body.user']);
  expect(refused(await make({ id: 'x', scope: 'view', user: 'mia', sees: 'workspace' }))).toEqual([
    422,
    'input_invalid',
    'body.sees',
  ]);
  const texts: Record<string, string> = {};
  for (const [id, body] of Object.entries({
    mias: { scope: 'spend', user: 'mia' },
    olgas: { scope: 'spend', user: 'olga' },
    miaView: { id: 'mia-view', scope: 'view', user: 'mia' },
    olgaView: { id: 'olga-view', scope: 'view', user: 'olga' },
    vicView: { id: 'vic-view', scope: 'view', user: 'vic' },
  }))
    texts[id] = (await make({ id, ...body })).body.text;
  for (const id of ['mias', 'olgas']) expect(await spend(texts[id] ?? '')).toBe(200);
  const seen = async (id: string): Promise<string[]> =>
    (await api('GET', 'calls', undefined, texts[id])).body.calls.map(({ key }: { key: string }) => key);
  expect(await seen('miaView')).toEqual(['main_mias']);
  expect(await seen('olgaView')).toEqual(['main_olgas', 'main_mias']);
  expect(await seen('vicView')).toEqual(['main_olgas', 'main_mias']);
  const [other] = (await api('GET', 'calls?key=main_olgas')).body.calls;
  expect((await api('GET', `calls/${other.id}`, undefined, texts['miaView'])).status).toBe(404);
  expect((await api('GET', `calls/${other.id}`, undefined, texts['vicView'])).status).toBe(200);
  // A role that was taken back counts at once, also for keys from before.
  const olgas = (await make({ id: 'olga-manage', scope: 'manage', user: 'olga' })).body.text as string;
  expect((await api('GET', 'users', undefined, olgas)).status).toBe(200);
  await api('PUT', 'workspaces/main/users/olga', { role: 'member' }, manage);
  expect(await seen('olgaView')).toEqual(['main_olgas']);
  expect(refused(await api('GET', 'users', undefined, olgas))[0]).toBe(403);
  await api('PUT', 'workspaces/main/users/mia', { role: 'viewer' }, manage);
  expect(await spend(texts['mias'] ?? '')).toBe(403);
  await api('DELETE', 'workspaces/main/users/olga', undefined, manage);
  expect(await spend(texts['olgas'] ?? '')).toBe(403);
  expect(refused(await api('GET', 'calls', undefined, texts['olgaView']))).toEqual([403, 'scope_insufficient', undefined]);
});

test('seats: types of the plan, one for each user, and of what is sold only as many as the operator said', async () => {
  const made = await api('POST', 'seats', { id: 's1', type: 'pro', user: 'mia' }, manage);
  expect([made.status, made.body.seat]).toMatchObject([201, { id: 's1', type: 'pro', user: 'mia', version: 1 }]);
  expect((await api('POST', 'seats', { id: 's1', type: 'pro', user: 'mia' }, manage)).body.repeated).toBe(true);
  expect(refused(await api('POST', 'seats', { id: 's2', type: 'guest', user: 'mia' }, manage))).toEqual([
    409,
    'conflict',
    'body.user',
  ]);
  expect(refused(await api('POST', 'seats', { id: 's2', type: 'gold' }, manage))).toEqual([422, 'input_invalid', 'body.type']);
  expect(refused(await api('POST', 'seats', { id: 's2', type: 'pro', user: 'nobody' }, manage))).toEqual([
    422,
    'input_invalid',
    'body.user',
  ]);
  const both = await Promise.all(['s2', 's3'].map((id) => api('POST', 'seats', { id, type: 'pro' }, manage)));
  expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 403]);
  expect((await api('POST', 'seats', { id: 's4', type: 'guest' }, manage)).status).toBe(201);
  expect(refused(await api('PATCH', 'seats/s4', { type: 'pro' }, manage))).toEqual([403, 'scope_insufficient', 'body.type']);
  expect((await api('PATCH', 'seats/s4', { user: 'olga' }, manage)).body.seat).toMatchObject({ user: 'olga', version: 2 });
  expect((await api('PATCH', 'seats/s4', { user: null }, manage)).body.seat.user).toBeNull();
  const rivals = await Promise.all(
    [1, 2, 3].map((n) => api('POST', 'seats', { id: `rival-${n}`, type: 'guest', user: 'vic' }, manage)),
  );
  expect(rivals.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
  expect((await api('GET', 'users/mia')).body.user.seat).toEqual({ id: 's1', type: 'pro' });
  expect((await api('DELETE', 'seats/s4', undefined, manage)).body).toEqual({ gone: 's4' });
  expect((await api('GET', 'seats')).body.seats.map(({ id }: { id: string }) => id)).not.toContain('s4');
  expect(refused(await api('POST', 'seats', { id: 's4', type: 'guest' }))[0]).toBe(409);
});

test('a changed or lost seat revokes nothing', async () => {
  await api('POST', 'users', { id: 'sam', name: 'Sam', workspace: 'main' });
  await api('POST', 'seats', { id: 'sams', type: 'pro', user: 'sam' });
  const { text } = await kit.makeKey({ scope: 'spend', user: 'sam' });
  const own = async (): Promise<unknown> =>
    (await api('GET', 'balance', undefined, text)).body.sources.find(
      ({ account }: { account: string }) => account === 'user:main/sam',
    );
  expect(await spend(text)).toBe(200);
  expect(await own()).toMatchObject({ granted: 80, available: 79 });
  const entries = async (): Promise<number> => (await api('GET', 'entries?account=user:main/sam')).body.entries.length;
  const before = await entries();
  await api('PATCH', 'seats/sams', { type: 'guest' });
  expect(await own()).toMatchObject({ available: 79 });
  await api('PATCH', 'seats/sams', { type: 'pro' });
  expect(await own()).toMatchObject({ granted: 80, available: 79 });
  expect(await entries()).toBe(before);
});

test('import: all rows or none, the row and the column are named, and a repeat makes nobody twice', async () => {
  const head = 'name,email,workspace,role,seat';
  const at = async (text: string): Promise<unknown> => refused(await importCsv(text));
  expect(await at(`${head}\nBob,bob@example.com,main,member,pro\nCid,cid(at)example.com,main,member,`)).toEqual([
    422,
    'input_invalid',
    'row.3.email',
  ]);
  expect(await at(`${head}\nBob,bob@example.com,cellar,member,`)).toEqual([422, 'input_invalid', 'row.2.workspace']);
  expect(await at(`${head}\nBob,bob@example.com,main,boss,`)).toEqual([422, 'input_invalid', 'row.2.role']);
  expect(await at(`${head}\nBob,bob@example.com,main,member,gold`)).toEqual([422, 'input_invalid', 'row.2.seat']);
  expect(await at(`${head}\nBob,bob@example.com,,,\n\nBob,BOB@example.com,,,`)).toEqual([422, 'input_invalid', 'row.4.email']);
  expect(await at(`${head}\n,bob@example.com,,,`)).toEqual([422, 'input_invalid', 'row.2.name']);
  expect(await at(`${head}\nBob,bob@example.com,main`)).toEqual([422, 'input_invalid', 'row.2']);
  expect(await at('name,mail\nBob,bob@example.com')).toEqual([422, 'input_invalid', 'row.1.mail']);
  expect(await at('name\nBob')).toEqual([422, 'input_invalid', 'row.1.email']);
  expect(await at(head)).toEqual([422, 'input_invalid', 'body']);
  const many = Array.from({ length: 2_001 }, (_, index) => `P${index},p${index}@example.com,,,`).join('\n');
  expect(await at(`${head}\n${many}`)).toEqual([422, 'input_invalid', 'body']);
  expect((await api('GET', 'users')).body.users.map(({ name }: { name: string }) => name)).not.toContain('Bob');
  const text = `\uFEFF${head}\n"Bob, Jr.",bob@example.com,main,member,pro\nCid,cid@example.com,,viewer,\n`;
  const first = await importCsv(text);
  expect([first.status, first.body.made, first.body.kept]).toEqual([201, 2, 0]);
  const [bob, cid] = first.body.users as { id: string; row: number }[];
  expect([bob?.row, cid?.row]).toEqual([2, 3]);
  expect((await api('GET', `users/${bob?.id}`)).body.user).toMatchObject({
    name: 'Bob, Jr.',
    seat: { type: 'pro' },
    places: [{ role: 'member' }],
  });
  const again = await importCsv(text);
  expect([again.status, again.body.made, again.body.kept]).toEqual([200, 0, 2]);
  expect(await at(`${head}\nBob,bob@example.com,main,member,guest`)).toEqual([422, 'input_invalid', 'row.2.seat']);
  const [one, two] = await Promise.all([1, 2].map(() => importCsv('name,email\nTwin,twin@example.com')));
  expect([one?.body.made + two?.body.made, one?.body.users[0].id]).toEqual([1, two?.body.users[0].id]);
  expect(refused(await importCsv('name,email,seat\nDan,dan@example.com,pro', manage))).toEqual([
    403,
    'scope_insufficient',
    'row.2.seat',
  ]);
});
