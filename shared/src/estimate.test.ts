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
  const observed = Array.from({ length: 11 }, (_, index) => ({ output_tokens: (10 - index) * 100 }));
  const outcome = estimateCall(operation, {}, request({ json: { model: 'b' } }), observed);
  expect(outcome).toMatchObject({ estimate: { exact: false, low: 1.4e6, expected: 3e6, high: 4.6e6 } });
  const small = estimateCall(operation, {}, request({ json: { model: 'b', max: 200 } }), observed);
  expect(small).toMatchObject({ estimate: { low: 1.4e6, expected: 1.8e6, high: 1.8e6 } });
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
  expect(estimateCall(fixed, {}, request(), [{}])).toMatchObject({
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
