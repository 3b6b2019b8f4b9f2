// The one place where an amount of credits is made, shown and read (decision 2). One credit is 1,000,000 microcredits.
// Amounts are whole microcredits in a safe integer; on the wire they are decimal credits with at most six decimals.

declare const brand: unique symbol;

/** A whole number of microcredits, between −10^15 and 10^15, so that sums of two stay exact in a double. */
export type Microcredits = number & { readonly [brand]: 'Microcredits' };

export const MICROCREDITS_PER_CREDIT = 1_000_000;
/** At most 1,000,000,000 credits on the wire and in one account. */
export const MICROCREDITS_MAX = 1_000_000_000 * MICROCREDITS_PER_CREDIT;

export const ZERO = 0 as Microcredits;

/**
 * Brands a number that is already whole microcredits.
 * @throws {RangeError} when it is not a whole number within ±10^15: that is a bug in the caller, never bad input.
 */
export function microcredits(value: number): Microcredits {
  if (!Number.isSafeInteger(value) || Math.abs(value) > MICROCREDITS_MAX) {
    throw new RangeError(`${value} is not a whole number of microcredits within ±${MICROCREDITS_MAX}`);
  }
  // Adding zero turns −0 into 0, which would otherwise print and hash differently.
  return (value + 0) as Microcredits;
}

export function add(a: Microcredits, b: Microcredits): Microcredits {
  return microcredits(a + b);
}

export function subtract(a: Microcredits, b: Microcredits): Microcredits {
  return microcredits(a - b);
}

export function least(a: Microcredits, b: Microcredits): Microcredits {
  return a < b ? a : b;
}

/** Decimal credits for JSON: `8.2` for 8,200,000 microcredits. Exact, because 10^15 needs at most 16 digits. */
export function toCredits(amount: Microcredits): number {
  return amount / MICROCREDITS_PER_CREDIT;
}

/** Decimal credits as text without an exponent: `"0.0000005"` can not occur, `"0.000001"` can. */
export function formatCredits(amount: Microcredits): string {
  const digits = String(Math.abs(amount)).padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0+$/, '');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -6)}${decimals === '' ? '' : `.${decimals}`}`;
}

/**
 * Reads decimal credits as a person or a client wrote them: `40`, `"40"`, `"0.25"`.
 * @returns the amount, or `undefined` where it is not a plain decimal with at most six decimals up to 1,000,000,000.
 */
export function parseCredits(text: string | number): Microcredits | undefined {
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,6}))?$/.exec(String(text));
  if (match === null) return undefined;
  const [, sign, whole, decimals = ''] = match;
  const value = Number(whole) * MICROCREDITS_PER_CREDIT + Number(decimals.padEnd(6, '0'));
  if (value > MICROCREDITS_MAX) return undefined;
  return microcredits(sign === '-' ? -value : value);
}
