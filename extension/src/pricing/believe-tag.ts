// What is believed of a tag that a content script names: origin, via and pairing are those of the rule that we gave it, and a rule names its
// operations. What follows no rule of ours is the page's own word.
import type { TagAsked } from '../tag-messages.ts';
import type { TagHere } from './price-tag.ts';
import { believableClaim } from './read-tag-message.ts';
import { pairingKnowing, type RuleOfPage, type RuleSources } from './rules-for-page.ts';

/** @returns undefined for a rule that holds here no more, and for one that does not name what is asked */
export function believeTag(
  asked: TagAsked,
  rules: ReadonlyMap<string, RuleOfPage>,
  cards: RuleSources['cards'],
): TagHere | undefined {
  const { key, rule: id, parts, schedule } = asked;
  const rule = rules.get(id);
  if (rule === undefined && asked.origin !== 'page') return undefined;
  const operations = [...new Set(parts.map(({ operation }) => operation))];
  const named = rule?.rule.parts.map(({ operation }) => operation);
  if (named !== undefined && !operations.every((one) => named.includes(one))) return undefined;
  return {
    key,
    rule: id,
    origin: rule?.rule.origin ?? 'page',
    via: rule?.rule.via ?? asked.via,
    pairing: rule === undefined ? pairingKnowing(operations, cards, undefined) : rule.pairing,
    name: rule?.name ?? '',
    parts,
    schedule,
    claimed: rule === undefined || rule.rule.origin === 'page' ? believableClaim(asked) : null,
  };
}

/** Which button it is, for "not again for this button today". */
export function buttonOf({ rule, parts }: Pick<TagHere, 'rule' | 'parts'>, origin: string): string {
  return `${rule} ${[...new Set(parts.map(({ operation }) => operation))].join('+')} ${origin}`.slice(0, 500);
}
