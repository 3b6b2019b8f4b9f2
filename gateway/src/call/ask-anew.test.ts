// A quote made under a card that is no longer in force is made again before it is held (rule 2).
import { matchOperation } from '@tollgate/shared/match';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { expect, test } from 'vitest';
import { readCard } from '../cards.ts';
import type { Asked } from './ask.ts';
import { askAnew } from './ask-anew.ts';
import type { Gate } from './gate.ts';

function card(operations: string): RateCard {
  const read = readCard(`card: c\nservices:\n  s:\n    path: /s\n    upstream: u\n    operations:\n${operations}`, { file: 'c' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.card;
}

const CHEAP = card('      - { id: cheap, match: GET /a, price: [{ rate: 1 }] }\n');
const DEAR = card('      - { id: dear, match: GET /a, price: [{ rate: 9 }] }\n');
const GONE = card('      - { id: other, match: GET /b, price: [{ rate: 1 }] }\n');

const payers = { underCurrent: (payer: unknown) => payer };
const gateWith = (inForce: RateCard): Gate =>
  ({
    card: () => ({ card: inForce, since: 0 }),
    metrics: { unpriced: { inc: () => {} } },
    payers,
    ledger: { now: () => 0 },
  }) as unknown as Gate;
const payer = { organization: { next: null }, plan: undefined };
const { service } = matchOperation(CHEAP, 'GET', '/s/a');
const asked = {
  card: CHEAP,
  service,
  operationId: 'cheap',
  payer,
  req: { method: 'GET' },
  target: { path: '/s/a', search: '' },
} as unknown as Asked;
asked.request = { method: 'GET', path: '/a', query: [], headers: {}, body: { kind: 'none' }, labels: {}, plan: null };

test('the same card leaves the call as it is', () => {
  expect(askAnew(gateWith(CHEAP), asked)).toBe(asked);
});

test('another card gives its own operation', () => {
  expect(askAnew(gateWith(DEAR), asked)).toMatchObject({ card: DEAR, operationId: 'dear' });
});

test('a route that has no price any more is refused', () => {
  expect(askAnew(gateWith(GONE), asked)).toMatchObject({ refused: 'unpriced_operation' });
});
