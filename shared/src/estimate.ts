// What a call will probably cost: past usage, priced under this card with this request's inputs.
import { least, microcredits, ZERO, type Microcredits } from './credits.ts';
import { chargeCall } from './charge.ts';
import type { CallFacts, Quantities, Quantity, RequestFacts } from './facts.ts';
import type { PricingRefusal, Quote } from './pricing.ts';
import { totalOf } from './rate-card/amount-text.ts';
import type { Bound } from './rate-card/bound.ts';
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

/** What a past call used, and the most that it could have used as it was quoted. */
export interface Observed {
  quantities: Quantities;
  bounds: CallFacts['bounds'];
}

/**
 * Estimates a call: the 10th, 50th and 90th percentile of what the observed quantities would cost here. What grows with the request is
 * learnt as a share of what was asked for, and `high` reaches the largest share that was seen. Without any past call, from the price of an
 * answer that uses nothing up to the quote.
 * @param observed past calls of the operation; in any order
 * @param known how much of some quantities this call will use, where that is known: it takes the place of what was observed, up to the
 * bounds, and changes no quote
 */
export function estimateCall(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: RequestFacts,
  observed: readonly Observed[],
  known: Readonly<Record<string, number>> = {},
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
  const sure = withinBounds(quote, known);
  const past = isAllOf(operation, sure) ? [{ quantities: {}, bounds: {} }] : observed;
  if (past.length === 0) {
    const nothing = Object.fromEntries(operation.pricing.kinds.map(({ name }) => [name, 0]));
    // What is not known counts at its bound (rule 7).
    const most = Object.keys(sure).length === 0 ? quote.ceiling : priced(sure);
    return { ok: true, estimate: { exact: false, low: priced({ ...nothing, ...sure }), expected: undefined, high: most, quote } };
  }
  const cost = (one: Observed, likely: boolean): Microcredits =>
    priced({ ...asAskedHere(operation, quote, one, likely), ...sure });
  const costs = past.map((one) => cost(one, true)).sort((a, b) => a - b);
  const largest = past.map((one) => cost(one, false));
  const [low, expected, high] = [0.1, 0.5, 0.9].map((share) => costs[Math.round(share * (costs.length - 1))] ?? ZERO);
  return {
    ok: true,
    estimate: { exact: false, low: low ?? ZERO, expected, high: microcredits(Math.max(high ?? ZERO, ...largest)), quote },
  };
}

/** No more than the call can use. */
function withinBounds({ bounds }: Quote, known: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(known).map(([name, value]) => [name, Math.min(value, bounds[name] ?? value)]));
}

/** Whether everything is known that is only measured later. */
function isAllOf({ pricing }: Operation, known: Readonly<Record<string, number>>): boolean {
  return pricing.kinds.every(({ name, origin }) => origin === 'request' || Object.hasOwn(known, name));
}

/** What a past call would have used, had it asked for what this one asks for. */
function asAskedHere({ pricing }: Operation, quote: Quote, { quantities, bounds }: Observed, likely: boolean): Quantities {
  return Object.fromEntries(
    Object.entries(quantities).map(([name, value]) => {
      const [from, to, bound] = [bounds[name] ?? 0, quote.bounds[name] ?? 0, pricing.bounds.get(name)];
      const reference = bound?.byReference?.(quote.inputs);
      if (bound?.asked !== true || from === 0 || from === reference || to === reference) return [name, value];
      return [name, times(value, factorOf(bound, totalOf(value), from, to, likely))];
    }),
  );
}

/** A limit that was not reached held nothing back, so that another one probably changes nothing; a size that is priced grows what is used. */
function factorOf({ driver }: Bound, used: number, from: number, to: number, likely: boolean): number {
  const factor = likely && driver !== undefined && used < from ? 1 : to / from;
  return Math.min(factor, used === 0 ? factor : to / used);
}

/** To nine decimals, as quantities are. */
function times(quantity: Quantity, factor: number): Quantity {
  const by = (value: number): number => Number((value * factor).toFixed(9));
  if (typeof quantity === 'number') return by(quantity);
  return Object.fromEntries(Object.entries(quantity).map(([name, value]) => [name, by(value)]));
}

/** The status of an answer that is charged: an operation may charge for others than 200. */
function chargedStatus({ pricing }: Operation): number {
  let status = 200;
  while (status < 599 && !pricing.chargesOn(status)) status += 1;
  return status;
}
