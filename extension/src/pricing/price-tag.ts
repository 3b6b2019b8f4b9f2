// The price of one tag: what it names, priced here where the request alone decides, else by its gateway; and who would pay, by the balance
// where that is certain, else by the gateway's word.
import type { Standing } from '../messages.ts';
import type { TagAsked, TagOrigin } from '../tag-messages.ts';
import { say } from '../say.ts';
import { estimated, type CallToPrice } from './estimates.ts';
import type { Surroundings } from './surroundings.ts';
import { priceHere, splitInputs } from './price-here.ts';
import { isPrice, sumOf, type NoPrice, type Price, type Word } from './priced.ts';
import { inMicrocredits, isCurrent, whoPays } from './who-pays.ts';
import { ZERO } from '@tollgate/shared/credits';

/** A tag as it is believed: its origin, via and pairing are those of its rule, not what the message says. */
export interface TagHere {
  key: string;
  rule: string;
  origin: TagOrigin;
  via: 'gateway' | 'none';
  /** Null where no paired gateway knows what it names. */
  pairing: string | null;
  name: string;
  parts: TagAsked['parts'];
  schedule: TagAsked['schedule'];
  claimed: number | null;
}

export interface PricedTag {
  price: Price | NoPrice;
  standing: Standing | undefined;
}

/** How the gateway is asked; as `estimated` does. */
export type AskPrice = typeof estimated;

/** @returns undefined until the gateway has told what it costs; `onEstimates` says when to look again */
export function priceTag(tag: TagHere, around: Surroundings, ask: AskPrice = estimated): PricedTag | undefined {
  const standing = around.standings.find(({ pairing }) => pairing.id === tag.pairing);
  if (standing === undefined) return { price: { problem: say('price_unknown_operation'), unknown: true }, standing };
  const { id: pairing, context } = standing.pairing;
  const payer = { pairing, context };
  const operations = around.cards.get(pairing)?.operations;
  const plan = standing.balance?.context.plan ?? null;
  const parts: { price: Price; times: number }[] = [];
  const calls = callsOf(tag.parts);
  let isWaiting = false;
  for (const { call, times } of calls) {
    const operation = operations?.get(call.operation);
    const here = operation === undefined || standing.balance === null ? undefined : priceHere(operation, call, plan);
    if (here?.is === 'none') return { price: { problem: here.problem, unknown: false }, standing };
    if (here?.is === 'exact') {
      const { amount, lines } = here;
      parts.push({
        price: { exact: true, low: amount, expected: amount, high: amount, quote: amount, lines, word: undefined },
        times,
      });
      continue;
    }
    const price = ask(payer, call);
    if (price === undefined) isWaiting = true;
    else if (!isPrice(price)) return { price, standing };
    else parts.push({ price, times });
  }
  if (isWaiting) return undefined;
  const [only] = calls;
  const sum = sumOf(parts);
  if (tag.via === 'none') return { price: { ...sum, word: undefined }, standing };
  const alone = only !== undefined && calls.length === 1 && only.times === 1 ? only.call : undefined;
  return {
    price: { ...sum, word: wordOf(sum, alone === undefined ? undefined : (since) => ask(payer, alone, since), standing, around) },
    standing,
  };
}

/** Equal calls are priced once. */
export function callsOf(parts: TagAsked['parts']): { call: CallToPrice; times: number }[] {
  const calls = new Map<string, { call: CallToPrice; times: number }>();
  for (const { operation, inputs } of parts) {
    const id = parts.length === 1 ? '' : JSON.stringify([operation, inputs]);
    const known = calls.get(id);
    if (known === undefined) calls.set(id, { call: { operation, ...splitInputs(inputs) }, times: 1 });
    else known.times += 1;
  }
  return [...calls.values()];
}

function wordOf(
  sum: Price,
  askAlone: ((since: number) => Price | NoPrice | undefined) | undefined,
  { balance, link, pairing }: Standing,
  { changedAt }: Surroundings,
): Word | undefined {
  const { word } = sum;
  // Whoever cannot be asked said it before: it may be another word by now.
  if (link === 'offline' || link === 'refused') return undefined;
  const since = changedAt.get(pairing.id) ?? 0;
  // The balance is older than what the gateway said, or says less: a route that is barred is refused with any balance.
  const pays = balance === null || !isCurrent(link) ? undefined : whoPays(balance, sum.quote);
  if (pays !== undefined && word?.would !== 'refuse') return { would: 'admit', pays };
  if (askAlone !== undefined) {
    const told = askAlone(since);
    return told !== undefined && isPrice(told) ? told.word : word;
  }
  if (word !== undefined || balance === null || !isCurrent(link)) return word;
  const left = inMicrocredits(balance.available) + inMicrocredits(balance.extra?.left ?? 0);
  return sum.quote > left && sum.quote > ZERO
    ? { would: 'refuse', message: say('price_sum_refused', String(left / 1_000_000)) }
    : word;
}
