// How much is left of all that was granted: what low, the badge's per cent and notifications go by.
import type { Balance } from '../messages.ts';

/** 0 to 100, not rounded; null where nothing was granted, and so there is nothing to be a part of. */
export function leftPercent({ available, sources }: Pick<Balance, 'available' | 'sources'>): number | null {
  const granted = sources.reduce((sum, source) => sum + source.granted, 0);
  return granted > 0 ? Math.min(100, Math.max(0, (available / granted) * 100)) : null;
}
