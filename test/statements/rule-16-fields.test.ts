import { test } from 'vitest';
import { priceList } from './price-list.ts';

const BY = '- { id: t, match: POST /t, price: [{ by: body.size, is: { small: 1, large: 20 }';

test('rule 16: an unknown value is refused, an absent one and null have a value of their own', () =>
  priceList(
    `${BY}, absent: small, unknown: refuse }] }`,
    `
    POST /t {"size": "large"}  |     |  | 20 of 20
    POST /t {"size": "small"}  |     |  | 1 of 1
    POST /t {}                 |     |  | 1 of 1
    POST /t {"size": null}     |     |  | 1 of 1
    POST /t {"size": "huge"}   |     |  | refused value_unknown body.size
    POST /t {"size": "Large"}  |     |  | refused value_unknown body.size
    POST /t {"size": 5}        |     |  | refused value_unknown body.size
  `,
  ));

test('rule 16: or it is charged at the most of its table, where the card says so', () =>
  priceList(
    `${BY}, absent: small, unknown: most }] }`,
    `
    POST /t {"size": "huge"}   | 200 |  | 20 of 20 value_unknown
    POST /t {}                 | 200 |  | 1 of 1
  `,
  ));

test('rule 16: a field of the body, the query, the path and a header are different fields', () =>
  priceList(
    `
    - { id: body,   match: POST /body,        price: [{ by: body.size,   is: { a: 1, b: 2 }, absent: a, unknown: refuse }] }
    - { id: query,  match: POST /query,       price: [{ by: query.size,  is: { a: 1, b: 2 }, absent: a, unknown: refuse }] }
    - { id: path,   match: "POST /p/{size}",  price: [{ by: path.size,   is: { a: 1, b: 2 }, unknown: refuse }] }
    - { id: header, match: POST /header,      price: [{ by: header.size, is: { a: 1, b: 2 }, absent: a, unknown: refuse }] }
  `,
    `
    POST /body?size=b {"size": "a"}           | | | 1 of 1
    POST /query?size=b {"size": "a"}          | | | 2 of 2
    POST /p/b?size=a {"size": "a"} size: a    | | | 2 of 2
    POST /header?size=a {"size": "a"} size: b | | | 2 of 2
  `,
  ));

test('rule 16: a priced field given twice is refused', () =>
  priceList(
    '- { id: t, match: GET /t, price: [{ by: query.size, is: { a: 1, b: 2 }, absent: a, unknown: refuse }] }',
    `
    GET /t?size=b         | | | 2 of 2
    GET /t?size=b&size=b  | | | refused field_invalid query.size
    GET /t?size=a&size=b  | | | refused field_invalid query.size
  `,
  ));

test('rule 16: operands of a bound are whole numbers of zero or more', () =>
  priceList(
    `- { id: t, match: POST /t, quantities: { rows: "response.n" }, bounds: { rows: { most: body.limit, kept_by: request } },
      fields: { body.limit: { absent: 10 } }, price: [{ per: rows, rate: 1 }] }`,
    `
    POST /t {"limit": 3}     | 200 | rows 2 | 2 of 3
    POST /t {}               | 200 | rows 2 | 2 of 10
    POST /t {"limit": -1}    |     |        | refused field_invalid body.limit
    POST /t {"limit": 2.5}   |     |        | refused field_invalid body.limit
    POST /t {"limit": "3x"}  |     |        | refused field_invalid body.limit
  `,
  ));

test('rule 16: a label that decides a price is the one fixed on the key or the workspace', () =>
  priceList(
    '- { id: t, match: GET /t, price: [{ by: label.tier, is: { gold: 1, iron: 5 }, absent: iron, unknown: refuse }] }',
    `
    GET /t                               | | | 5 of 5
    GET /t label.tier: gold              | | | 1 of 1
    GET /t label.tier: gilt              | | | refused value_unknown label.tier
    GET /t baggage: tier=gold            | | | 5 of 5
  `,
  ));
