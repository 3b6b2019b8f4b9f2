// What a tag says: texts that are ready to be drawn, so that what runs beside a page needs no numbers.
import { toCredits, type Microcredits } from '@tollgate/shared/credits';
import { showCredits, showEstimate, showPercent, showRange, UNKNOWN } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { Settings, Standing } from '../messages.ts';
import type { TagShown } from '../tag-messages.ts';
import { decideAsking } from './decide-asking.ts';
import { isPrice, type Pays, type Price } from './priced.ts';
import type { PricedTag, TagHere } from './price-tag.ts';
import { projectionSum, type OnSchedule } from './schedule-costs.ts';
import { isCurrent, inMicrocredits } from './who-pays.ts';

export interface ShownWith {
  settings: Pick<Settings, 'ask' | 'lowPercent'>;
  /** Not asked again about this button today. */
  isSilent: boolean;
  /** Of a tag with a schedule, once its gateway has told. */
  runs: readonly (OnSchedule & { times: number })[] | undefined;
}

export function tagWords(tag: TagHere, { price, standing }: PricedTag, { settings, isSilent, runs }: ShownWith): TagShown {
  const { key, origin, via, claimed } = tag;
  if (!isPrice(price)) {
    if (!price.unknown || claimed === null) return unknown(key, price.problem);
    const text = showCredits(claimed);
    return { ...unknown(key, ''), text: say('price_page_claims', text), spoken: say('price_page_says', text), tone: 'hint' };
  }
  const projection = projectionSum(runs ?? []);
  if (projection !== undefined) {
    const { credits, runs: count, share } = projection;
    const words = priceWords({ exact: price.exact, ...credits, most: credits.high });
    const shared = share === null ? [] : [say('price_share', showPercent(share))];
    const spoken = [
      say('price_runs', showCredits(count), words.spoken, showDay(projection.until)),
      ...shared,
      ...placed(origin),
    ].join(', ');
    return { ...unknown(key, ''), text: words.text, range: words.range, spoken, tone: origin === 'page' ? 'hint' : 'plain' };
  }
  const words = priceWords(inCredits(price));
  const available = via === 'none' ? null : availableNow(standing);
  const leaves = leavesOf(price, available);
  const { word } = price;
  const ask = via === 'none' || isSilent ? null : decideAsking(price, available, settings.ask);
  const isRefused = word?.would === 'refuse';
  const spoken = [
    words.spoken,
    ...(isRefused ? [say('price_refused', word.message)] : []),
    ...(isRefused || leaves === null ? [] : [say('price_leaves', showCredits(leaves))]),
    ...(word?.would === 'admit' && word.pays.length > 0 ? [payWords(word.pays)] : []),
    ...(via === 'none' ? [say('price_estimate_only')] : []),
    ...placed(origin),
  ].join(', ');
  const isLow = leaves !== null && leaves < (totalOf(standing) * settings.lowPercent) / 100;
  const tone = isRefused ? 'refused' : origin === 'page' ? 'hint' : isLow ? 'low' : 'plain';
  return { key, text: words.text, range: words.range, spoken, dot: dotOf(word?.would === 'admit' ? word.pays : []), tone, ask };
}

/** What is left of the balance after what is expected; of the most where nothing is. Null where nobody knows. */
export function leavesOf({ expected, quote }: Pick<Price, 'expected' | 'quote'>, available: number | null): number | null {
  if (available === null) return null;
  return toCredits(Math.max(0, inMicrocredits(available) - (expected ?? quote)) as Microcredits);
}

/** Null where it is not known, or what is known is old. */
export function availableNow(standing: Standing | undefined): number | null {
  return standing !== undefined && isCurrent(standing.link) ? (standing.balance?.available ?? null) : null;
}

/** Amounts in credits, as the words and the card want them. */
export function inCredits({ exact, low, expected, high, quote }: Price): AmountsInCredits {
  return {
    exact,
    low: toCredits(low),
    expected: expected === null ? null : toCredits(expected),
    high: toCredits(high),
    most: toCredits(quote),
  };
}

interface AmountsInCredits {
  exact: boolean;
  low: number;
  expected: number | null;
  high: number;
  most: number;
}

/** `12`, `≈ 12` with its range, or `up to 40` where no past call tells what to expect. */
export function priceWords({ exact, low, expected, high, most }: AmountsInCredits): {
  text: string;
  range: string | null;
  spoken: string;
} {
  // The most that it can cost being nothing is exact, whatever was measured.
  if (most === 0) return priceWords({ exact: true, low: 0, expected: 0, high: 0, most: 1 });
  if (expected === null) {
    const upTo = showCredits(most);
    return { text: say('price_up_to', upTo), range: null, spoken: say('price_up_to_spoken', upTo) };
  }
  const amount = showCredits(expected);
  const text = showEstimate({ exact, expected });
  if (exact) return { text, range: null, spoken: say('price_exact', amount) };
  if (low === high) return { text, range: null, spoken: say('price_about', amount) };
  return { text, range: showRange(low, high), spoken: say('price_about_between', amount, showCredits(low), showCredits(high)) };
}

export function showDay(time: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' }).format(new Date(time));
}

function payWords(pays: readonly Pays[]): string {
  const kinds = new Set(pays.map(({ kind }) => kind));
  if (kinds.size > 1) return say(kinds.has('extra') ? 'price_pays_into_extra' : 'price_pays_into_pool');
  return say(kinds.has('extra') ? 'price_pays_extra' : kinds.has('pool') ? 'price_pays_pool' : 'price_pays_own');
}

function dotOf(pays: readonly Pays[]): TagShown['dot'] {
  const kinds = new Set(pays.map(({ kind }) => kind));
  return kinds.has('extra') ? 'extra' : kinds.has('pool') ? 'pool' : null;
}

function totalOf(standing: Standing | undefined): number {
  return (standing?.balance?.sources ?? []).reduce((sum, { granted }) => sum + granted, 0);
}

function placed(origin: TagHere['origin']): string[] {
  return origin === 'page' ? [say('price_by_page')] : [];
}

function unknown(key: string, problem: string): TagShown {
  const spoken = problem === '' ? say('price_unknown') : say('price_unknown_why', problem);
  return { key, text: UNKNOWN, range: null, spoken, dot: null, tone: 'unknown', ask: null };
}
