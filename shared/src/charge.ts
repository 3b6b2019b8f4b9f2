// What a call did cost, from its stored facts and the rate card alone (decision 5), by the rules of DESIGN section 4.
import { least, subtract, ZERO, type Microcredits } from './credits.ts';
import type { CallFacts, Quantity } from './facts.ts';
import type { Charge, ChargeFlag, Quote } from './pricing.ts';
import { addUp, LinesLater, roundedUp, type Usage, type UsageOf } from './rate-card/add-up.ts';
import { totalOf } from './rate-card/amount-text.ts';
import type { Operation, Pricing } from './rate-card/card.ts';
import { isHead } from './rate-card/read-inputs.ts';
import type { QuantityKind } from './rate-card/scope.ts';

/**
 * Charges a call: never above its ceiling. What the arithmetic gives past it, because an upstream broke a bound, is `absorbed`
 * (rule 6). `lines` are worked out when read.
 * @param ceiling what was held, from the quote
 */
export function chargeCall(operation: Operation, facts: CallFacts, ceiling: Microcredits): Charge {
  const { pricing } = operation;
  const { status } = facts.end;
  if (status !== undefined && !pricing.chargesOn(status)) return { ...NOTHING, flags: ['not_charged_status'] };

  const { flags, usageOf } = usageOfCall(operation, facts);
  const sum = addUp(pricing, facts.inputs, usageOf);
  if (sum.unknown) flags.add('value_unknown');
  const arithmetic = roundedUp(pricing, sum.charged);
  const parts = {
    total: least(arithmetic, ceiling),
    free: sum.free === 0n ? ZERO : roundedUp(pricing, sum.free),
    absorbed: arithmetic > ceiling ? subtract(arithmetic, ceiling) : ZERO,
    flags: [...flags],
  };
  return new ChargeOfCall(parts, pricing, facts.inputs, usageOf);
}

class ChargeOfCall extends LinesLater implements Charge {
  readonly total: Microcredits;
  readonly free: Microcredits;
  readonly absorbed: Microcredits;
  readonly flags: Charge['flags'];

  constructor(
    { total, free, absorbed, flags }: Omit<Charge, 'lines'>,
    pricing: Pricing,
    inputs: CallFacts['inputs'],
    usageOf: UsageOf,
  ) {
    super(pricing, inputs, usageOf);
    this.total = total;
    this.free = free;
    this.absorbed = absorbed;
    this.flags = flags;
  }
}

/** What each quantity counts as by rules 7 and 10, and what is to be flagged about it. */
export function usageOfCall(operation: Operation, facts: CallFacts): { usageOf: UsageOf; flags: Set<ChargeFlag> } {
  const flags = new Set<ChargeFlag>();
  const usage: Record<string, Usage> = {};
  let later = false;
  for (const kind of operation.pricing.kinds) {
    later ||= kind.origin === 'later';
    usage[kind.name] = countedAs(operation, kind, facts, flags);
  }
  if (isUnclean(facts) && (later || facts.end.status === undefined)) flags.add('end_unknown');
  return { usageOf: (name) => usage[name] ?? NOT_USED, flags };
}

/** The facts of a call whose end nobody saw. */
export function lapsedFacts({ inputs, bounds }: Pick<Quote, 'inputs' | 'bounds'>): CallFacts {
  return {
    inputs,
    bounds,
    measurement: { quantities: {}, received: {}, problems: [] },
    end: { status: undefined, how: 'unknown' },
  };
}

/** What a call is charged when its lease passes without an end (rule 10). */
export function lapseCall(operation: Operation, quote: Quote): Charge {
  return chargeCall(operation, lapsedFacts(quote), quote.ceiling);
}

const NOTHING: Omit<Charge, 'flags'> = { total: ZERO, lines: [], free: ZERO, absorbed: ZERO };
const NOT_USED: Usage = { value: 0, how: 'request' };

function countedAs(operation: Operation, kind: QuantityKind, facts: CallFacts, flags: Set<ChargeFlag>): Usage {
  const { inputs, bounds, measurement } = facts;
  const { name } = kind;
  if (kind.origin === 'request')
    return { value: Number(inputs[name === 'request_bytes' ? 'body.bytes' : name] ?? 0), how: 'request' };
  // Rule 13: a HEAD has no answer to charge for.
  if (isHead(inputs)) return { value: 0, how: 'measured' };

  const bound = bounds[name] ?? 0;
  const measured = Object.hasOwn(measurement.quantities, name) ? measurement.quantities[name] : undefined;
  if (measured !== undefined && isAmount(measured)) {
    if (totalOf(measured) <= bound) return { value: measured, how: 'measured' };
    // What our own cut let us see past its bound did not reach the client, and no upstream broke its word by it.
    if (operation.pricing.bounds.get(name)?.keptBy === 'cut') return { value: bound, how: 'bound' };
    flags.add('bound_broken');
    return { value: measured, how: 'measured' };
  }
  const invalid = measured !== undefined || measurement.problems.some(({ quantity }) => quantity === name);
  flags.add(invalid ? 'quantity_invalid' : 'quantity_missing');
  // Rule 7: after a whole answer what is missing counts as its bound; zero would have been reported.
  if (!isUnclean(facts)) return { value: bound, how: 'bound' };

  // Rule 10: what was received counts as its upper count, never above the bound.
  const received = Object.hasOwn(measurement.received, name) ? measurement.received[name] : undefined;
  if (received !== undefined && isAmount(received)) {
    return totalOf(received) > bound ? { value: bound, how: 'bound' } : { value: received, how: 'received' };
  }
  const ofRequest = operation.pricing.bounds.get(name)?.ofRequest === true;
  if (operation.onUnknown === 'bound' || ofRequest) return { value: bound, how: 'bound' };
  return { value: 0, how: 'floor' };
}

/** An answer without a status is not whole, whatever its reader thought. */
function isUnclean({ end }: CallFacts): boolean {
  return end.how !== 'complete' || end.status === undefined;
}

function isAmount(quantity: Quantity): boolean {
  if (typeof quantity === 'number') return Number.isFinite(quantity) && quantity >= 0;
  return Object.values(quantity).every((value) => Number.isFinite(value) && value >= 0);
}
