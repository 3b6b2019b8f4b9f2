// Sites for which the rate cards of the paired gateways have tags: offered to a person, switched on by nobody else.
import { knownCard } from '../pricing/known-cards.ts';
import { pairings } from './pairings.ts';

export async function suggestedSites(): Promise<string[]> {
  const cards = await Promise.all((await pairings()).map(({ id }) => knownCard(id)));
  const patterns = cards.flatMap((card) => ('tags' in card ? card.tags.tags.map(({ on }) => on) : []));
  return [...new Set(patterns.flatMap((pattern) => siteOf(pattern) ?? []))].sort();
}

/** The origin of an address pattern; undefined where that is open, as with `*` in place of a host or a port. */
export function siteOf(pattern: string): string | undefined {
  const written = /^https?:\/\/[^/*?#\s]+(?=\/|$)/.exec(pattern)?.[0];
  return written !== undefined && URL.canParse(written) ? new URL(written).origin : undefined;
}
