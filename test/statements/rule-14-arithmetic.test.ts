import { test } from 'vitest';
import { priceList } from './price-list.ts';

const counted = (price: string): string => `- { id: t, match: GET /t, quantities: { n: "response.n" },
      bounds: { n: { most: 1000000, kept_by: documented } }, price: [${price}] }`;

test('rule 14: a unit is proportional, a started one is charged whole', () => {
  priceList(
    counted('{ per: n, unit: 1000, rate: 2 }'),
    `
    GET /t | 200 | n 0    | 0 of 2000
    GET /t | 200 | n 1    | 0.002
    GET /t | 200 | n 1284 | 2.568
  `,
  );
  priceList(
    counted('{ per: n, unit: 1000, started: true, rate: 2 }'),
    `
    GET /t | 200 | n 0    | 0
    GET /t | 200 | n 1    | 2
    GET /t | 200 | n 1000 | 2
    GET /t | 200 | n 1001 | 4
  `,
  );
});

test('rule 14: the total is rounded once, up, to a microcredit', () =>
  priceList(
    counted('{ per: n, unit: 3, rate: 0.000001 }, { per: n, unit: 3, rate: 0.000001 }'),
    `
    GET /t | 200 | n 1 | 0.000001
    GET /t | 200 | n 2 | 0.000002
    GET /t | 200 | n 3 | 0.000002
    GET /t | 200 | n 4 | 0.000003
  `,
  ));

test('rule 14: what floats get wrong is exact', () =>
  priceList(
    counted('{ per: n, rate: 0.1 }, { per: n, rate: 0.2 }'),
    `
    GET /t | 200 | n 1      | 0.3
    GET /t | 200 | n 3      | 0.9
    GET /t | 200 | n 999999 | 299999.7
  `,
  ));

test('rule 14: a formula is evaluated in decimals and snapped to a billionth', () =>
  priceList(
    counted('{ formula: "n / 3 * 3" }'),
    `
    GET /t | 200 | n 1  | 1
    GET /t | 200 | n 7  | 7
    GET /t | 200 | n 10 | 10
  `,
  ));
