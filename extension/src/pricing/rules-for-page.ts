// Which rules hold for a page, the more trusted first: tags that the person made, then those of the rate cards, then what the page says of
// itself. Each with the pairing that prices it.
import { matchesPage } from '@tollgate/shared/page-pattern';
import type { PageHint, Tags } from '@tollgate/shared/tags-contract';
import type { OwnTag } from '../messages.ts';
import type { TagRuleHere } from '../tag-messages.ts';
import { gatewayOf } from '../worker/gateway-of.ts';

export interface RuleOfPage {
  rule: TagRuleHere;
  /** Null where none of the paired gateways knows what it names: only a page's own words can be. */
  pairing: string | null;
  /** What a person calls it; empty where it has no name. */
  name: string;
}

export interface RuleSources {
  ownTags: readonly OwnTag[];
  /** The pairing that the person looks at first; of several people at one gateway the first is enough. */
  cards: readonly { pairing: string; tags: Tags }[];
  hint: PageHint | undefined;
}

export const RULES_MOST = 50;

export function rulesForPage(address: string, { ownTags, cards, hint }: RuleSources): RuleOfPage[] {
  const own = ownTags.flatMap((tag): RuleOfPage[] => {
    const pairing = matchesPage(tag.on, address) ? pairingFor(tag.pairing, cards) : undefined;
    if (pairing === undefined) return [];
    const parts = [{ operation: tag.operation, inputs: tag.inputs, forEach: null }];
    const { via, selector, schedule } = tag;
    return [{ rule: { id: `own ${tag.id}`, origin: 'own', via, selector, parts, schedule }, pairing, name: tag.name }];
  });
  const seen = new Set<string>();
  const ofCards = cards.flatMap(({ pairing, tags }): RuleOfPage[] => {
    const gateway = gatewayOf(pairing);
    if (seen.has(gateway)) return [];
    seen.add(gateway);
    return tags.tags.flatMap(({ id, on, via, selector, parts, schedule }) =>
      matchesPage(on, address)
        ? [{ rule: { id: `card ${gateway} ${id}`, origin: 'card', via, selector, parts, schedule }, pairing, name: '' }]
        : [],
    );
  });
  const said = (hint?.tags ?? []).flatMap(({ on, via, tag }, index): RuleOfPage[] => {
    if (!matchesPage(on, address)) return [];
    const parts = [{ operation: tag.operation, inputs: tag.inputs, forEach: null }];
    const pairing = pairingKnowing([tag.operation], cards, hint?.gateway);
    return [
      { rule: { id: `page ${index}`, origin: 'page', via, selector: tag.selector, parts, schedule: null }, pairing, name: '' },
    ];
  });
  return [...own, ...ofCards, ...said].slice(0, RULES_MOST);
}

/** Whose card knows all of these operations; the gateway that the page names first. */
export function pairingKnowing(
  operations: readonly string[],
  cards: RuleSources['cards'],
  gateway: string | undefined,
): string | null {
  const named = gateway === undefined ? undefined : originOfUrl(gateway);
  const knowing = cards.filter(({ tags }) => operations.every((id) => tags.operations.some((one) => one.id === id)));
  return (knowing.find(({ pairing }) => gatewayOf(pairing) === named) ?? knowing[0])?.pairing ?? null;
}

/** A gateway that was paired anew has another id, and its address stays. */
function pairingFor(pairing: string, cards: RuleSources['cards']): string | undefined {
  const same = cards.find((one) => one.pairing === pairing) ?? cards.find((one) => gatewayOf(one.pairing) === gatewayOf(pairing));
  return same?.pairing;
}

function originOfUrl(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
