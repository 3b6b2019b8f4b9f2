import type { JSX } from 'preact';
import { showCredits, showSpent } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';

/**
 * Decimal credits with the unit once, smaller and muted. The exact figure stands in the title; unknown is a dash without a unit.
 * `exact` writes all six decimals, `spent` the minus of what is gone, `bare` leaves the unit to a heading.
 */
export function Amount(given: {
  credits: number | null | undefined;
  exact?: boolean;
  spent?: boolean;
  bare?: boolean;
}): JSX.Element {
  const { credits, exact = false, spent = false, bare = false } = given;
  const full = showCredits(credits, undefined, true);
  const sign = spent && typeof credits === 'number' && credits > 0 ? '−' : '';
  const text = exact ? `${sign}${full}` : spent ? showSpent(credits) : showCredits(credits);
  const known = typeof credits === 'number';
  return (
    <span class="amount" title={known ? say('show_exactly', full) : say('show_unknown')}>
      {text}
      {bare || !known ? null : <span class="unit"> {unitOf(credits)}</span>}
    </span>
  );
}

export function unitOf(credits: number): string {
  return say(credits === 1 ? 'show_credit' : 'show_credits');
}
