// The most a call can cost, before it is forwarded.
import { ZERO } from './credits.ts';
import type { RequestFacts, Scalar } from './facts.ts';
import type { PricingRefusal, Quote } from './pricing.ts';
import { addUp, LinesLater, roundedUp, type UsageOf } from './rate-card/add-up.ts';
import { boundFor } from './rate-card/bound.ts';
import type { Operation, Pricing } from './rate-card/card.ts';
import { isRefusal, type Inputs } from './rate-card/field.ts';
import { isHead, readInputs } from './rate-card/read-inputs.ts';

export type QuoteOutcome = { ok: true; quote: Quote } | { ok: false; refusal: PricingRefusal };

/**
 * Quotes a call. The ceiling is what the charge can be at most, by the same sum that charges; `lines` are worked out when read.
 * @param params the path's parameters, from matchOperation
 * @returns the quote, or why this request has no price: nothing is held then.
 */
export function quoteCall(operation: Operation, params: Readonly<Record<string, string>>, request: RequestFacts): QuoteOutcome {
  const read = readInputs(operation, params, request);
  if (!('inputs' in read)) return { ok: false, refusal: read };
  return quoteInputs(operation, read.inputs, refersElsewhere(operation, request));
}

/** The same from inputs alone, for the question how much less would fit. */
export function quoteInputs(
  operation: Operation,
  inputs: Readonly<Record<string, Scalar | null>>,
  refers: boolean,
): QuoteOutcome {
  const { pricing } = operation;
  for (const rate of pricing.rates) {
    const refusal = rate.refuses(inputs);
    if (refusal !== undefined) return { ok: false, refusal };
  }
  const bounds: Record<string, number> = {};
  const inject: { field: string; value: Scalar }[] = [];
  const cut: Partial<Record<'bytes' | 'rows' | 'seconds', number>> = {};
  if (!isHead(inputs)) {
    for (const bound of pricing.bounds.values()) {
      const most = boundFor(bound, inputs, refers);
      if (isRefusal(most)) return { ok: false, refusal: most };
      bounds[bound.quantity] = most;
      if (bound.cut !== undefined) cut[bound.cut] = Math.min(cut[bound.cut] ?? Infinity, most);
      if (bound.inject !== undefined && isLeftOut(bound.inject.field, inputs, pricing)) {
        const { field } = bound.inject;
        if (!inject.some((one) => one.field === field)) inject.push(bound.inject);
      }
    }
  }
  const usageOf = usageAtBounds(pricing, inputs, bounds);
  const ceiling = pricing.rates.length === 0 ? ZERO : roundedUp(pricing, addUp(pricing, inputs, usageOf).charged);
  const exact = isHead(inputs) || pricing.kinds.every(({ origin }) => origin === 'request') || isFree(pricing, inputs);
  const parts = { ceiling, exact, inputs, bounds, keep: { inject, cut } };
  return { ok: true, quote: new QuoteOfCall(parts, pricing, usageOf) };
}

class QuoteOfCall extends LinesLater implements Quote {
  readonly ceiling: Quote['ceiling'];
  readonly exact: boolean;
  readonly inputs: Quote['inputs'];
  readonly bounds: Quote['bounds'];
  readonly keep: Quote['keep'];

  constructor({ ceiling, exact, inputs, bounds, keep }: Omit<Quote, 'lines'>, pricing: Pricing, usageOf: UsageOf) {
    super(pricing, inputs, usageOf);
    this.ceiling = ceiling;
    this.exact = exact;
    this.inputs = inputs;
    this.bounds = bounds;
    this.keep = keep;
  }
}

/** Whether the request refers to content outside its own bytes; a body that nobody read might. */
export function refersElsewhere({ meter, pricing }: Operation, { body }: RequestFacts): boolean {
  if (meter === undefined || body.kind === 'none') return false;
  if (![...pricing.bounds.values()].some(({ byReference }) => byReference !== undefined)) return false;
  return body.kind === 'unread' || meter.refersElsewhere(body.value);
}

/** Every quantity at the most it can be. */
export function usageAtBounds(pricing: Pricing, inputs: Inputs, bounds: Readonly<Record<string, number>>): UsageOf {
  return (name) => {
    const kind = pricing.kinds.find((one) => one.name === name);
    if (kind?.origin === 'request')
      return { value: Number(inputs[name === 'request_bytes' ? 'body.bytes' : name] ?? 0), how: 'request' };
    return { value: bounds[name] ?? 0, how: isHead(inputs) ? 'measured' : 'bound' };
  };
}

function isLeftOut(field: string, inputs: Inputs, { rules }: Pricing): boolean {
  const or = rules.get(field)?.or;
  return (inputs[field] ?? null) === null && (or === undefined || (inputs[or] ?? null) === null);
}

function isFree({ free }: Pricing, inputs: Inputs): boolean {
  return free.some((part) => part.part === undefined && part.holds(inputs));
}
