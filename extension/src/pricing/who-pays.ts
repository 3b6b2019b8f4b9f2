// Who would pay, from the last balance alone: only where it is certain that the call would be let through. Whatever might be refused is the
// gateway's to say, with its own words (decision 7).
import { microcredits, parseCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { Balance, Link } from '../messages.ts';
import type { Pays } from './priced.ts';

/**
 * What a hold of `amount` would take of each source, in draw order. Every hard cap that the context can meet must leave as much, as each
 * of them may be one that this call meets.
 * @returns undefined where the balance alone does not tell: extra credits would pay, a cap is near, or it does not reach
 */
export function whoPays({ sources, caps }: Pick<Balance, 'sources' | 'caps'>, amount: Microcredits): Pays[] | undefined {
  const isCapped = caps.some(({ mode, limit, used }) => mode === 'hard' && inMicrocredits(limit) - inMicrocredits(used) < amount);
  if (isCapped && amount > 0) return undefined;
  const pays: Pays[] = [];
  let left: number = amount;
  for (const { kind, available } of sources) {
    const taken = Math.min(left, inMicrocredits(available));
    if (taken <= 0) continue;
    pays.push({ kind, amount: microcredits(taken) });
    left -= taken;
  }
  return left > 0 ? undefined : pays;
}

/** Amounts of the gateway have at most six decimals; what has more is none of its amounts. */
export function inMicrocredits(credits: number): Microcredits {
  return parseCredits(credits) ?? parseCredits(credits.toFixed(6)) ?? ZERO;
}

/** Whether what is known of a balance is new enough to go by. */
export function isCurrent(link: Link): boolean {
  return link === 'live' || link === 'recent';
}
