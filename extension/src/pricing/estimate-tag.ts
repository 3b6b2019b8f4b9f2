// What a tag that is being made would show, for who points at an element. As an estimate alone: what it leaves, and whether it is refused,
// belongs to the tag once it stands in its page.
import { UNKNOWN } from '@tollgate/shared/show-credits';
import type { Answer, Asks } from '../messages.ts';
import { say } from '../say.ts';
import { estimateNow } from './estimates.ts';
import { knownCard } from './known-cards.ts';
import { priceHere, splitInputs, type PricedHere } from './price-here.ts';
import { isPrice, type NoPrice, type Price } from './priced.ts';
import { surroundings } from './surroundings.ts';
import { inCredits, priceWords } from './tag-words.ts';

export async function answerEstimate({ pairing, operation, inputs }: Asks['estimate']['with']): Promise<Answer<'estimate'>> {
  const standing = (await surroundings()).standings.find((one) => one.pairing.id === pairing);
  if (standing === undefined) return { ok: false, problem: { code: 'input_invalid', message: say('price_not_paired') } };
  const card = await knownCard(pairing);
  const call = { operation, ...splitInputs(inputs) };
  const known = 'operations' in card ? card.operations.get(operation) : undefined;
  const { balance } = standing;
  const here = known === undefined || balance === null ? undefined : priceHere(known, call, balance.context.plan);
  const { context } = standing.pairing;
  const price = here === undefined || here.is === 'gateway' ? await estimateNow({ pairing, context }, call) : asPrice(here);
  if (!isPrice(price)) return { ok: true, answer: { text: UNKNOWN, range: null, problem: price.problem } };
  const { text, range } = priceWords(inCredits(price));
  return { ok: true, answer: { text, range, problem: null } };
}

function asPrice(here: Exclude<PricedHere, { is: 'gateway' }>): Price | NoPrice {
  if (here.is === 'none') return { problem: here.problem, unknown: false };
  const { amount, lines } = here;
  return { exact: true, low: amount, expected: amount, high: amount, quote: amount, lines, word: undefined };
}
