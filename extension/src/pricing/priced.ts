// What a tag's calls would cost, by whoever knows: the worker from the rate card, or the gateway. Sums are made in microcredits, because
// sums of decimals are not exact.
import { microcredits, MICROCREDITS_MAX, type Microcredits } from '@tollgate/shared/credits';

export interface PriceLine {
  arithmetic: string;
  /** Decimal credits as text, before rounding. */
  credits: string;
}

/** What is held of one source. */
export interface Pays {
  kind: 'individual' | 'pool' | 'extra';
  amount: Microcredits;
}

/** Whether it would be let through, and who would pay; undefined where nobody could tell. */
export type Word = { would: 'admit'; pays: readonly Pays[] } | { would: 'refuse'; message: string };

/** The price of one call, or of several together. */
export interface Price {
  exact: boolean;
  low: Microcredits;
  /** Null where no past call tells; never 0 for unknown. */
  expected: Microcredits | null;
  high: Microcredits;
  /** The most that it can cost: what is held. */
  quote: Microcredits;
  /** The arithmetic, worked out when a card shows it. */
  lines: () => readonly PriceLine[];
  word: Word | undefined;
}

/** Why there is no price: in words for a person. `unknown` where the rate card has no such operation. */
export interface NoPrice {
  problem: string;
  unknown: boolean;
}

const LINES_MOST = 60;

export function isPrice(one: Price | NoPrice): one is Price {
  return !('problem' in one);
}

/** So many calls of each price together. Without a word where it is more than one call: each might fit and all of them not. */
export function sumOf(parts: readonly { price: Price; times: number }[]): Price {
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && only.times === 1) return only.price;
  const sum = (of: (price: Price) => number): Microcredits =>
    microcredits(
      Math.min(
        MICROCREDITS_MAX,
        parts.reduce((all, { price, times }) => all + of(price) * times, 0),
      ),
    );
  const refused = parts.find(({ price }) => price.word?.would === 'refuse')?.price.word;
  return {
    exact: parts.every(({ price }) => price.exact),
    low: sum(({ low }) => low),
    expected: parts.some(({ price }) => price.expected === null) ? null : sum(({ expected }) => expected ?? 0),
    high: sum(({ high }) => high),
    quote: sum(({ quote }) => quote),
    lines: () => parts.flatMap(({ price, times }) => linesOf(price, times)).slice(0, LINES_MOST),
    word: refused,
  };
}

function linesOf(price: Price, times: number): readonly PriceLine[] {
  return times === 1
    ? price.lines()
    : price
        .lines()
        .map(({ arithmetic, credits }) => ({ arithmetic: `${times} × (${arithmetic})`, credits: multiple(credits, times) }));
}

/** So many times a decimal, to its last digit: what a card adds up must be what it says in all. */
function multiple(decimal: string, times: number): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = (BigInt(whole + fraction) * BigInt(times)).toString().padStart(fraction.length + 1, '0');
  const point = digits.length - fraction.length;
  const after = digits.slice(point).replace(/0+$/, '');
  return after === '' ? digits.slice(0, point) : `${digits.slice(0, point)}.${after}`;
}
