// Random prices for the properties: cards as text, and the same prices for a calculator that shares no code with ours.
import * as fc from 'fast-check';
import type { Operation } from '@tollgate/shared/rate-card/card';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { formatProblem } from '@tollgate/shared/rate-card/parse';

/** A line of a price, as data: the card is written from it, and the calculator reads it. */
export type Line =
  | { kind: 'fixed'; rate: number }
  | { kind: 'linear' | 'started'; per: Measured; unit: number; rates: readonly [number, number] }
  | { kind: 'graduated'; per: Measured; unit: number; steps: readonly [number, number]; rates: readonly [number, number, number] }
  | { kind: 'formula'; factor: number };

type Measured = 'bytes' | 'seconds' | 'output_tokens';
export type Use = Record<Measured, number>;

const BOUNDS: Use = { bytes: 5000, seconds: 90, output_tokens: 4096 };

const rate = fc.integer({ min: 0, max: 5_000_000 }).map((millionths) => millionths / 1e6);
const per = fc.constantFrom<Measured>('bytes', 'seconds', 'output_tokens');
const unit = fc.constantFrom(1, 3, 7, 1000, 0.5);

const line: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), rate }),
  fc.record({ kind: fc.constantFrom('linear' as const, 'started' as const), per, unit, rates: fc.tuple(rate, rate) }),
  fc.record({
    kind: fc.constant('graduated' as const),
    per,
    unit,
    steps: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 3000 })),
    rates: fc.tuple(rate, rate, rate),
  }),
  fc.record({ kind: fc.constant('formula' as const), factor: fc.integer({ min: 1, max: 1000 }) }),
);

export const lines = fc.array(line, { minLength: 1, maxLength: 5 });

/** Within the bounds, seconds with three decimals as they are measured. */
export const use: fc.Arbitrary<Use> = fc.record({
  bytes: fc.integer({ min: 0, max: BOUNDS.bytes }),
  seconds: fc.integer({ min: 0, max: BOUNDS.seconds * 1000 }).map((milliseconds) => milliseconds / 1000),
  output_tokens: fc.integer({ min: 0, max: BOUNDS.output_tokens }),
});

export function operationOf(price: readonly Line[], stepCredits = 0.000001): Operation {
  const text = `card: random
step: ${decimal(stepCredits)}
services:
  api:
    path: /api
    upstream: api
    operations:
      - id: call
        match: POST /call
        meter: openai
        bounds:
          bytes: { most: ${BOUNDS.bytes}, kept_by: documented }
          seconds: { most: ${BOUNDS.seconds}, kept_by: cut }
          output_tokens: { most: ${BOUNDS.output_tokens}, kept_by: documented }
        price:
${price.map((one) => `          - ${written(one)}`).join('\n')}
`;
  const outcome = loadRateCard(text, { file: 'random.yaml', version: '1' });
  if (!outcome.ok) throw new Error(`${outcome.problems.map(formatProblem).join('\n')}\n${text}`);
  const operation = outcome.card.services[0]?.operations[0];
  if (operation === undefined) throw new Error('the card has no operation');
  return operation;
}

function written(one: Line): string {
  if (one.kind === 'fixed') return `{ rate: ${decimal(one.rate)} }`;
  if (one.kind === 'formula')
    return `{ formula: "max(bytes * ${one.factor}, ceil(seconds / 7)) / 1000 + min(output_tokens, 100)" }`;
  const head = `per: ${one.per}, unit: ${one.unit}`;
  if (one.kind === 'graduated') {
    const [first, second, third] = one.rates.map(decimal);
    const [end, next] = one.steps;
    return `{ ${head}, sure: true, graduated: [{ upto: ${end}, rate: ${first} }, { upto: ${next}, rate: ${second} }, { rate: ${third} }] }`;
  }
  const started = one.kind === 'started' ? ', started: true' : '';
  return `{ ${head}${started}, sure: true, by: body.model, is: { a: ${decimal(one.rates[0])}, b: ${decimal(one.rates[1])} } }`;
}

function decimal(value: number): string {
  return value.toFixed(6);
}
