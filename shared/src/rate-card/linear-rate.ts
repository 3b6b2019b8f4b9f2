// A price per call, or per quantity: proportional to `unit`, or by started units.
import { grouped, totalOf } from './amount-text.ts';
import type { Choice } from './choice.ts';
import { decimalText, dividedUp, NANOS, nanosOf, quotient, type Rational } from './exact.ts';
import type { Pricer, Rate, RateParts, Tally } from './rate.ts';
import type { Quantity } from '../facts.ts';

export function compileLinear(parts: RateParts, price: Choice<Rational> | Rational): Rate {
  const { name, kind, unit } = parts;
  const choice = 'pick' in price ? price : undefined;
  const single = 'pick' in price ? price.most : price;
  const all = choice === undefined ? [single] : choice.values;
  return {
    place: name,
    quantity: kind?.name,
    reads: kind === undefined ? [] : [kind.name],
    neverFalls: true,
    byName: false,
    choice,
    fractions: all.map((one) => perStep(one, parts)),
    prices: new Map(all.map((one, index) => [String(index), quotient(one, unit)])),
    bind: (partsPerCredit) => bindLinear(parts, choice, single, partsPerCredit),
    describe: (inputs, quantityOf) => {
      const row = choice?.pickAnyway(inputs);
      const rate = row?.value ?? single;
      const cost = decimalText(rate.numerator, rate.denominator);
      const of = row === undefined ? '' : ` (${row.key})`;
      if (kind === undefined) return `${cost} per call${of}`;
      const value = totalOf(quantityOf(kind.name));
      const units = decimalText(unit.numerator, unit.denominator);
      if (parts.started) return `${grouped(value)} ${kind.name} in started units of ${grouped(Number(units))} × ${cost}${of}`;
      return `${grouped(value)} ${kind.name} × ${cost}${units === '1' ? '' : ` / ${grouped(Number(units))}`}${of}`;
    },
    refuses: (inputs) => {
      const row = choice?.pick(inputs);
      return row === undefined || 'key' in row ? undefined : row;
    },
  };
}

/** What one step costs: a call, a billionth of the quantity, or a started unit. */
function perStep(price: Rational, { kind, unit, started }: RateParts): Rational {
  if (kind === undefined || started) return price;
  return quotient(price, { numerator: unit.numerator * NANOS, denominator: unit.denominator });
}

function bindLinear(parts: RateParts, choice: Choice<Rational> | undefined, single: Rational, partsPerCredit: bigint): Pricer {
  const { kind, unit, started } = parts;
  const weigh = (price: Rational): bigint => {
    const step = perStep(price, parts);
    return (step.numerator * partsPerCredit) / step.denominator;
  };
  const weights = new Map((choice?.values ?? [single]).map((price) => [price, weigh(price)]));
  const fixed = weigh(single);
  const unitNanos = { numerator: unit.numerator * NANOS, denominator: unit.denominator };
  const steps = (nanos: bigint): bigint => (started ? dividedUp(nanos * unitNanos.denominator, unitNanos.numerator) : nanos);
  return (inputs, quantityOf, tally) => {
    let weight = fixed;
    if (choice !== undefined) {
      const row = choice.pickAnyway(inputs);
      weight = weights.get(row.value) ?? fixed;
      if (!row.known) tally.unknown = true;
    }
    if (kind === undefined) {
      tally.charged += weight;
      return;
    }
    const quantity = quantityOf(kind.name);
    if (typeof quantity === 'number') {
      tally.charged += steps(nanosOf(quantity)) * weight;
      return;
    }
    const [charged, free] = splitByName(quantity, tally);
    tally.charged += steps(charged) * weight;
    if (free > 0n) tally.free += steps(free) * weight;
  };
}

/** Billionths that are charged, and those of names that are free. */
function splitByName(quantity: Exclude<Quantity, number>, tally: Tally): [charged: bigint, free: bigint] {
  let [charged, free] = [0n, 0n];
  for (const [name, count] of Object.entries(quantity)) {
    if (tally.freeName?.(name) === true) free += nanosOf(count);
    else charged += nanosOf(count);
  }
  return [charged, free];
}
