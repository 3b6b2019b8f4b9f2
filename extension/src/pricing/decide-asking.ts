// Whether a person wants to be asked before an action: only for the reasons that they switched on. The gateway enforces; this is a courtesy.
import { toCredits } from '@tollgate/shared/credits';
import type { Settings } from '../messages.ts';
import type { AskReason } from '../tag-messages.ts';
import type { Price } from './priced.ts';

/**
 * @param available credits that are left now, over all sources; null where nobody knows
 * @returns the weightiest reason: refused, then crossing, then share, then above
 */
export function decideAsking(price: Price, available: number | null, ask: Settings['ask']): AskReason | null {
  const { word } = price;
  const most = toCredits(price.quote);
  if (ask.refused && word?.would === 'refuse') return 'refused';
  if (ask.crossing && word?.would === 'admit' && crosses(word.pays)) return 'crossing';
  if (ask.share !== null && available !== null && most > 0 && most > (available * ask.share) / 100) return 'share';
  return ask.above !== null && most > ask.above ? 'above' : null;
}

/** One's own credits end and others begin to pay, within this one action. */
function crosses(pays: readonly { kind: string }[]): boolean {
  return new Set(pays.map(({ kind }) => kind)).size > 1;
}
