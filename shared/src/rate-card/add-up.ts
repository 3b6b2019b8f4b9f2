// The one sum behind quote, estimate, charge and explanation, so that what is shown is what is enforced (decision 7).
import { microcredits, MICROCREDITS_MAX, MICROCREDITS_PER_CREDIT, type Microcredits } from '../credits.ts';
import type { Quantity } from '../facts.ts';
import type { ChargeLine, QuantityOrigin } from '../pricing.ts';
import type { Pricing } from './card.ts';
import { decimalText, dividedUp } from './exact.ts';
import type { Inputs } from './field.ts';
import type { FreePart } from './free.ts';
import type { QuantityOf, Rate, Tally } from './rate.ts';

export interface Usage {
  value: Quantity;
  how: QuantityOrigin;
}
export type UsageOf = (quantity: string) => Usage;

/** Exact parts of a credit: `pricing.partsPerCredit` of them are one. */
export type Sum = Omit<Tally, 'freeName'>;

export function addUp(pricing: Pricing, inputs: Inputs, usageOf: UsageOf): Sum {
  const sum = emptySum();
  const free = pricing.free.length === 0 ? NONE_FREE : pricing.free.filter((part) => part.byName || part.holds(inputs));
  const quantityOf = (name: string): Quantity => usageOf(name).value;
  for (const rate of pricing.rates) addRate(rate, free, inputs, quantityOf, sum);
  if (pricing.ceiling === undefined) return sum;
  const ceiling = partsOf(pricing, pricing.ceiling);
  // A price that might fall says nothing at its bound, so what is not known there costs the ceiling (rules 7 and 15).
  const unsure = pricing.rates.some(({ neverFalls, reads }) => !neverFalls && reads.some((name) => isUpper(usageOf(name))));
  if (sum.charged > ceiling || (unsure && !isAllFree(free))) sum.charged = ceiling;
  return sum;
}

/** Rounded once, up, to the card's step (rule 14); nothing costs more than an account can hold. */
export function roundedUp({ partsPerStep, step }: Pricing, parts: bigint): Microcredits {
  // Up to the maximum a double is exact, and past it it stays past it.
  return microcredits(Math.min(Number(dividedUp(parts, partsPerStep)) * step, MICROCREDITS_MAX));
}

/** The lines for people, each from the same rate that is charged. */
function linesOf(pricing: Pricing, inputs: Inputs, usageOf: UsageOf): ChargeLine[] {
  const free = pricing.free.filter((part) => part.byName || part.holds(inputs));
  return pricing.rates.flatMap((rate) => {
    const sum = emptySum();
    addRate(rate, free, inputs, (name) => usageOf(name).value, sum);
    const because = freeFor(rate, free);
    if (because !== undefined) return [{ ...lineOf(pricing, rate, inputs, usageOf, sum.free), free: because }];
    const named = free.filter((part) => part.byName && part.part === rate.quantity);
    const isFree = (name: string): boolean => named.some((part) => part.holds(inputs, name));
    if (sum.free === 0n) return [lineOf(pricing, rate, inputs, usageOf, sum.charged)];
    // A quantity of which some names are free has a charged line and a free one.
    const freeLine = lineOf(pricing, rate, inputs, ofNames(usageOf, isFree), sum.free);
    const freed = { ...freeLine, free: named[0]?.because ?? '' };
    return sum.charged === 0n
      ? [freed]
      : [
          lineOf(
            pricing,
            rate,
            inputs,
            ofNames(usageOf, (name) => !isFree(name)),
            sum.charged,
          ),
          freed,
        ];
  });
}

/** Lines that wait until they are read: few calls are explained. A class, because a getter in a literal takes longer than the sum. */
export class LinesLater {
  readonly #pricing: Pricing;
  readonly #inputs: Inputs;
  readonly #usageOf: UsageOf;

  constructor(pricing: Pricing, inputs: Inputs, usageOf: UsageOf) {
    this.#pricing = pricing;
    this.#inputs = inputs;
    this.#usageOf = usageOf;
  }

  get lines(): ChargeLine[] {
    return linesOf(this.#pricing, this.#inputs, this.#usageOf);
  }
}

function lineOf({ partsPerCredit }: Pricing, rate: Rate, inputs: Inputs, usageOf: UsageOf, parts: bigint): ChargeLine {
  const { place, quantity } = rate;
  const arithmetic = rate.describe(inputs, (name) => usageOf(name).value);
  const line = { rate: place, arithmetic, credits: decimalText(parts, partsPerCredit) };
  return quantity === undefined ? line : { ...line, quantity: { name: quantity, ...usageOf(quantity) } };
}

/** The same usage with some of its names alone. */
function ofNames(usageOf: UsageOf, isMeant: (name: string) => boolean): UsageOf {
  return (quantity) => {
    const usage = usageOf(quantity);
    if (typeof usage.value === 'number') return usage;
    return { ...usage, value: Object.fromEntries(Object.entries(usage.value).filter(([name]) => isMeant(name))) };
  };
}

const NONE_FREE: readonly FreePart[] = [];

function emptySum(): Tally {
  return { charged: 0n, free: 0n, unknown: false, freeName: undefined };
}

function addRate(
  rate: Pricing['rates'][number],
  free: readonly FreePart[],
  inputs: Inputs,
  quantityOf: QuantityOf,
  sum: Tally,
): void {
  if (free.length === 0) {
    rate.price(inputs, quantityOf, sum);
    return;
  }
  const byName = free.filter((part) => part.byName && part.part === rate.quantity);
  const freeName = byName.length === 0 ? undefined : (name: string) => byName.some((part) => part.holds(inputs, name));
  const tally: Tally = { charged: 0n, free: 0n, unknown: false, freeName };
  rate.price(inputs, quantityOf, tally);
  if (freeFor(rate, free) === undefined) {
    sum.charged += tally.charged;
    sum.free += tally.free;
  } else sum.free += tally.charged + tally.free;
  sum.unknown ||= tally.unknown;
}

/** Why all of a line is free, if it is. */
function freeFor(rate: Rate, free: readonly FreePart[]): string | undefined {
  if (free.length === 0) return undefined;
  return free.find(({ part, byName }) => !byName && (part === undefined || part === rate.quantity))?.because;
}

function isAllFree(free: readonly FreePart[]): boolean {
  return free.some(({ part }) => part === undefined);
}

function isUpper({ how }: Usage): boolean {
  return how === 'bound' || how === 'received';
}

function partsOf({ partsPerCredit }: Pricing, amount: Microcredits): bigint {
  return (BigInt(amount) * partsPerCredit) / BigInt(MICROCREDITS_PER_CREDIT);
}
