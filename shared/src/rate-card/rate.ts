// One line of a price, compiled: from quantities and inputs to exact parts of a credit (rule 14).
import type { Quantity } from '../facts.ts';
import type { PricingRefusal } from '../pricing.ts';
import type { Choice } from './choice.ts';
import type { Rational } from './exact.ts';
import type { Inputs } from './field.ts';
import type { QuantityKind } from './scope.ts';

export interface Rate {
  /** Its place in the card: `chat.complete.price[1]`. */
  place: string;
  /** The one quantity that it is per; none for a price per call and for formulas. */
  quantity: string | undefined;
  /** Every quantity that it reads. */
  reads: readonly string[];
  /** False where it can not be shown never to fall as a quantity rises (rule 15). */
  neverFalls: boolean;
  /** Priced by the name within the quantity (`tool.name`). */
  byName: boolean;
  /** Its table by a request field, where it has one. */
  choice: Choice<Rational> | undefined;
  /** Denominators that the operation's parts must be divisible by. */
  fractions: readonly Rational[];
  /** For lints: credits per single unit of the quantity, the dearest and the cheapest by name. */
  prices: ReadonlyMap<string, Rational>;
  /** Fixes how many parts a credit has, and gives the function of the hot path. */
  bind(partsPerCredit: bigint): Pricer;
  /** `1,284 output_tokens × 2 / 1,000 (gpt-4o)` */
  describe(inputs: Inputs, quantityOf: QuantityOf): string;
  /** Why these inputs have no price, before the call. */
  refuses(inputs: Inputs): PricingRefusal | undefined;
}

export type QuantityOf = (name: string) => Quantity;

/** Adds to the tally what these quantities cost. */
export type Pricer = (inputs: Inputs, quantityOf: QuantityOf, tally: Tally) => void;

/** Parts of a credit, as they are added up. */
export interface Tally {
  charged: bigint;
  free: bigint;
  /** Set where a value had no row of its own and another row was charged for it. */
  unknown: boolean;
  /** Which names within a quantity are free, where a condition reads `tool.name`. */
  freeName: ((name: string) => boolean) | undefined;
}

/** What the forms of a rate have in common. */
export interface RateParts {
  name: string;
  kind: QuantityKind | undefined;
  unit: Rational;
  started: boolean;
}
