// What the card of a tag shows: the numbers behind its text, for the extension's own frame alone.
import { toCredits } from '@tollgate/shared/credits';
import { say } from '../say.ts';
import type { CardContent } from '../messages.ts';
import type { AskReason } from '../tag-messages.ts';
import type { TagNow } from './page-tags.ts';
import { isPrice } from './priced.ts';
import { projectionSum } from './schedule-costs.ts';
import { availableNow, inCredits, leavesOf } from './tag-words.ts';

type PriceContent = Extract<CardContent, { kind: 'price' | 'question' }>;

/** @param ask why the person is asked, of a question */
export function cardOfTag({ tag, priced, runs }: TagNow, kind: 'price' | 'question', ask: AskReason | null): PriceContent {
  const standing = priced?.standing;
  const title = tag.name === '' ? [...new Set(tag.parts.map(({ operation }) => operation))].join(' + ') : tag.name;
  const around = {
    kind,
    title: title.slice(0, 200),
    origin: tag.origin,
    via: tag.via,
    context: standing?.pairing.context ?? null,
    gateway: standing?.pairing.name ?? null,
    ask,
    claimed: tag.claimed,
    asOf: standing?.asOf ?? null,
  };
  const price = priced?.price;
  if (price === undefined || !isPrice(price)) {
    const problem = price === undefined ? say('price_unknown') : price.problem;
    return { ...around, ...NOTHING, problem: price?.unknown === true && tag.claimed !== null ? null : problem };
  }
  const { exact, low, expected, high, most } = inCredits(price);
  const { word } = price;
  const available = tag.via === 'none' ? null : availableNow(standing);
  const projection = projectionSum(runs ?? []);
  return {
    ...around,
    exact,
    low,
    expected,
    high,
    quote: most,
    lines: price.lines().map(({ arithmetic, credits }) => ({ arithmetic, credits })),
    leaves: word?.would === 'refuse' ? null : leavesOf(price, available),
    available,
    pays:
      word?.would === 'admit' ? word.pays.map(({ kind: source, amount }) => ({ kind: source, credits: toCredits(amount) })) : [],
    refusal: word?.would === 'refuse' ? word.message : null,
    schedule:
      projection === undefined
        ? null
        : {
            runs: projection.runs,
            credits: projection.credits,
            share: projection.share,
            allowance: projection.allowance,
            until: projection.until,
            next: projection.next,
          },
    problem: null,
  };
}

const NOTHING = {
  exact: false,
  low: null,
  expected: null,
  high: null,
  quote: null,
  lines: [],
  leaves: null,
  available: null,
  pays: [],
  refusal: null,
  schedule: null,
};
