// How quantities and credits read in an explanation.
import type { Quantity } from '../facts.ts';

/** `1284` → `1,284`. */
export function grouped(value: number): string {
  const text = String(value);
  if (text.includes('e')) return text;
  const [whole = '', decimals] = text.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (decimals === undefined ? '' : `.${decimals}`);
}

export function totalOf(quantity: Quantity): number {
  return typeof quantity === 'number' ? quantity : Object.values(quantity).reduce((sum, value) => sum + value, 0);
}
