import { describe, expect, test } from 'vitest';
import type { Balance } from '../messages.ts';
import { usedOf } from './used-of.ts';

const source = { account: 'pool', kind: 'pool' as const, granted: 100.1, spent: 20.1, held: 0.2, available: 79.8, expiring: [] };
const cycle: NonNullable<Balance['cycle']> = {
  every: 'month',
  from: '2026-11-01T00:00:00Z',
  until: '2026-12-01T00:00:00Z',
  resetsAt: '2026-12-01T00:00:00Z',
  of: { kind: 'user', id: 'ada' },
  allowance: 8_000,
  used: 2_000,
  percent: 25,
  averagePerDay: 100,
  daysLeft: 15,
  runsOutAt: null,
};

function balance(more: Partial<Balance>): Balance {
  return { sources: [source], cycle: null, ...more } as Balance;
}

describe('used of total', () => {
  test('is of the allowance of the cycle, with the place of an even pace', () => {
    const half = Date.parse('2026-11-16T00:00:00Z');
    expect(usedOf(balance({ cycle }), half)).toEqual({ used: 2_000, total: 8_000, share: 0.25, even: 0.5 });
  });

  test('is of all that was granted where no allowance comes, to six decimals', () => {
    const used = usedOf(balance({ cycle: { ...cycle, allowance: 0 }, sources: [source, source] }), 0);
    expect(used).toMatchObject({ used: 40.6, total: 200.2, even: null });
    expect(used?.share).toBeCloseTo(40.6 / 200.2);
  });

  test('a clock that is wrong and more used than came stay within the bar', () => {
    expect(usedOf(balance({ cycle: { ...cycle, used: 9_000 } }), 0)).toMatchObject({ used: 9_000, share: 1, even: 0 });
    expect(usedOf(balance({ cycle }), Date.parse('2027-11-16T00:00:00Z'))).toMatchObject({ even: 1 });
  });

  test('nothing of nothing is no bar', () => {
    expect(usedOf(balance({ sources: [] }), 0)).toBeNull();
  });
});
