// What a call will probably cost: past usage, priced under this card with this request's inputs.
import { least, ZERO, type Microcredits } from './credits.ts';
import { chargeCall } from './charge.ts';
import type { Quantities, RequestFacts } from './facts.ts';
import type { PricingRefusal, Quote } from './pricing.ts';
import type { Operation } from './rate-card/card.ts';
import { quoteCall } from './quote.ts';

export interface Estimate {
  /** True where low, expected and high are the one price that is known from the request. */
  exact: boolean;
  low: Microcredits;
  /** `undefined` where no past call tells. */
  expected: Microcredits | undefined;
  /** Never above the quote's ceiling. */
  high: Microcredits;
  quote: Quote;
}

export type EstimateOutcome = { ok: true; estimate: Estimate } | { ok: false; refusal: PricingRefusal };

/**
 * Estimates a call: the 10th, 50th and 90th percentile of what the observed quantities would cost here. Without any, from the
 * price of an answer that uses nothing up to the quote.
 * @param observed what past calls of the operation used; in any order
 */
export function estimateCall(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: RequestFacts,
  observed: readonly Quantities[],
): EstimateOutcome {
  const outcome = quoteCall(operation, params, request);
  if (!outcome.ok) return outcome;
  const { quote } = outcome;
  const end = { status: chargedStatus(operation), how: 'complete' } as const;
  const priced = (quantities: Quantities): Microcredits => {
    const facts = {
      inputs: quote.inputs,
      bounds: quote.bounds,
      measurement: { quantities, received: {}, problems: [] },
      end,
    };
    return least(chargeCall(operation, facts, quote.ceiling).total, quote.ceiling);
  };
  if (quote.exact) {
    const only = quote.ceiling;
    return { ok: true, estimate: { exact: true, low: only, expected: only, high: only, quote } };
  }
  if (observed.length === 0) {
    const nothing = Object.fromEntries(operation.pricing.kinds.map(({ name }) => [name, 0]));
    return { ok: true, estimate: { exact: false, low: priced(nothing), expected: undefined, high: quote.ceiling, quote } };
  }
  const costs = observed.map(priced).sort((a, b) => a - b);
  const [low, expected, high] = [0.1, 0.5, 0.9].map((share) => costs[Math.round(share * (costs.length - 1))] ?? ZERO);
  return { ok: true, estimate: { exact: false, low: low ?? ZERO, expected, high: high ?? quote.ceiling, quote } };
}

/** The status of an answer that is charged: an operation may charge for others than 200. */
function chargedStatus({ pricing }: Operation): number {
  let status = 200;
  while (status < 599 && !pricing.chargesOn(status)) status += 1;
  return status;
}
