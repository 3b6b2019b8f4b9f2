// Graduated tiers: the first 1,000 at one price, what is above at the next. Never all units at the last price: that would let a
// price fall as the quantity rises (rule 15).
import type { Quantity } from '../facts.ts';
import { grouped, totalOf } from './amount-text.ts';
import { decimalText, NANOS, nanosOf, quotient, rational, type Rational } from './exact.ts';
import type { Place } from './parse.ts';
import type { Pricer, Rate, RateParts } from './rate.ts';
import type { RateSource } from './schema.ts';
import type { Scope } from './scope.ts';
import { parseAmount } from './unit.ts';

interface Step {
  from: number;
  upto: number;
  price: Rational;
  /** The price of a billionth. */
  perNano: Rational;
}

/** @returns `undefined` after a problem was reported. */
export function compileGraduated(
  scope: Scope,
  source: NonNullable<RateSource['graduated']>,
  parts: RateParts,
  place: Place,
): Rate | undefined {
  const { kind, name, unit } = parts;
  if (kind === undefined || parts.started || kind.byName) {
    scope.report.problem(
      place,
      'graduated tiers need one number to go by: add per, without started, and not a quantity by name.',
    );
    return undefined;
  }
  const steps = stepsOf(scope, source, unit, place);
  if (steps === undefined) return undefined;
  return {
    place: name,
    quantity: kind.name,
    reads: [kind.name],
    neverFalls: true,
    byName: false,
    choice: undefined,
    fractions: steps.map(({ perNano }) => perNano),
    prices: new Map(),
    bind: (partsPerCredit) => bindGraduated(kind.name, steps, partsPerCredit),
    describe: (_inputs, quantityOf) => describeGraduated(kind.name, quantityOf(kind.name), steps, unit),
    refuses: () => undefined,
  };
}

function stepsOf(scope: Scope, source: NonNullable<RateSource['graduated']>, unit: Rational, place: Place): Step[] | undefined {
  const steps: Step[] = [];
  for (const [index, { upto, rate }] of source.entries()) {
    const from = steps.at(-1)?.upto ?? 0;
    const end = upto === undefined ? Infinity : (parseAmount(upto) ?? Number.NaN);
    const last = index === source.length - 1;
    if (!(end > from) || last !== (upto === undefined)) {
      const right = last ? 'the last step has no upto, so that nothing is without a price' : `a number above ${from}`;
      scope.report.problem([...place, 'graduated', index], `upto is ${upto ?? 'missing'}; ${right} would be right.`);
      return undefined;
    }
    const price = rational(rate);
    const perNano = quotient(price, { numerator: unit.numerator * NANOS, denominator: unit.denominator });
    steps.push({ from, upto: end, price, perNano });
  }
  return steps;
}

function bindGraduated(quantity: string, steps: readonly Step[], partsPerCredit: bigint): Pricer {
  const bound = steps.map(({ from, upto, perNano }) => ({
    from: nanosOf(from),
    most: upto === Infinity ? undefined : nanosOf(upto) - nanosOf(from),
    weight: (perNano.numerator * partsPerCredit) / perNano.denominator,
  }));
  return (_inputs, quantityOf, tally) => {
    const nanos = nanosOf(totalOf(quantityOf(quantity)));
    for (const { from, most, weight } of bound) {
      if (nanos <= from) break;
      const above = nanos - from;
      tally.charged += (most !== undefined && above > most ? most : above) * weight;
    }
  };
}

/** `130 seconds: 60 × 1 + 60 × 0.5 + 10 × 0.1` */
function describeGraduated(name: string, quantity: Quantity, steps: readonly Step[], unit: Rational): string {
  const value = totalOf(quantity);
  const over = unit.numerator === unit.denominator ? '' : ` / ${grouped(Number(decimalText(unit.numerator, unit.denominator)))}`;
  const spans = steps
    .filter(({ from }) => value > from || from === 0)
    .map(({ from, upto, price }) => {
      const span = Math.round((Math.min(value, upto) - from) * 1e9) / 1e9;
      return `${grouped(span)} × ${decimalText(price.numerator, price.denominator)}${over}`;
    });
  return `${grouped(value)} ${name}: ${spans.join(' + ')}`;
}
