// Every number can be explained (promise 4): the matched operation, the ones that lost, inputs, arithmetic, rounding and version, from
// the functions that charge.
import { chargeCall, usageOfCall } from './charge.ts';
import { formatCredits, ZERO, type Microcredits } from './credits.ts';
import type { CallFacts, RequestFacts } from './facts.ts';
import type { Loser, Match } from './match.ts';
import type { ChargeFlag, ChargeLine, PricingRefusal, Quote } from './pricing.ts';
import { quoteCall, usageAtBounds } from './quote.ts';
import type { Operation, RateCard } from './rate-card/card.ts';
import { addUp, type UsageOf } from './rate-card/add-up.ts';
import { decimalText } from './rate-card/exact.ts';

export interface Explanation {
  card: string;
  version: string;
  operation: { id: string; service: string; reason: string; match: string };
  losers: readonly Loser[];
  inputs: CallFacts['inputs'];
  bounds: CallFacts['bounds'];
  lines: readonly ChargeLine[];
  /** The exact sum of what is charged, and what it was rounded up to; in credits. */
  rounding: { exact: string; step: string; total: string };
  ceiling: Microcredits;
  total: Microcredits;
  free: Microcredits;
  absorbed: Microcredits;
  flags: readonly ChargeFlag[];
}

export type ExplainOutcome = { ok: true; explanation: Explanation; quote: Quote } | { ok: false; refusal: PricingRefusal };

/** Explains what a request can cost at most. */
export function explainQuote(card: RateCard, match: Extract<Match, { kind: 'priced' }>, request: RequestFacts): ExplainOutcome {
  const outcome = quoteCall(match.operation, match.params, request);
  if (!outcome.ok) return outcome;
  const { quote } = outcome;
  const explanation: Explanation = {
    ...headOf(card, match.operation, quote.lines),
    losers: match.losers(),
    inputs: quote.inputs,
    bounds: quote.bounds,
    rounding: roundingOf(
      match.operation,
      quote.inputs,
      usageAtBounds(match.operation.pricing, quote.inputs, quote.bounds),
      quote.ceiling,
    ),
    ceiling: quote.ceiling,
    total: quote.ceiling,
    free: ZERO,
    absorbed: ZERO,
    flags: [],
  };
  return { ok: true, explanation, quote };
}

/** Explains a charge again from the stored facts: the same numbers, or the card is not the one that charged. */
export function explainCharge(card: RateCard, operation: Operation, facts: CallFacts, ceiling: Microcredits): Explanation {
  const charge = chargeCall(operation, facts, ceiling);
  const { lines, total, free, absorbed, flags } = charge;
  return {
    ...headOf(card, operation, lines),
    losers: [],
    inputs: facts.inputs,
    bounds: facts.bounds,
    rounding: roundingOf(operation, facts.inputs, usageOfCall(operation, facts).usageOf, total),
    ceiling,
    total,
    free,
    absorbed,
    flags,
  };
}

function headOf(
  card: RateCard,
  operation: Operation,
  lines: readonly ChargeLine[],
): Pick<Explanation, 'card' | 'version' | 'operation' | 'lines'> {
  const { id, service, reason, source } = operation;
  return { card: card.name, version: card.version, operation: { id, service, reason, match: source.match }, lines };
}

function roundingOf(
  { pricing }: Operation,
  inputs: CallFacts['inputs'],
  usageOf: UsageOf,
  total: Microcredits,
): Explanation['rounding'] {
  const { charged } = addUp(pricing, inputs, usageOf);
  return { exact: decimalText(charged, pricing.partsPerCredit), step: formatCredits(pricing.step), total: formatCredits(total) };
}
