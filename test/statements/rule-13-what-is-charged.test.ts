import { test } from 'vitest';
import { priceList } from './price-list.ts';

const ROWS =
  '{ id: rows, match: GET /rows, quantities: { rows: "response.n" }, bounds: { rows: { most: 50, kept_by: documented } }';

test('rule 13: a 2xx is charged, other statuses are not; what a 206 brought is measured, a 304 is free', () =>
  priceList(
    `- ${ROWS}, price: [{ rate: 1 }, { per: rows, rate: 0.1 }] }`,
    `
    GET /rows  | 200  | rows 50  | 6 of 6
    GET /rows  | 201  | rows 5   | 1.5
    GET /rows  | 206  | rows 5   | 1.5
    GET /rows  | 304  |          | 0 not_charged_status
    GET /rows  | 404  |          | 0 not_charged_status
    GET /rows  | 429  |          | 0 not_charged_status
    GET /rows  | 500  | rows 5   | 0 not_charged_status
  `,
  ));

test('rule 13: the card may say otherwise, with its prices', () =>
  priceList(
    `- ${ROWS}, charge_on: [2xx, 404], price: [{ rate: 1 }, { per: rows, rate: 0.1 }] }`,
    `
    GET /rows  | 200  | rows 5   | 1.5
    GET /rows  | 404  | rows 0   | 1
    GET /rows  | 500  | rows 0   | 0 not_charged_status
  `,
  ));

test("rule 13: a HEAD pays its request's lines only", () =>
  priceList(
    `- ${ROWS}, price: [{ rate: 1 }, { per: rows, rate: 0.1 }] }`,
    `
    GET /rows | 200  | rows 5   | 1.5 of 6
    HEAD /rows | 200  |          | 1 of 1
    HEAD /rows | 404  |          | 0 of 1 not_charged_status
  `,
  ));

test('rule 13: an answer that breaks off after a 200 is an unknown end, and where the status alone decides it changes nothing', () =>
  priceList(
    `
    - ${ROWS}, price: [{ rate: 1 }, { per: rows, rate: 0.1 }] }
    - { id: fixed, match: GET /fixed, price: [{ rate: 5 }] }
  `,
    `
    GET /rows  | 200 broken  | rows 5   | 1.5 end_unknown
    GET /rows  | 200 broken  |          | 6 quantity_missing end_unknown
    GET /rows  | 200 broken  | rows ~20 | 3 quantity_missing end_unknown
    GET /fixed | 200         |          | 5
    GET /fixed | 200 broken  |          | 5
    GET /fixed | none unknown |         | 5 end_unknown
  `,
  ));
