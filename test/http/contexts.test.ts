// Which context pays: the key's own, or the one that Credits-Context picks among those that it may spend in; and when it may no more.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown('', '2026-03-10T12:00:00Z');
  const { done, join, kit } = town;
    void estimate;
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
