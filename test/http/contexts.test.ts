// Which context pays: the key's own, or the one that Credits-Context picks among those that it may spend in; and when it may no more.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown('', '2026-03-10T12:00:00Z');
  const { done, join } = town;
  await done('POST', 'organizations', { id: 'globex', timeZone: 'UTC' });
  await join('ann');
  await done('POST', 'workspaces', { name: 'lab', labels: { project: 'lab' } });
  await done('PUT', 'workspaces/lab/users/ann', { role: 'member' });
  await done('POST', 'workspaces', { name: 'own', kind: 'personal', user: 'ann' });
  await done('PUT', 'workspaces/main/users/ann?organization=globex', { role: 'member' });
  await town.reach('ann', ['acme/lab', 'acme/own', 'globex/main']);
  await done('POST', 'grants', { id: 'home', amount: 100 });
  await done('POST', 'grants?organization=globex', { id: 'away', amount: 50, account: 'pool:globex' });
});
afterAll(() => town.kit.close());

describe('picking', () => {
  test.each([
    [undefined, 'acme/main', 99],
    ['lab', 'acme/lab', 98],
    ['acme/lab', 'acme/lab', 97],
    ['own', 'acme/own', 96],
    ['globex/main', 'globex/main', 49],
    ['acme/main', 'acme/main', 95],
  ])('%s: %s pays and is named', async (context, paid, left) => {
    const { status, headers } = await town.spend('ann', 1, context === undefined ? {} : { 'credits-context': context });
    expect(status).toBe(200);
    expect(headers.get('credits-context')).toBe(paid);
    expect(headers.get('credits-available')).toBe(String(left));
    const { body } = await town.kit.api('GET', `calls/${headers.get('credits-call')}`, undefined, await town.keyOf('ann'));
    const [organization, workspace] = paid.split('/');
    expect(body).toMatchObject({ organization, workspace, user: 'ann', charge: 1 });
  });

  test.each(['globex', 'other', 'globex/other', 'main/acme', '', 'acme/lab, globex/main'])(
    '%s is none of its contexts',
    async (context) => {
      const { status, body } = await town.spend('ann', 1, { 'credits-context': context });
      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'scope_insufficient', field: 'header.credits-context' });
      expect(body.known).toEqual(['acme/main', 'acme/lab', 'acme/own', 'globex/main']);
      expect(body.message).toContain('acme/main, acme/lab, acme/own, globex/main');
    },
  );

  test('a dry run and a 402 name the context too', async () => {
    const dry = await town.spend('ann', 1, { 'credits-context': 'lab', 'credits-dry-run': '?1' });
    expect(dry.headers.get('credits-context')).toBe('acme/lab');
    const short = await town.spend('ann', 1_000, { 'credits-context': 'globex/main' });
    expect(short.status).toBe(402);
    expect(short.headers.get('credits-context')).toBe('globex/main');
    expect(short.body).toMatchObject({ scope: { kind: 'organization', id: 'globex', cap: null }, available: 49 });
  });

  test('the same Idempotency-Key is another one in another context', async () => {
    const once = (context: string) => town.spend('ann', 1, { 'idempotency-key': 'k', 'credits-context': context });
    const [first, other, again] = [await once('acme/main'), await once('globex/main'), await once('acme/main')];
    expect([first.status, other.status, again.status]).toEqual([200, 200, 200]);
    expect([first, other, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, null, 'true']);
  });

  test('balance and estimates are of the context that is asked for, and name all of them', async () => {
    const home = await town.balance('ann');
    const away = await town.balance('ann', '?context=globex/main');
    expect([home.available, away.available]).toEqual([94, 48]);
    expect(away.context).toEqual({
      organization: 'globex',
      workspace: 'main',
      kind: 'team',
      user: 'ann',
      plan: null,
      seat: null,
    });
    expect(home.contexts).toEqual([
      { organization: 'acme', workspace: 'main', kind: 'team' },
      { organization: 'acme', workspace: 'lab', kind: 'team' },
      { organization: 'acme', workspace: 'own', kind: 'personal' },
      { organization: 'globex', workspace: 'main', kind: 'team' },
    ]);
    const call = { method: 'GET', path: '/town/ok?credits=1' };
    const text = await town.keyOf('ann');
    const { body } = await town.kit.api('POST', 'estimates?context=globex/main', { call }, text);
    expect(body).toMatchObject({ would: 'admit', available: 47 });
    expect((await town.kit.api('GET', 'balance?context=elsewhere', undefined, text)).status).toBe(403);
  });
});

describe('what is taken away pays for nothing more, from the very next call', () => {
  const spendIn = async (context: string): Promise<number> => (await town.spend('ann', 1, { 'credits-context': context })).status;

  test('a place', async () => {
    expect(await spendIn('lab')).toBe(200);
    await town.done('DELETE', 'workspaces/lab/users/ann');
    const { status, body } = await town.spend('ann', 1, { 'credits-context': 'lab' });
    expect(status).toBe(403);
    expect(body.message).toContain('has no place for ann');
    await town.done('PUT', 'workspaces/lab/users/ann', { role: 'viewer' });
    expect(await spendIn('lab')).toBe(403);
    await town.done('PUT', 'workspaces/lab/users/ann', { role: 'owner' });
    expect(await spendIn('lab')).toBe(200);
  });

  test('a workspace', async () => {
    await town.done('DELETE', 'workspaces/lab');
    expect(await spendIn('lab')).toBe(403);
    expect(await spendIn('main')).toBe(200);
    expect((await town.balance('ann')).contexts.map(({ workspace }: { workspace: string }) => workspace)).not.toContain('lab');
  });

  test('an organization', async () => {
    expect(await spendIn('globex/main')).toBe(200);
    await town.done('DELETE', 'organizations/globex');
    expect(await spendIn('globex/main')).toBe(403);
  });

  test('a person: the key is unknown', async () => {
    await town.done('DELETE', 'users/ann');
    expect(await spendIn('main')).toBe(401);
  });
});
