import '../words-of-tests.ts';
import { expect, test } from 'vitest';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { Balance, Standing } from '../messages.ts';
import type { Surroundings } from './surroundings.ts';
import { isPrice, type Price, type Word } from './priced.ts';
import { priceTag, type AskPrice, type TagHere } from './price-tag.ts';
import { inMicrocredits } from './who-pays.ts';

const PAIRING = 'http://127.0.0.1:8402 key';
const CARD = `
card: small
services:
  records:
    path: /records
    upstream: records
    operations:
      - { id: read, match: "GET /v1/{id}", price: [{ rate: 2 }] }
      - id: export
        match: GET /v1/rows
        quantities: { rows: response.rows }
        bounds: { rows: { most: 100, kept_by: documented } }
        price: [{ per: rows, rate: 1 }]
`;

function operations(): NonNullable<ReturnType<Surroundings['cards']['get']>>['operations'] {
  const loaded = loadRateCard(CARD, { file: 'small', version: '1' });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join());
  return new Map(loaded.card.services.flatMap((service) => service.operations).map((one) => [one.id, one]));
}

/** Only what pricing reads of them. */
function around(available: number, link: Standing['link'] = 'live', changedAt = 0): Surroundings {
  const sources = [{ kind: 'pool', available, granted: 1_000 }] as unknown as Balance['sources'];
  const balance = { available, sources, caps: [], extra: null, context: { plan: null } } as unknown as Balance;
  const pairing = { id: PAIRING, context: 'main/main' } as Standing['pairing'];
  return {
    standings: [{ pairing, balance, asOf: 0, link, problem: null, spentToday: null }],
    cards: new Map([[PAIRING, { tags: {}, operations: operations() }]]),
    changedAt: new Map([[PAIRING, changedAt]]),
  } as unknown as Surroundings;
}

function tag(parts: readonly string[], more: Partial<TagHere> = {}): TagHere {
  const named = parts.map((operation) => ({ operation, inputs: {} }));
  return {
    key: 'k',
    rule: 'r',
    origin: 'card',
    via: 'gateway',
    pairing: PAIRING,
    name: '',
    parts: named,
    schedule: null,
    claimed: null,
    ...more,
  };
}

function told(quote: number, word?: Word): Price {
  const most = inMicrocredits(quote);
  return { exact: false, low: inMicrocredits(0), expected: null, high: most, quote: most, lines: () => [], word };
}
const nobody: AskPrice = () => {
  throw new Error('the gateway was asked');
};
const REFUSED: Word = { would: 'refuse', message: 'No.' };

function priceOf(...given: Parameters<typeof priceTag>): Price {
  const priced = priceTag(...given);
  if (priced === undefined || !isPrice(priced.price)) throw new Error(JSON.stringify(priced));
  return priced.price;
}

test('what the request decides is priced without asking, who pays as well', () => {
  expect(priceOf(tag(['read', 'read', 'read']), around(100), nobody)).toMatchObject({
    exact: true,
    quote: 6_000_000,
    word: { would: 'admit', pays: [{ kind: 'pool', amount: 6_000_000 }] },
  });
});

test('what the balance does not decide is asked of the gateway, of one call in its own words', () => {
  expect(priceOf(tag(['read']), around(1), () => told(2, REFUSED)).word).toEqual(REFUSED);
  expect(priceOf(tag(['read']), around(100, 'stale'), () => told(2, { would: 'admit', pays: [] })).word).toEqual({
    would: 'admit',
    pays: [],
  });
});

test('calls that fit one by one and not together are refused together', () => {
  expect(priceOf(tag(['read', 'read']), around(3), nobody).word).toMatchObject({
    would: 'refuse',
    message: 'The most that these can cost together is more than the 3 credits that are left.',
  });
});

test('what was refused is asked about again once the balance is another', () => {
  const asked: (number | undefined)[] = [];
  const ask: AskPrice = (_payer, _call, newerThan) => {
    asked.push(newerThan);
    return told(100, newerThan === 7 ? { would: 'admit', pays: [] } : REFUSED);
  };
  expect(priceOf(tag(['export', 'read']), around(500, 'live', 7), ask).word?.would).toBe('admit');
  expect(asked).toEqual([undefined, 7]);
});

test('a gateway that does not answer now leaves no word of before', () => {
  expect(priceOf(tag(['export']), around(500, 'offline'), () => told(100, { would: 'admit', pays: [] })).word).toBeUndefined();
});

test('an estimate alone has no word, and nothing is asked about it', () => {
  expect(priceOf(tag(['read'], { via: 'none' }), around(1), nobody).word).toBeUndefined();
});

test('no price: where none is known yet, where none can be, and where nobody has one', () => {
  expect(priceTag(tag(['export']), around(500), () => undefined)).toBeUndefined();
  const given = tag([], { parts: [{ operation: 'read', inputs: { nothing: 1 } }] });
  expect(priceTag(given, around(500), nobody)?.price).toMatchObject({
    unknown: false,
    problem: expect.stringContaining('nothing'),
  });
  expect(priceTag(tag(['read'], { pairing: null }), around(500), nobody)?.price).toMatchObject({ unknown: true });
});
