// A price by the name within a quantity: tool calls by `tool.name`. Names are only known after the call, so the quote takes the
// dearest one that is not free, and an unknown name is charged, never refused.
import type { Quantity } from '../facts.ts';
import { grouped } from './amount-text.ts';
import { compare, decimalText, NANOS, nanosOf, quotient, type Rational } from './exact.ts';
import type { Place } from './parse.ts';
import type { Pricer, Rate, RateParts, Tally } from './rate.ts';
import type { RateSource } from './schema.ts';
import type { Scope } from './scope.ts';
import { tierPrice } from './tier.ts';

export function compileNamed(
  scope: Scope,
  source: RateSource,
  parts: RateParts,
  prices: ReadonlyMap<string, Rational>,
  place: Place,
): Rate | undefined {
  const { name, kind, unit } = parts;
  if (kind?.byName !== true) {
    scope.report.problem(
      [...place, 'by'],
      'tool.name needs a quantity that the meter tells by name; per: tool_calls would be right.',
    );
    return undefined;
  }
  if (parts.started || source.absent !== undefined) {
    scope.report.problem(place, 'a table by tool.name has neither started nor absent; take them out.');
    return undefined;
  }
  const other = unknownPrice(scope, source, prices, place);
  if (other === undefined) return undefined;
  const all = [...prices.values(), other];
  const perNano = (price: Rational): Rational =>
    quotient(price, { numerator: unit.numerator * NANOS, denominator: unit.denominator });
  return {
    place: name,
    quantity: kind.name,
    reads: [kind.name],
    neverFalls: true,
    byName: true,
    choice: undefined,
    fractions: all.map(perNano),
    prices: new Map([...prices].map(([key, price]) => [key, quotient(price, unit)])),
    bind: (partsPerCredit) => {
      const weigh = (price: Rational): bigint => {
        const step = perNano(price);
        return (step.numerator * partsPerCredit) / step.denominator;
      };
      return bindNamed(kind.name, new Map([...prices].map(([key, price]) => [key, weigh(price)])), weigh(other));
    },
    describe: (_inputs, quantityOf) => describeNamed(kind.name, quantityOf(kind.name), prices, other),
    refuses: () => undefined,
  };
}

function unknownPrice(
  scope: Scope,
  source: RateSource,
  prices: ReadonlyMap<string, Rational>,
  place: Place,
): Rational | undefined {
  const unknown = source.unknown === undefined ? undefined : String(source.unknown);
  if (unknown === undefined || unknown === 'refuse') {
    const choices = source.tiers === undefined ? 'most, or a name of the table' : 'most, or a tier';
    scope.report.problem(
      place,
      `a tool's name is only known after the call and can not be refused; unknown: ${choices} would be right.`,
    );
    return undefined;
  }
  if (unknown !== 'most') {
    const named = prices.get(unknown);
    return named ?? tierPrice(scope, unknown, [...place, 'unknown']);
  }
  const [start, ...others] = prices.values();
  if (start === undefined) {
    scope.report.problem(place, 'the table is empty; at least one name would be right.');
    return undefined;
  }
  return others.reduce((most, price) => (compare(price, most) > 0 ? price : most), start);
}

function bindNamed(quantity: string, weights: ReadonlyMap<string, bigint>, other: bigint): Pricer {
  return (_inputs, quantityOf, tally) => {
    const value = quantityOf(quantity);
    if (typeof value === 'number') {
      if (value > 0) tally.charged += nanosOf(value) * dearest(weights, other, tally);
      return;
    }
    for (const [name, count] of Object.entries(value)) {
      const weight = weights.get(name);
      if (weight === undefined) tally.unknown = true;
      const cost = nanosOf(count) * (weight ?? other);
      if (tally.freeName?.(name) === true) tally.free += cost;
      else tally.charged += cost;
    }
  };
}

/** Of the names that are not free; an unlisted name is never taken for a free one. */
function dearest(weights: ReadonlyMap<string, bigint>, other: bigint, tally: Tally): bigint {
  let most = other;
  for (const [name, weight] of weights) if (weight > most && tally.freeName?.(name) !== true) most = weight;
  return most;
}

function describeNamed(quantity: string, value: Quantity, prices: ReadonlyMap<string, Rational>, other: Rational): string {
  if (typeof value === 'number') return `${grouped(value)} ${quantity} at the dearest name`;
  const names = Object.entries(value).map(([name, count]) => {
    const price = prices.get(name);
    const cost = price ?? other;
    return `${grouped(count)} ${name} × ${decimalText(cost.numerator, cost.denominator)}${price === undefined ? ' (unknown)' : ''}`;
  });
  return names.length === 0 ? `0 ${quantity}` : `${quantity}: ${names.join(' + ')}`;
}
