// Exact arithmetic for prices (rule 14): decimals as they were written, never as binary fractions.

export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Quantities are counted in billionths: at most nine decimals. */
export const NANOS = 1_000_000_000n;

/**
 * The decimal that a finite number ≥ 0 was written as: `0.1` is 1/10 here, because the shortest text of a double is what was
 * written for up to 15 digits.
 * @throws {RangeError} for negative, infinite or missing numbers: callers check those first.
 */
export function rational(value: number): Rational {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) throw new RangeError(`${value} is not a finite number of zero or more`);
  const [, whole = '', decimals = '', exponent = '0'] = match;
  const scale = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return scale >= 0 ? reduced(digits * 10n ** BigInt(scale), 1n) : reduced(digits, 10n ** BigInt(-scale));
}

export function reduced(numerator: bigint, denominator: bigint): Rational {
  const divisor = greatestDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** `a / b`; `b` is above zero. */
export function quotient(a: Rational, b: Rational): Rational {
  return reduced(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The smallest number that every denominator divides. */
export function commonDenominator(values: readonly Rational[]): bigint {
  return values.reduce((all, { denominator }) => (all / greatestDivisor(all, denominator)) * denominator, 1n);
}

/** Billionths of a quantity ≥ 0, its tenth decimal rounded. */
export function nanosOf(quantity: number): bigint {
  // Whole part and fraction apart: their product with 10^9 would leave the exact range of a double.
  const whole = Math.floor(quantity);
  if (whole === quantity) return BigInt(whole) * NANOS;
  return BigInt(whole) * NANOS + BigInt(Math.round((quantity - whole) * 1e9));
}

/** Rounds up. Both are zero or more. */
export function dividedUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}

/** Parts of a credit as decimal text, without trailing zeros; past 15 decimals it ends in `…`. */
export function decimalText(parts: bigint, perCredit: bigint): string {
  const whole = parts / perCredit;
  let rest = parts % perCredit;
  let decimals = '';
  while (rest > 0n && decimals.length < 15) {
    rest *= 10n;
    decimals += String(rest / perCredit);
    rest %= perCredit;
  }
  return `${whole}${decimals === '' ? '' : `.${decimals}`}${rest > 0n ? '…' : ''}`;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
