import { expect, test } from 'vitest';
import { chargeCall } from './charge.ts';
import { microcredits } from './credits.ts';
import { estimateCall } from './estimate.ts';
import { explainCharge, explainQuote } from './explain.ts';
import { fitsWithin } from './fits.ts';
import { quoteCall } from './quote.ts';
import { cardText, facts, load, matched, operationOf, quoted, request } from './rate-card/testing.ts';

const CHAT = `
- id: chat
  match: POST /x
  meter: openai
  fields: { body.max: { absent: 4096, or: body.max_old }, body.n: { absent: 1 } }
  bounds: { output_tokens: { most: "body.max * body.n", kept_by: inject } }
  price: [{ rate: 1 }, { per: output_tokens, unit: 1000, by: body.model, is: { a: 1, b: 4 } }]
`;

test('an estimate prices past usage with the inputs of this request', () => {
  const operation = operationOf(CHAT);
  const observed = Array.from({ length: 11 }, (_, index) => ({
    quantities: { output_tokens: (10 - index) * 100 },
    bounds: { output_tokens: 4096 },
  }));
  const outcome = estimateCall(operation, {}, request({ json: { model: 'b' } }), observed);
  expect(outcome).toMatchObject({ estimate: { exact: false, low: 1.4e6, expected: 3e6, high: 5e6 } });
  const small = estimateCall(operation, {}, request({ json: { model: 'b', max: 200 } }), observed);
  expect(small).toMatchObject({ estimate: { low: 1.4e6, expected: 1.8e6, high: 1.8e6 } });
});

const FOUND = `
- id: enrich
  match: POST /x
  quantities: { found: response.count, pages: response.pages }
  fields: { body.limit: { absent: 10 } }
  bounds:
    found: { most: "size(body.ids)", kept_by: documented }
    pages: { most: body.limit, kept_by: inject }
  price: [{ per: found, rate: 2 }, { per: pages, rate: 0.5 }]
`;
const past = (found: number, ids: number, pages = 0, limit = 10) => ({
  quantities: { found, pages },
  bounds: { found: ids, pages: limit },
});
const forIds = (ids: number, limit = 10) => request({ json: { ids: Array.from({ length: ids }, String), limit } });

test('what grows with the request is learnt as a share of what was asked for', () => {
  const operation = operationOf(FOUND);
  const of = (ids: number, observed: readonly ReturnType<typeof past>[], limit?: number) =>
    estimateCall(operation, {}, forIds(ids, limit), observed);
  expect(of(5, [past(1, 1)])).toMatchObject({ estimate: { low: 10e6, expected: 10e6, high: 10e6 } });
  expect(of(1, [past(40, 50)])).toMatchObject({ estimate: { expected: 1.6e6, high: 1.6e6 } });
  // One call in twenty found all: what may be is as much as was seen at the most.
  const mostly = [...Array.from({ length: 19 }, () => past(1, 4)), past(4, 4)];
  expect(of(8, mostly)).toMatchObject({ estimate: { low: 4e6, expected: 4e6, high: 16e6 } });
  // Nothing of nothing is no share.
  expect(of(8, [past(0, 0)])).toMatchObject({ estimate: { expected: 0 } });
});

test('what is known of the usage takes the place of what was observed, up to the bounds, and changes no quote', () => {
  const operation = operationOf(FOUND);
  const of = (known: Record<string, number>, observed: readonly ReturnType<typeof past>[] = []) =>
    estimateCall(operation, {}, forIds(5), observed, known);
  // All of it is known: two credits for each found, half a credit a page.
  expect(of({ found: 3, pages: 2 }, [past(1, 5, 9)])).toMatchObject({ estimate: { low: 7e6, expected: 7e6, high: 7e6 } });
  expect(of({ found: 30, pages: 2 })).toMatchObject({ estimate: { expected: 11e6, quote: { ceiling: 15e6 } } });
  // The pages are learnt; and where nobody learnt them, from none of them up to their bound.
  expect(of({ found: 3 }, [past(1, 5, 4)])).toMatchObject({ estimate: { low: 8e6, expected: 8e6, high: 8e6 } });
  expect(of({ found: 3 })).toMatchObject({ estimate: { low: 6e6, expected: undefined, high: 11e6, quote: { ceiling: 15e6 } } });
});

test('what was bounded by what a request refers to is no share of the request', () => {
  const operation = operationOf(`
- id: embed
  match: POST /x
  meter: openai
  bounds: { input_tokens: { most: body.bytes, by_reference: 100000, kept_by: documented } }
  price: [{ per: input_tokens, rate: 1 }]
`);
  const expectedOf = (bytes: number) =>
    estimateCall(operation, {}, request({ json: { model: 'a' } }), [
      { quantities: { input_tokens: 7 }, bounds: { input_tokens: bytes } },
    ]);
  expect(expectedOf(100_000)).toMatchObject({ estimate: { expected: 7e6, high: 7e6 } });
  expect(expectedOf(26)).toMatchObject({ estimate: { expected: 3.5e6, high: 3.5e6 } });
});

test('a limit that was reached held back, another one did not', () => {
  const operation = operationOf(FOUND);
  const of = (limit: number, pages: number) => estimateCall(operation, {}, forIds(1, limit), [past(0, 1, pages, 10)]);
  expect(of(30, 10)).toMatchObject({ estimate: { expected: 15e6, high: 15e6 } });
  expect(of(30, 4)).toMatchObject({ estimate: { expected: 2e6, high: 6e6 } });
  expect(of(2, 4)).toMatchObject({ estimate: { expected: 1e6, high: 1e6 } });
});

test('without past calls it goes from an answer that uses nothing to the quote, and expects nothing', () => {
  const outcome = estimateCall(operationOf(CHAT), {}, request({ json: { model: 'a' } }), []);
  expect(outcome).toMatchObject({ estimate: { exact: false, low: 1e6, expected: undefined, high: 5.096e6 } });
});

test('an estimate is of an answer that is charged', () => {
  const operation = operationOf(`
- { id: t, match: GET /x, charge_on: 404, bounds: { bytes: { most: 1 KB, kept_by: cut } }, price: [{ rate: 1 }, { per: bytes, unit: 1 KB, rate: 1 }] }
`);
  expect(estimateCall(operation, {}, request(), [])).toMatchObject({ estimate: { low: 1e6, high: 2e6 } });
});

test('a fixed price is exact, a refused request has no estimate', () => {
  const fixed = operationOf('- { id: t, match: POST /x, price: [{ rate: 2 }] }');
  expect(estimateCall(fixed, {}, request(), [{ quantities: {}, bounds: {} }])).toMatchObject({
    estimate: { exact: true, low: 2e6, expected: 2e6, high: 2e6 },
  });
  expect(estimateCall(operationOf(CHAT), {}, request({ json: { model: 'c' } }), [])).toMatchObject({ ok: false });
});

test('what would fit is the largest value whose quote fits, by the name the client uses', () => {
  const operation = operationOf(CHAT);
  for (const [json, name] of [
    [{ model: 'b' }, 'max'],
    [{ model: 'b', max: 3000 }, 'max'],
    [{ model: 'b', max_old: 3000, n: 2 }, 'max_old'],
  ] as const) {
    const fits = fitsWithin(operation, {}, request({ json }), microcredits(3_500_001));
    const largest = 'n' in json ? 312 : 625;
    expect(fits).toEqual({ [name]: largest });
    const cost = (value: number): number => {
      const outcome = quoteCall(operation, {}, request({ json: { ...json, [name]: value } }));
      return outcome.ok ? outcome.quote.ceiling : Number.NaN;
    };
    expect(cost(largest)).toBeLessThanOrEqual(3_500_001);
    expect(cost(largest + 1)).toBeGreaterThan(3_500_001);
  }
  expect(fitsWithin(operation, {}, request({ json: { model: 'b' } }), microcredits(1_000_000))).toEqual({});
});

test('a limit in the query fits too', () => {
  const operation = operationOf(`
- id: rows
  match: GET /x
  quantities: { rows: response.count }
  fields: { query.limit: { absent: 25000 } }
  bounds: { rows: { most: query.limit, kept_by: inject } }
  price: [{ per: rows, rate: 0.001 }]
`);
  expect(fitsWithin(operation, {}, request({ method: 'GET' }), microcredits(10_000_000))).toEqual({ limit: 10_000 });
});

test('an explanation gives the same numbers as the charge, with rounding, losers and version', () => {
  const card = load(cardText(`${CHAT}\n- { id: rest, match: POST /**, price: [] }`, 'step: 0.5\n'));
  const match = matched(card, 'POST', '/api/x');
  const asked = request({ json: { model: 'a' } });
  const before = explainQuote(card, match, asked);
  expect(before).toMatchObject({
    explanation: {
      version: 'v1',
      operation: { id: 'chat', service: 'api', match: 'POST /x' },
      losers: [{ id: 'rest' }],
      rounding: { exact: '5.096', step: '0.5', total: '5.5' },
    },
  });
  const quote = quoted(match.operation, asked);
  const stored = JSON.parse(JSON.stringify(facts(quote, { output_tokens: 37 }))) as ReturnType<typeof facts>;
  const charge = chargeCall(match.operation, facts(quote, { output_tokens: 37 }), quote.ceiling);
  const after = explainCharge(card, match.operation, stored, quote.ceiling);
  expect(after).toMatchObject({ total: charge.total, rounding: { exact: '1.037', total: '1.5' } });
  expect(after.lines).toEqual(charge.lines);
});
