// What must hold for every price and every usage, not only for the examples beside the code.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chargeCall } from '@tollgate/shared/charge';
import type { Charge, Quote } from '@tollgate/shared/pricing';
import type { CallEnd, RequestFacts } from '@tollgate/shared/facts';
import { quoteCall } from '@tollgate/shared/quote';
import type { Operation } from '@tollgate/shared/rate-card/card';
import { lines, operationOf, use, type Use } from './card.ts';
import { calculated } from './calculator.ts';

const asked = (model: string): RequestFacts => {
  const value = { model };
  const text = JSON.stringify(value);
  return {
    method: 'POST',
    path: '/call',
    query: [],
    headers: {},
    body: { kind: 'json', text, value, bytes: text.length },
    labels: {},
    plan: null,
  };
};

function quoteOf(operation: Operation, model: string): Quote {
  const outcome = quoteCall(operation, {}, asked(model));
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.quote;
}

const CLEAN: CallEnd = { status: 200, how: 'complete' };

function chargeOf(
  operation: Operation,
  quote: Quote,
  quantities: Partial<Use>,
  end: CallEnd = CLEAN,
  received: Partial<Use> = {},
): Charge {
  const { inputs, bounds } = quote;
  return chargeCall(operation, { inputs, bounds, measurement: { quantities, received, problems: [] }, end }, quote.ceiling);
}

const model = fc.constantFrom('a', 'b');
const RUNS = { numRuns: 200 };

test('a charge is never above its quote, and within the bounds nothing is absorbed, however the call ends', () => {
  const ends = fc.constantFrom<CallEnd>(
    CLEAN,
    { status: 200, how: 'cut' },
    { status: 200, how: 'broken' },
    { status: undefined, how: 'unknown' },
  );
  fc.assert(
    fc.property(
      lines,
      model,
      use,
      use,
      fc.subarray(['bytes', 'seconds', 'output_tokens'] as const),
      ends,
      (price, of, used, seen, told, end) => {
        const operation = operationOf(price);
        const quote = quoteOf(operation, of);
        const charge = chargeOf(operation, quote, Object.fromEntries(told.map((name) => [name, used[name]])), end, seen);
        expect(charge.total).toBeLessThanOrEqual(quote.ceiling);
        expect(charge.absorbed).toBe(0);
        expect(charge.total).toBeGreaterThanOrEqual(0);
      },
    ),
    RUNS,
  );
});

test('a broken bound is absorbed to the microcredit: total + absorbed is the price of what was used', () => {
  fc.assert(
    fc.property(lines, model, use, fc.integer({ min: 1, max: 50 }), (price, of, used, times) => {
      const operation = operationOf(price);
      const quote = quoteOf(operation, of);
      const much = { ...used, bytes: used.bytes * times, output_tokens: used.output_tokens * times };
      const charge = chargeOf(operation, quote, much);
      expect(charge.total).toBeLessThanOrEqual(quote.ceiling);
      expect(charge.total + charge.absorbed).toBe(calculated(price, of, much, 0.000001));
    }),
    RUNS,
  );
});

test('more usage never costs less (rule 15)', () => {
  fc.assert(
    fc.property(lines, model, use, use, (price, of, one, other) => {
      const operation = operationOf(price);
      const quote = quoteOf(operation, of);
      const less = {
        bytes: Math.min(one.bytes, other.bytes),
        seconds: Math.min(one.seconds, other.seconds),
        output_tokens: Math.min(one.output_tokens, other.output_tokens),
      };
      const more = {
        bytes: Math.max(one.bytes, other.bytes),
        seconds: Math.max(one.seconds, other.seconds),
        output_tokens: Math.max(one.output_tokens, other.output_tokens),
      };
      expect(chargeOf(operation, quote, less).total).toBeLessThanOrEqual(chargeOf(operation, quote, more).total);
    }),
    RUNS,
  );
});

test('leaving early is never cheaper than what was known by then', () => {
  fc.assert(
    fc.property(lines, model, use, (price, of, used) => {
      const operation = operationOf(price);
      const quote = quoteOf(operation, of);
      const { bytes } = used;
      const left = chargeOf(operation, quote, { bytes }, { status: 200, how: 'cut' }, { output_tokens: used.output_tokens });
      const stayed = chargeOf(operation, quote, { bytes, seconds: used.seconds, output_tokens: used.output_tokens });
      expect(left.total).toBeGreaterThanOrEqual(stayed.total);
    }),
    RUNS,
  );
});

test('the order of the lines does not matter', () => {
  fc.assert(
    fc.property(lines, model, use, (price, of, used) => {
      const [one, other] = [operationOf(price), operationOf(price.toReversed())];
      const [quote, turned] = [quoteOf(one, of), quoteOf(other, of)];
      expect(turned.ceiling).toBe(quote.ceiling);
      expect(chargeOf(other, turned, used).total).toBe(chargeOf(one, quote, used).total);
    }),
    RUNS,
  );
});

test('every charge and quote is exact by a calculator of its own, at every step', () => {
  fc.assert(
    fc.property(lines, model, use, fc.constantFrom(0.000001, 0.01, 0.25, 3), (price, of, used, step) => {
      const operation = operationOf(price, step);
      const quote = quoteOf(operation, of);
      expect(chargeOf(operation, quote, used).total).toBe(calculated(price, of, used, step));
      expect(quote.ceiling).toBe(calculated(price, of, { bytes: 5000, seconds: 90, output_tokens: 4096 }, step));
    }),
    { numRuns: 400 },
  );
});

test('the lines of a receipt add up to what is charged', () => {
  fc.assert(
    fc.property(lines, model, use, (price, of, used) => {
      const operation = operationOf(
        price.filter(({ kind }) => kind !== 'linear' && kind !== 'graduated').concat({ kind: 'fixed', rate: 1 }),
      );
      const charge = chargeOf(operation, quoteOf(operation, of), used);
      const millionths = charge.lines.reduce((sum, { credits }) => sum + Math.round(Number(credits) * 1e9), 0);
      expect(Math.ceil(millionths / 1000)).toBe(charge.total);
    }),
    RUNS,
  );
});
