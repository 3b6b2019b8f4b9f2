// Money beside credits: decimal text with its currency, multiplied and added exactly, and rounded once, where somebody is asked to pay.
import { Big } from 'big.js';
import { MICROCREDITS_PER_CREDIT, type Microcredits } from './credits.ts';
import type { Money } from './rate-card/plan.ts';

/**
 * What so many credits cost at a fee for each, exact to the last digit: 1,500,000 microcredits at `0.002` are `0.003`.
 * @param perCredit decimal text, as the rate card says it
 */
export function feeFor(amount: Microcredits, perCredit: string): string {
  // A division by a power of ten ends, so that nothing is rounded; Big would stop after twenty decimals all the same.
  return plain(new Big(perCredit).times(amount).times(PER_MICROCREDIT));
}

const PER_MICROCREDIT = new Big(1).div(MICROCREDITS_PER_CREDIT);

/** Sums by currency, in the order in which each first occurs. */
export function sumMoney(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, Big>();
  for (const { amount, currency } of amounts) sums.set(currency, new Big(amount).plus(sums.get(currency) ?? 0));
  return [...sums].map(([currency, sum]) => ({ amount: plain(sum), currency }));
}

/** Whether they are the same amount, however they are written: `12` and `12.00`. */
export function isSameMoney(a: Money, b: Money): boolean {
  return a.currency === b.currency && new Big(a.amount).eq(b.amount);
}

/**
 * The amount in the smallest unit that is charged in, `1250` for `12.50` with two decimals.
 * @returns undefined where the text has more decimals than that, or is no amount
 */
export function minorUnits(amount: string, decimals: number): number | undefined {
  if (!/^\d{1,12}(?:\.\d+)?$/.test(amount)) return undefined;
  const units = new Big(amount).times(new Big(10).pow(decimals));
  return units.round(0).eq(units) ? units.toNumber() : undefined;
}

/** Rounded to so many decimals, halves up: only for what is billed, never for what is kept. */
export function rounded(amount: string, decimals: number): string {
  return plain(new Big(amount).round(decimals, Big.roundHalfUp));
}

function plain(amount: Big): string {
  return amount.toFixed();
}
