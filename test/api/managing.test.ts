// What a manage key may do with keys, what it may not, and what the audit keeps of all that was done.
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
  manage = (await kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => kit.close());

const make = (body: object, key = manage): Promise<ApiAnswer> => api('POST', 'keys', body, key);

test('spend and view keys for its organization, no wider word than its own', async () => {
  expect(
    (await make({ id: 'batch', scope: 'spend', service: 'nightly', limits: { perMinute: 60, concurrent: 2 } })).body.key,
  ).toMatchObject({
    organization: 'main',
    workspace: 'main',
    service: 'nightly',
    user: null,
    limits: { perMinute: 60, concurrent: 2 },
    bypass: false,
  });
  expect(refused(await make({ id: 'x', scope: 'operate' }))).toEqual([403, 'scope_insufficient', 'body.scope']);
  expect(refused(await make({ id: 'x', scope: 'spend', bypass: true }))).toEqual([403, 'scope_insufficient', 'body.bypass']);
  expect(refused(await make({ id: 'x', scope: 'spend', labels: { agent: 'sidekick' } }))).toEqual([
    403,
    'scope_insufficient',
    'body.labels',
  ]);
  expect(refused(await make({ id: 'x', scope: 'spend', user: 'ann', service: 'nightly' }))).toEqual([
    422,
    'input_invalid',
    'body.service',
  ]);
  expect(refused(await make({ id: 'x', scope: 'spend', workspace: 'cellar' }))).toEqual([422, 'input_invalid', 'body.workspace']);
  expect(refused(await make({ id: 'x', scope: 'spend', expiresAt: '2020-01-01T00:00:00Z' }))).toEqual([
    422,
    'input_invalid',
    'body.expiresAt',
  ]);
  expect(
    (await make({ id: 'passes', scope: 'spend', bypass: true, labels: { agent: 'sidekick' } }, kit.operateKey)).body.key.bypass,
  ).toBe(true);
});

test('a manage key from the operator makes further ones, and those make none', async () => {
  const second = await make({ id: 'deputy', scope: 'manage' });
  expect(second.status).toBe(201);
  expect(refused(await make({ id: 'third', scope: 'manage' }, second.body.text))).toEqual([
    403,
    'scope_insufficient',
    'body.scope',
  ]);
  expect((await make({ id: 'deputys', scope: 'spend' }, second.body.text)).status).toBe(201);
  expect(refused(await api('POST', 'keys/boss/rotate', {}, second.body.text))[0]).toBe(403);
  expect((await api('POST', 'keys/deputy/rotate', {}, second.body.text)).status).toBe(201);
  expect((await api('DELETE', 'keys/deputy.2', undefined, manage)).status).toBe(200);
});

test('it neither sees nor touches operate keys, also not those of the command line', async () => {
  const { keys } = (await api('GET', 'keys', undefined, manage)).body as { keys: { id: string; scope: string }[] };
  expect(keys.map(({ scope }) => scope)).not.toContain('operate');
  const operate = (await api('GET', 'keys?scope=operate')).body.keys[0].id as string;
  expect((await api('DELETE', `keys/${operate}`, undefined, manage)).status).toBe(404);
  expect((await api('POST', `keys/${operate}/rotate`, {}, manage)).status).toBe(404);
  expect((await api('GET', 'balance')).status).toBe(200);
});

test('keys are found by user, workspace, service and scope', async () => {
  await api('POST', 'users', { id: 'ann', name: 'Ann', workspace: 'main' });
  await make({ id: 'anns', scope: 'spend', user: 'ann' });
  const found = async (query: string): Promise<string[]> =>
    (await api('GET', `keys?${query}`, undefined, manage)).body.keys.map(({ id }: { id: string }) => id);
  expect(await found('user=ann')).toEqual(['main_anns']);
  expect(await found('service=nightly')).toEqual(['main_batch']);
  expect(await found('scope=manage')).toEqual(['main_deputy.2', 'main_deputy', 'boss']);
  expect(await found('workspace=cellar')).toEqual([]);
});

test('contexts: each must be a place of the user; of another organization only by the operator’s word', async () => {
  await api('POST', 'organizations', { id: 'anns-own', name: 'Ann', kind: 'person', user: 'ann' });
  await api('POST', 'grants?organization=anns-own', { id: 'anns-first', amount: 5 });
  await api('POST', 'grants', { id: 'company-first', amount: 7 });
  const wanted = { id: 'both', scope: 'spend', user: 'ann', contexts: ['anns-own/personal'] };
  expect(refused(await make(wanted))).toEqual([422, 'input_invalid', 'body.contexts.0']);
  await api('POST', 'workspaces', { name: 'side' });
  expect(refused(await make({ ...wanted, contexts: ['side'] }))).toEqual([422, 'input_invalid', 'body.user']);
  const { text } = (await make(wanted, kit.operateKey)).body as { text: string };
  const spend = async (context?: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${text}`, ...(context === undefined ? {} : { 'credits-context': context }) };
    const answer = await kit.call('/plain/ok', { headers });
    return [answer.status, answer.headers.get('credits-context'), answer.headers.get('credits-available')];
  };
  expect(await spend()).toEqual([200, 'main/main', '6']);
  expect(await spend('anns-own/personal')).toEqual([200, 'anns-own/personal', '4']);
  expect((await api('GET', 'calls', undefined, text)).body.calls).toHaveLength(2);
  expect((await api('GET', 'calls?organization=anns-own')).body.calls).toHaveLength(1);
  // What is Ann's own is not the company's to see.
  expect(
    (await api('GET', 'calls', undefined, manage)).body.calls.map(({ organization }: { organization: string }) => organization),
  ).toEqual(['main']);
});

test('two that rotate the same key at once make one, and its line shares what is capped', async () => {
  await make({ id: 'spun', scope: 'spend' });
  const both = await Promise.all([1, 2, 3].map(() => api('POST', 'keys/spun/rotate', {}, manage)));
  expect(both.map(({ body }) => body.key.id)).toEqual(['main_spun.2', 'main_spun.2', 'main_spun.2']);
  expect(both.filter(({ body }) => body.text !== null)).toHaveLength(1);
});

test('grants: by packages with their months, to accounts that are there', async () => {
  const made = await api('POST', 'grants', { id: 'pack', package: 'small', kind: 'top-up' });
  expect(made.body.grant).toMatchObject({
    amount: 50,
    reason: 'package small',
    account: 'pool:main',
    expiresAt: expect.any(String),
  });
  const months = (Date.parse(made.body.grant.expiresAt) - Date.now()) / 86_400_000;
  expect(months).toBeGreaterThan(57);
  const at = async (body: object): Promise<unknown> => refused(await api('POST', 'grants', { id: 'bad', ...body }));
  expect(await at({ package: 'huge' })).toEqual([422, 'input_invalid', 'body.package']);
  expect(await at({ package: 'small', amount: 1 })).toEqual([422, 'input_invalid', 'body.amount']);
  expect(await at({ amount: 1, account: 'pool:nobody' })).toEqual([422, 'input_invalid', 'body.account']);
  expect(await at({ amount: 1, account: 'user:main/nobody' })).toEqual([422, 'input_invalid', 'body.account']);
  expect(await at({ amount: 1, account: 'absorbed' })).toEqual([422, 'input_invalid', 'body.account']);
  const range = { effectiveAt: '2030-02-01T00:00:00Z', expiresAt: '2030-01-01T00:00:00Z' };
  expect(await at({ amount: 1, ...range })).toEqual([422, 'input_invalid', 'body.expiresAt']);
  expect((await api('POST', 'grants', { id: 'anns', amount: 3, account: 'user:main/ann', kind: 'promo' })).status).toBe(201);
});

test('the audit: each change is a row, a repeat or a refusal is none, and nothing in it can be changed', async () => {
  const since = (await api('GET', 'audit?limit=1')).body.audit[0].number as number;
  const rows = async (query = ''): Promise<{ number: number; action: string; subject: { id: string } }[]> =>
    ((await api('GET', `audit?limit=1000${query}`)).body.audit as { number: number; action: string; subject: { id: string } }[])
      .filter(({ number }) => number > since)
      .reverse();
  const grant = { id: 'told', amount: 2, reason: 'a gift' };
  for (let repeat = 0; repeat < 2; repeat += 1) await api('POST', 'grants', grant);
  await api('POST', 'grants', { ...grant, amount: 3 });
  await api('DELETE', 'grants/told?reason=typo');
  await api('DELETE', 'grants/told');
  await api('POST', 'corrections', { id: 'mended', amount: 1, reason: 'sorry' });
  await api('POST', 'card/reload');
  await make({ id: 'noted', scope: 'spend', name: 'Of Ann' });
  await make({ id: 'noted', scope: 'spend', name: 'Of Ann' });
  await api('DELETE', 'keys/main_noted');
  expect((await rows()).map(({ action, subject }) => [action, subject.id])).toEqual([
    ['grant.make', 'told'],
    ['grant.void', 'told'],
    ['correction.make', 'mended'],
    ['card.reload', expect.any(String)],
    ['key.make', 'main_noted'],
    ['key.revoke', 'main_noted'],
  ]);
  const [void_] = (await api('GET', 'audit?action=grant.void')).body.audit;
  expect(void_).toMatchObject({
    organization: 'main',
    reason: 'typo',
    by: expect.stringMatching(/^operate-/),
    from: expect.stringContaining('127.0.0.1'),
  });
  const [key] = (await api('GET', 'audit?kind=key&id=noted&action=key.make', undefined, manage)).body.audit;
  expect(key).toMatchObject({ by: 'boss', before: null, after: { id: 'main_noted', scope: 'spend' } });
  expect(JSON.stringify(key)).not.toContain('Of Ann');
  // The gateway's own are the operator's to read.
  expect((await api('GET', 'audit?action=card.reload', undefined, manage)).body.audit).toEqual([]);
  const first = (await api('GET', 'audit?limit=2', undefined, manage)).body;
  const next = (await api('GET', `audit?limit=2&before=${first.next}`, undefined, manage)).body;
  expect(first.audit[1].number).toBeGreaterThan(next.audit[0].number);
  expect((await api('GET', 'verify')).body.findings).toEqual([]);
});
