// The shapes that pricing gives to its callers: a quote before the call, a charge after it.
import type { Microcredits } from './credits.ts';
import type { CallFacts, Quantity, Scalar } from './facts.ts';

/** The most a call can cost, and what keeps that true. */
export interface Quote {
  /** What is held. */
  ceiling: Microcredits;
  /** True where the charge is known from the request alone: it depends on no quantity measured later, only on the status. */
  exact: boolean;
  inputs: CallFacts['inputs'];
  bounds: CallFacts['bounds'];
  keep: BoundKeeping;
  lines: readonly ChargeLine[];
}

/** What the gateway does to the call so that its bounds hold. */
export interface BoundKeeping {
  /** Fields to set on the request, because the client left them out: `{ field: "body.max_tokens", value: 4096 }`. */
  inject: readonly { field: string; value: Scalar }[];
  /** Where to cut the answer: the first byte, row or second past this is not let through. */
  cut: Readonly<Partial<Record<'bytes' | 'rows' | 'seconds', number>>>;
}

/** A charge with its arithmetic. `total` = the sum of the lines' credits, rounded up once to the card's step, at most the ceiling. */
export interface Charge {
  total: Microcredits;
  lines: readonly ChargeLine[];
  /** What the free parts would have cost (P4). */
  free: Microcredits;
  /** What the arithmetic gives past the quote's ceiling; the operator's, never the customer's (rule 6). */
  absorbed: Microcredits;
  flags: readonly ChargeFlag[];
}

export interface ChargeLine {
  /** Which rate: its place in the card, `chat.complete.price[1]`. */
  rate: string;
  /** For people: `1,284 output_tokens × 2 / 1,000 (gpt-4o)`. */
  arithmetic: string;
  quantity?: { name: string; value: Quantity; how: QuantityOrigin };
  /** Exact decimal credits before rounding, as text: `"2.568"`. */
  credits: string;
  /** Set where the line is not charged, with the reason; its credits then count as would-have-cost. */
  free?: string;
}

/**
 * `measured` by report or count · `received` an upper count · `bound` the most it could be · `request` known beforehand · `floor` not
 * known and not charged, because the card says `on_unknown: floor`.
 */
export type QuantityOrigin = 'measured' | 'received' | 'bound' | 'request' | 'floor';

export type ChargeFlag =
  | 'quantity_missing'
  | 'quantity_invalid'
  | 'bound_broken'
  | 'end_unknown'
  | 'value_unknown'
  | 'not_charged_status';

/** Why a call can not be priced. `field` is the full name (`body.model`). Nothing was held. */
export interface PricingRefusal {
  code: 'field_invalid' | 'value_unknown' | 'body_unreadable';
  field: string;
  /** What was found and what would be right, for people. */
  message: string;
  /** For `value_unknown`: the values that have a price. */
  known?: readonly string[];
}
