import { expect, test } from 'vitest';
import { tell } from './tell.ts';

test('amounts go out as credits and moments as ISO 8601, also within; what is neither goes as it is', () => {
  const at = Date.parse('2026-12-01T00:00:00Z');
  const data = {
    amount: 8_200_000,
    expiresAt: at,
    from: at,
    percent: 80,
    limit: 1,
    next: { plan: 'pro', at },
    raise: { limit: 5_000_000, until: at, reason: 'launch' },
    price: { amount: '12.00', currency: 'USD' },
    parts: [{ amount: 1_500_000 }, 'text'],
    effectiveAt: null,
    // As decimal text or a fraction it is no amount of the ledger's, and not touched.
    spent: 0.5,
  };
  expect(tell({ type: 'cap.changed', organization: 'acme', workspace: 'acme/main', at, data })).toEqual({
    type: 'cap.changed',
    timestamp: '2026-12-01T00:00:00.000Z',
    data: {
      organization: 'acme',
      workspace: 'main',
      amount: 8.2,
      expiresAt: '2026-12-01T00:00:00.000Z',
      from: '2026-12-01T00:00:00.000Z',
      percent: 80,
      limit: 0.000001,
      next: { plan: 'pro', at: '2026-12-01T00:00:00.000Z' },
      raise: { limit: 5, until: '2026-12-01T00:00:00.000Z', reason: 'launch' },
      price: { amount: '12.00', currency: 'USD' },
      parts: [{ amount: 1.5 }, 'text'],
      effectiveAt: null,
      spent: 0.5,
    },
  });
  expect(tell({ type: 'grant.made', organization: 'acme', workspace: null, at, data: {} }).data).toEqual({
    organization: 'acme',
    workspace: null,
  });
});
