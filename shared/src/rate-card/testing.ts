// What the tests of pricing share: cards from text, requests from little.
import { expect } from 'vitest';
import type { CallFacts, Quantities, RequestFacts } from '../facts.ts';
import { matchOperation, type Match } from '../match.ts';
import type { Quote } from '../pricing.ts';
import { quoteCall } from '../quote.ts';
import type { Operation, RateCard } from './card.ts';
import { loadRateCard } from './load.ts';
import { formatProblem } from './parse.ts';

/** A card with one service at `/api` and these operations (YAML, a list), or with these top-level fields before it. */
export function cardText(operations: string, head = ''): string {
  const indented = operations
    .trim()
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
  return `card: test\n${head}services:\n  api:\n    path: /api\n    upstream: api\n    operations:\n${indented}\n`;
}

export function load(text: string): RateCard {
  const outcome = loadRateCard(text, { file: 'rates.yaml', version: 'v1' });
  if (!outcome.ok) throw new Error(outcome.problems.map(formatProblem).join('\n'));
  return outcome.card;
}

/** Every problem, or the warnings of a card that loads, as they are printed. */
export function complaints(text: string): string[] {
  const outcome = loadRateCard(text, { file: 'rates.yaml', version: 'v1' });
  return (outcome.ok ? outcome.warnings : outcome.problems).map(formatProblem);
}

/** The one operation of a card of one. */
export function operationOf(operation: string, head = ''): Operation {
  const found = load(cardText(operation, head)).services[0]?.operations[0];
  if (found === undefined) throw new Error('the card has no operation');
  return found;
}

export function request(given: Partial<RequestFacts> & { json?: unknown } = {}): RequestFacts {
  const { json, ...rest } = given;
  const text = json === undefined ? '' : JSON.stringify(json);
  const body: RequestFacts['body'] =
    json === undefined ? { kind: 'none' } : { kind: 'json', text, value: json, bytes: text.length };
  return { method: 'POST', path: '/x', query: [], headers: {}, body, labels: {}, plan: null, ...rest };
}

export function quoted(operation: Operation, asked: RequestFacts = request(), params: Record<string, string> = {}): Quote {
  const outcome = quoteCall(operation, params, asked);
  expect(outcome).toMatchObject({ ok: true });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.quote;
}

/** The facts of a call that was quoted so and used this; a whole answer with status 200 where nothing else is said. */
export function facts(
  quote: Quote,
  quantities: Quantities,
  more: Partial<CallFacts['end']> & { received?: Quantities } = {},
): CallFacts {
  const { received = {}, ...end } = more;
  const { inputs, bounds } = quote;
  return { inputs, bounds, measurement: { quantities, received, problems: [] }, end: { status: 200, how: 'complete', ...end } };
}

export function matched(card: RateCard, method: string, path: string): Extract<Match, { kind: 'priced' }> {
  const match = matchOperation(card, method, path);
  if (match.kind !== 'priced') throw new Error(`${method} ${path} has no price`);
  return match;
}
