// The tags of one frame: priced in the order in which they came, 200 at a time and never for long, and pushed where what they show has changed.
import type { TagAsked, TagShown } from '../tag-messages.ts';
import type { PageFrame } from '../worker/sender.ts';
import { believeTag, buttonOf } from './believe-tag.ts';
import { estimated } from './estimates.ts';
import { inTurn } from './in-turn.ts';
import { priceTag, callsOf, type PricedTag, type TagHere } from './price-tag.ts';
import { isPrice, type NoPrice } from './priced.ts';
import { TAGS_MOST } from './read-tag-message.ts';
import type { RuleOfPage } from './rules-for-page.ts';
import { scheduleCosts, type OnSchedule } from './schedule-costs.ts';
import { cardsOf, surroundingsNow } from './surroundings.ts';
import { tagWords } from './tag-words.ts';
import { today } from './today.ts';

type Runs = readonly (OnSchedule & { times: number })[];

export interface TagNow {
  tag: TagHere;
  priced: PricedTag | undefined;
  runs: Runs | undefined;
  shown: TagShown | undefined;
}

export interface PageTags {
  take: (asked: readonly TagAsked[], gone: readonly string[]) => void;
  /** Undefined for a key that is not there, or that follows no rule that holds here. */
  look: (key: string) => TagNow | undefined;
  takeRules: (rules: ReadonlyMap<string, RuleOfPage>) => void;
  /** All of them, or those that wait for a gateway. */
  again: (which: 'all' | 'asked') => void;
  close: () => void;
}

const TOGETHER = 200;
const TOGETHER_MS = 20;
// All that a frame's tags were read to: no page has as much to say, and who speaks for one may lie.
const LENGTH_MOST = 4_000_000;
const SCHEDULES_MOST = 20;
const SCHEDULE_PAUSE_MS = 300;

interface Kept {
  asked: TagAsked;
  length: number;
  priced: PricedTag | undefined;
  runs: Runs | NoPrice | undefined;
  shown: TagShown | undefined;
  text: string;
}

/** @param page its origin decides what is not asked again today, its tab whose turn it is */
export function createPageTags(
  { origin, tab }: Pick<PageFrame, 'origin' | 'tab'>,
  show: (tags: readonly TagShown[]) => void,
): PageTags {
  const tags = new Map<string, Kept>();
  const askedFor = new Set<string>();
  const dirty = new Set<string>();
  const schedules = new Map<string, { id: string; timer: ReturnType<typeof setTimeout> }>();
  let length = 0;
  let rules: ReadonlyMap<string, RuleOfPage> = new Map();
  let isPlanned = false;
  let isClosed = false;

  function plan(): void {
    if (isPlanned || isClosed || dirty.size === 0) return;
    isPlanned = true;
    setTimeout(run, 0);
  }

  function run(): void {
    isPlanned = false;
    const until = performance.now() + TOGETHER_MS;
    const shown: TagShown[] = [];
    for (const key of [...dirty].slice(0, TOGETHER)) {
      if (performance.now() > until) break;
      dirty.delete(key);
      const one = showOne(key);
      if (one !== undefined) shown.push(one);
    }
    if (shown.length > 0 && !isClosed) show(shown);
    plan();
  }

  /** Undefined where there is nothing to say yet, or nothing new. */
  function showOne(key: string): TagShown | undefined {
    const kept = tags.get(key);
    const around = surroundingsNow();
    if (kept === undefined || around === undefined) return undefined;
    const tag = believeTag(kept.asked, rules, cardsOf(around));
    if (tag === undefined) return undefined;
    askedFor.delete(key);
    kept.priced = priceTag(tag, around, (payer, call, newerThan) => {
      askedFor.add(key);
      return estimated(payer, call, newerThan, tab);
    });
    if (kept.priced === undefined) return undefined;
    if (tag.schedule !== null && kept.runs === undefined && isPrice(kept.priced.price)) {
      askSchedule(tag, kept);
      return undefined;
    }
    // A schedule that makes no sense: what is wrong with it.
    if (kept.runs !== undefined && 'problem' in kept.runs) kept.priced = { ...kept.priced, price: kept.runs };
    const runs = runsOf(kept);
    const isSilent = around.notToday[buttonOf(tag, origin)] === today();
    const shown = tagWords(tag, kept.priced, { settings: around.settings, isSilent, runs });
    const text = JSON.stringify(shown);
    if (text === kept.text) return undefined;
    kept.text = text;
    kept.shown = shown;
    return shown;
  }

  function askSchedule(tag: TagHere, kept: Kept): void {
    const { key, schedule, pairing, parts } = tag;
    const context = surroundingsNow()?.standings.find((one) => one.pairing.id === pairing)?.pairing.context;
    const id = JSON.stringify([parts, schedule]);
    const before = schedules.get(key);
    if (schedule === null || pairing === null || context === undefined || before?.id === id) return;
    if (before === undefined && schedules.size >= SCHEDULES_MOST) return;
    clearTimeout(before?.timer);
    const isWanted = (): boolean => schedules.get(key)?.id === id && tags.get(key) === kept;
    const ask = async (): Promise<void> => {
      const answer = await inTurn(tab, async () =>
        isWanted() ? scheduleCosts({ pairing, context }, callsOf(parts), schedule) : undefined,
      );
      if (answer === undefined || !isWanted()) return;
      schedules.delete(key);
      kept.runs = 'runs' in answer ? answer.runs : answer;
      dirty.add(key);
      plan();
    };
    schedules.set(key, { id, timer: setTimeout(() => void ask(), SCHEDULE_PAUSE_MS) });
  }

  function drop(key: string): void {
    length -= tags.get(key)?.length ?? 0;
    tags.delete(key);
    dirty.delete(key);
    askedFor.delete(key);
    clearTimeout(schedules.get(key)?.timer);
    schedules.delete(key);
  }

  return {
    take: (asked, gone) => {
      for (const key of gone) drop(key);
      for (const one of asked) {
        const text = tags.get(one.key)?.text ?? '';
        // Also what was being asked of it: the answer would be of what it said before.
        drop(one.key);
        const own = JSON.stringify(one).length;
        if (tags.size >= TAGS_MOST || length + own > LENGTH_MOST) continue;
        length += own;
        tags.set(one.key, { asked: one, length: own, priced: undefined, runs: undefined, shown: undefined, text });
        dirty.add(one.key);
      }
      plan();
    },
    look: (key) => {
      const kept = tags.get(key);
      const around = surroundingsNow();
      const tag = kept === undefined || around === undefined ? undefined : believeTag(kept.asked, rules, cardsOf(around));
      return kept === undefined || tag === undefined ? undefined : { ...kept, runs: runsOf(kept), tag };
    },
    takeRules: (next) => {
      rules = next;
      for (const kept of tags.values()) kept.runs = undefined;
    },
    again: (which) => {
      for (const key of which === 'all' ? tags.keys() : askedFor) dirty.add(key);
      plan();
    },
    close: () => {
      isClosed = true;
      for (const key of tags.keys()) drop(key);
    },
  };
}

function runsOf({ runs }: Kept): Runs | undefined {
  return runs === undefined || 'problem' in runs ? undefined : runs;
}
