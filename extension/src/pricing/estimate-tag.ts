// What a tag that is being made would show: priced as the tag will be, before it is kept.
import type { Answer, Asks } from '../messages.ts';
import { failed } from '../worker/problems.ts';
import { onEstimates } from './estimates.ts';
import { priceTag, type PricedTag, type TagHere } from './price-tag.ts';
import { isPrice } from './priced.ts';
import { surroundings } from './surroundings.ts';
import { inCredits, priceWords } from './tag-words.ts';

// The person sees that it is asked for; past this something else is wrong.
const LONGEST_MS = 15_000;

const waiting = new Set<() => void>();
onEstimates(() => {
  for (const look of waiting) look();
});

export async function answerEstimate({ pairing, operation, inputs }: Asks['estimate']['with']): Promise<Answer<'estimate'>> {
  // As an estimate alone: what it leaves, and whether it is refused, belongs to the tag once it stands in its page.
  const tag: TagHere = {
    key: '',
    rule: '',
    origin: 'own',
    via: 'none',
    pairing,
    name: '',
    parts: [{ operation, inputs }],
    schedule: null,
    claimed: null,
  };
  const priced = await pricedInTime(tag);
  if (priced === undefined) return { ok: false, problem: failed() };
  const { price } = priced;
  if (!isPrice(price)) return { ok: true, answer: { text: '–', range: null, problem: price.problem } };
  const { text, range } = priceWords(inCredits(price));
  return { ok: true, answer: { text, range, problem: null } };
}

/** Undefined where its gateway does not say in time. */
async function pricedInTime(tag: TagHere): Promise<PricedTag | undefined> {
  const first = priceTag(tag, await surroundings());
  if (first !== undefined) return first;
  return new Promise((resolve) => {
    const end = (priced: PricedTag | undefined): void => {
      waiting.delete(look);
      clearTimeout(timer);
      resolve(priced);
    };
    const look = (): void => {
      void surroundings().then((around) => {
        const priced = priceTag(tag, around);
        if (priced !== undefined) end(priced);
      });
    };
    const timer = setTimeout(() => end(undefined), LONGEST_MS);
    waiting.add(look);
  });
}
