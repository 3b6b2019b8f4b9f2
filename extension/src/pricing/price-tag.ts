// The price of one tag: what it names, priced here where the request alone decides, else by its gateway; and who would pay, by the balance
// where that is certain, else by the gateway's word.
import type { Standing } from '../messages.ts';
import type { TagAsked, TagOrigin } from '../tag-messages.ts';
import { say } from '../say.ts';
import { estimated, type CallToPrice, type Payer } from './estimates.ts';
import type { Surroundings } from './surroundings.ts';
import { priceHere, splitInputs } from './price-here.ts';
import { isPrice, sumOf, type NoPrice, type Price, type Word } from './priced.ts';
import { inMicrocredits, isCurrent, whoPays } from './who-pays.ts';
import { MICROCREDITS_PER_CREDIT } from '@tollgate/shared/credits';
import { showCredits } from '@tollgate/shared/show-credits';

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
export type AskPrice = (payer: Payer, call: CallToPrice, newerThan?: number) => Price | NoPrice | undefined;

/** @returns undefined until the gateway has told what it costs; `onEstimates` says when to look again */
export function priceTag(tag: TagHere, around: Surroundings, ask: AskPrice = estimated): PricedTag | undefined {
  const standing = around.standings.find(({ pairing }) => pairing.id === tag.pairing);
  if (standing === undefined) return { price: { problem: say('price_unknown_operation'), unknown: true }, standing };
  const parts: { price: Price; times: number }[] = [];
  const calls = callsOf(tag.parts);
  let isWaiting = false;
  for (const { call, times } of calls) {
    const price = priceHereOf(call, standing, around) ?? priceThereOf(call, standing, around, ask);
    if (price === undefined) isWaiting = true;
    else if (!isPrice(price)) return { price, standing };
    else parts.push({ price, times });
  }
  if (isWaiting) return undefined;
  const sum = sumOf(parts);
  if (tag.via === 'none') return { price: { ...sum, word: undefined }, standing };
  const [only] = calls;
  const alone = calls.length === 1 && only?.times === 1 ? only.call : undefined;
  return { price: { ...sum, word: wordOf(sum, alone, standing, around, ask) }, standing };
}

/** Undefined for what only the gateway can price. */
function priceHereOf(call: CallToPrice, { pairing, balance }: Standing, { cards }: Surroundings): Price | NoPrice | undefined {
  const operation = cards.get(pairing.id)?.operations.get(call.operation);
  if (operation === undefined || balance === null) return undefined;
  const here = priceHere(operation, call, balance.context.plan);
  if (here.is === 'gateway') return undefined;
  if (here.is === 'none') return { problem: here.problem, unknown: false };
  const { amount, lines } = here;
  return { exact: true, low: amount, expected: amount, high: amount, quote: amount, lines, word: undefined };
}

/** What was refused may fit by now: it is asked for anew once the balance is another. */
function priceThereOf(
  call: CallToPrice,
  standing: Standing,
  { changedAt }: Surroundings,
  ask: AskPrice,
): Price | NoPrice | undefined {
  const payer = payerOf(standing);
  const price = ask(payer, call);
  const isRefused = price !== undefined && isPrice(price) && price.word?.would === 'refuse';
  return isRefused ? ask(payer, call, changedAt.get(payer.pairing)) : price;
}

function payerOf({ pairing: { id, context } }: Standing): Payer {
  return { pairing: id, context };
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

/** @param alone the call, where the tag is of one: who pays for it is the gateway's to say where the balance does not tell */
function wordOf(
  { word, quote }: Price,
  alone: CallToPrice | undefined,
  standing: Standing,
  { changedAt }: Surroundings,
  ask: AskPrice,
): Word | undefined {
  const { balance, link } = standing;
  // Whoever cannot be asked said it before: it may be another word by now.
  if (link === 'offline' || link === 'refused') return undefined;
  // A route that is barred is refused with any balance.
  const pays = balance === null || !isCurrent(link) ? undefined : whoPays(balance, quote);
  if (pays !== undefined && word?.would !== 'refuse') return { would: 'admit', pays };
  if (alone !== undefined) {
    const told = ask(payerOf(standing), alone, changedAt.get(standing.pairing.id));
    return told !== undefined && isPrice(told) ? told.word : word;
  }
  if (word !== undefined || balance === null || !isCurrent(link)) return word;
  const left = inMicrocredits(balance.available) + inMicrocredits(balance.extra?.left ?? 0);
  return quote > left
    ? { would: 'refuse', message: say('price_sum_refused', showCredits(left / MICROCREDITS_PER_CREDIT)) }
    : word;
}
