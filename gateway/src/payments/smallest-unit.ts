// The smallest unit of a currency, in which money is charged: cents, yen, fils.
import { minorUnits, rounded } from '@tollgate/shared/money';
import type { Money } from '@tollgate/shared/rate-card/plan';

// As Stripe lists them, which differs from ISO 4217 for some: all others have two decimals.
const WHOLE = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THOUSANDTHS = new Set('BHD JOD KWD OMR TND'.split(' '));

/** @returns undefined where the price is finer than what can be charged, or nothing at all */
export function toSmallestUnit({ amount, currency }: Money): number | undefined {
  const units = minorUnits(amount, decimalsOf(currency));
  return units === undefined || units === 0 ? undefined : units;
}

/** Decimal text again, as prices are kept. */
export function fromSmallestUnit(units: number, currency: string): Money {
  const upper = currency.toUpperCase();
  const decimals = decimalsOf(upper);
  const digits = String(units).padStart(decimals + 1, '0');
  const amount = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return { amount, currency: upper };
}

/** What a bill says of an exact sum: rounded once, halves up. */
export function billed({ amount, currency }: Money): Money {
  return { amount: rounded(amount, decimalsOf(currency)), currency };
}

function decimalsOf(currency: string): number {
  return WHOLE.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2;
}
