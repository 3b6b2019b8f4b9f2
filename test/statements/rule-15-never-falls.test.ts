import { expect, test } from 'vitest';
import { priceList, problemsOf } from './price-list.ts';

const counted = (price: string, more = ''): string => `- { id: t, match: GET /t, quantities: { n: "response.n" },
      bounds: { n: { most: 1000, kept_by: documented } }, price: [${price}]${more} }`;

test('rule 15: tiers are graduated, so that one more never costs less', () =>
  priceList(
    counted('{ per: n, graduated: [{ upto: 100, rate: 1 }, { upto: 500, rate: 0.5 }, { rate: 0.1 }] }'),
    `
    GET /t | 200 | n 99   | 99 of 350
    GET /t | 200 | n 100  | 100
    GET /t | 200 | n 101  | 100.5
    GET /t | 200 | n 500  | 300
    GET /t | 200 | n 501  | 300.1
    GET /t | 200 | n 1000 | 350
  `,
  ));

test('rule 15: a price that may fall needs a ceiling of its own', () => {
  const falls = '{ formula: "max(0, 100 - n)" }';
  expect(problemsOf(counted(falls))).toMatch(/ceiling/);
  priceList(
    counted(falls, ', ceiling: 100'),
    `
    GET /t | 200 | n 0    | 100 of 100
    GET /t | 200 | n 40   | 60 of 100
    GET /t | 200 | n 1000 | 0 of 100
  `,
  );
});
