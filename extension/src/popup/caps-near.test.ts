import { expect, test } from 'vitest';
import type { Balance } from '../messages.ts';
import { capsNear, tightestCap } from './caps-near.ts';

const scoped: Balance['caps'][number] = {
  id: 'main-daily',
  window: 'day',
  limit: 100,
  used: 80,
  resetsAt: '2026-11-21T00:00:00Z',
  scope: { kind: 'workspace', id: 'main' },
  mode: 'hard',
  percent: 80,
  raise: null,
};
const key: Balance['key'] = { id: 'k', scope: 'view', workspace: 'main', caps: [] };

function near(caps: readonly Balance['caps'][number][], own: Balance['key']['caps'] = []): readonly string[] {
  return capsNear({ caps, key: { ...key, caps: own } } as unknown as Balance).map(
    ({ scope, percent }) => `${scope ?? 'key'} ${percent}`,
  );
}

test('caps show from three quarters on, fullest first, those of the key among them', () => {
  const own = { window: 'month' as const, limit: 10, used: 9, resetsAt: null };
  expect(near([scoped, { ...scoped, used: 74.9 }], [own])).toEqual(['key 90', 'workspace main 80']);
});

test('a raise counts while it lasts, a shadow cap is nobody’s edge, a limit of nothing is full', () => {
  expect(near([{ ...scoped, raise: { limit: 200, until: '2026-11-21T00:00:00Z', reason: 'campaign' } }])).toEqual([]);
  expect(near([{ ...scoped, mode: 'shadow' }])).toEqual([]);
  expect(near([{ ...scoped, limit: 0, used: 0 }])).toEqual(['workspace main 100']);
});

test('of what is available, the tightest hard cap near its edge that binds every call lets so much through', () => {
  const left = (caps: readonly Balance['caps'][number][], available: number): number | undefined =>
    tightestCap({ caps, key, available } as unknown as Balance)?.left;
  expect(left([scoped, { ...scoped, used: 98 }], 50)).toBe(2);
  expect(left([{ ...scoped, used: 120 }], 50)).toBe(0);
  expect(left([scoped], 20), 'no less than there is').toBeUndefined();
  expect(left([{ ...scoped, used: 10 }], 500), 'far from its edge').toBeUndefined();
  expect(left([{ ...scoped, mode: 'soft' }], 50)).toBeUndefined();
  expect(left([{ ...scoped, scope: { kind: 'operation', id: 'query.execute' } }], 50)).toBeUndefined();
});
