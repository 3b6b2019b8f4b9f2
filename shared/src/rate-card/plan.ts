// Plans, seat types and packages of a rate card: what an organization is given, in which order it is drawn, and what more costs.
import type { Microcredits } from '../credits.ts';

/** An amount of money as decimal text with its currency: `{ amount: '0.002', currency: 'USD' }`. Never a float, never added up here. */
export interface Money {
  amount: string;
  /** ISO 4217. */
  currency: string;
}

export type Every = 'day' | 'week' | 'month' | 'year';
export type DrawName = 'individual' | 'pool' | 'extra';

export interface Plan {
  readonly name: string;
  /** How long a cycle is; undefined where nothing of the plan comes again. */
  readonly every: Every | undefined;
  /** Cycles by the calendar, or from the day the subscription began. */
  readonly cycle: 'calendar' | 'anniversary';
  /** Shared by all, each cycle; 0 where there is none. */
  readonly pool: Microcredits;
  /** By type. A plan without `seats:` has the one type `''`, and every user of the organization sits in it. */
  readonly seats: ReadonlyMap<string, SeatType>;
  /** Of a payer without a seat: a key of a service, say. */
  readonly draw: readonly DrawName[];
  readonly extra: { readonly limit: Microcredits; readonly fee: Money } | undefined;
  /** What of an allowance goes on into the cycles after it; undefined: nothing (FEATURES C2). */
  readonly rollover: { readonly most: Microcredits; readonly cycles: number | undefined } | undefined;
  /** For a cycle; undefined where it is not sold. */
  readonly price: Money | undefined;
}

export interface SeatType {
  readonly name: string;
  /** A person's own, each cycle; 0 where there is none. */
  readonly allowance: Microcredits;
  /** A person's own, once; 0 where there is none. */
  readonly lifetime: Microcredits;
  readonly draw: readonly DrawName[];
  readonly price: Money | undefined;
}

/** Credits to buy at any time. */
export interface Package {
  readonly name: string;
  readonly credits: Microcredits;
  readonly price: Money;
  /** Calendar months after the purchase, in the payer's zone; undefined: never expires. */
  readonly months: number | undefined;
}
