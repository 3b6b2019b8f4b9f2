// All that prices are made with, at hand without waiting: balances, settings, own tags, rate cards. Kept current by what the worker hears.
import type { OwnTag, Settings, Standing } from '../messages.ts';
import { listeners } from '../worker/listeners.ts';
import { settings as settingsNow, onSettings } from '../worker/settings.ts';
import { onStanding, standings as standingsNow } from '../worker/standing.ts';
import { onCard, onReceipt, onReset } from '../worker/stream.ts';
import { cardsItem, notTodayItem, ownTags as ownTagsItem } from '../worker/storage.ts';
import { forgetCards, keptCard, onKnownCard, renewCard, type KnownCard } from './known-cards.ts';
import { forgetEstimates, forgetFailures } from './estimates.ts';
import { isCurrent } from './who-pays.ts';
import type { RuleSources } from './rules-for-page.ts';

export interface Surroundings {
  standings: readonly Standing[];
  settings: Settings;
  ownTags: readonly OwnTag[];
  notToday: Readonly<Record<string, string>>;
  /** By pairing; the one that the person looks at first. */
  cards: ReadonlyMap<string, KnownCard>;
  /** When the balance of a pairing was last seen to change, by this machine's clock. */
  changedAt: ReadonlyMap<string, number>;
}

/** `rules`: what to look for in pages may be another now. `prices`: only what it costs, leaves, or is asked about. */
export type Change = 'rules' | 'prices';

const changed = listeners<[change: Change]>();
export const onSurroundings = changed.on;

let now: Surroundings | undefined;
let reading: Promise<Surroundings> | undefined;

/** Reads what is kept at first; later it is at hand. */
export function surroundings(): Promise<Surroundings> {
  reading ??= read();
  return now === undefined ? reading : Promise.resolve(now);
}

/** Undefined until `surroundings()` was read once. */
export function surroundingsNow(): Surroundings | undefined {
  return now;
}

/** Registered when the worker starts, so that nothing is missed. */
export function watchSurroundings(): void {
  onStanding((standings) => put({ standings }));
  onSettings((settings) => put({ settings }));
  onKnownCard(async (pairing) => {
    forgetEstimates(pairing);
    if (now !== undefined) await takeCards(now.standings, now.settings);
    await changed.tell('rules');
  });
  onCard(async (pairing, { version }) => {
    const known = (await cardsItem.get())[pairing];
    if (known?.tags.rateCard.version !== version) await renewCard(pairing);
  });
  // What was learnt from a call is in the next estimate of its operation.
  onReceipt((pairing, { operation }) => forgetEstimates(pairing, operation));
  onReset((pairing) => forgetEstimates(pairing));
}

/** Own tags, or what is not asked about today, were changed. */
export async function tellKept(change: Change): Promise<void> {
  if (now === undefined) return;
  const [ownTags, notToday] = await Promise.all([ownTagsItem.get(), notTodayItem.get()]);
  now = { ...now, ownTags, notToday };
  await changed.tell(change);
}

async function read(): Promise<Surroundings> {
  const [standings, settings, ownTags, notToday] = await Promise.all([
    standingsNow(),
    settingsNow(),
    ownTagsItem.get(),
    notTodayItem.get(),
  ]);
  now = { standings, settings, ownTags, notToday, cards: new Map(), changedAt: new Map() };
  await takeCards(standings, settings);
  return now;
}

async function put(part: Partial<Pick<Surroundings, 'standings' | 'settings'>>): Promise<void> {
  const before = now;
  if (before === undefined) return;
  const after = { ...before, ...part };
  const at = Date.now();
  const moved = after.standings.filter((one) => isAnother(one, before.standings));
  for (const { pairing, link } of moved) if (isCurrent(link)) forgetFailures(pairing.id);
  const changedAt = new Map([...before.changedAt, ...moved.map(({ pairing }) => [pairing.id, at] as const)]);
  now = { ...after, changedAt };
  const isOther = idsOf(after).join(' ') !== idsOf(before).join(' ');
  if (isOther) await takeCards(after.standings, after.settings);
  const hasOtherBubbles = JSON.stringify(after.settings.bubbles) !== JSON.stringify(before.settings.bubbles);
  if (isOther || hasOtherBubbles) await changed.tell('rules');
  else if (moved.length > 0 || after.settings !== before.settings) await changed.tell('prices');
}

/** The stream's beat makes a balance newer and is no change of it. */
function isAnother({ pairing, balance, link }: Standing, before: readonly Standing[]): boolean {
  const same = before.find((one) => one.pairing.id === pairing.id);
  if (same === undefined || same.pairing.context !== pairing.context || isCurrent(same.link) !== isCurrent(link)) return true;
  const ofIt = (one: Standing['balance']): unknown =>
    one === null ? null : [one.available, one.sources, one.extra, one.caps, one.context];
  return same.balance !== balance && JSON.stringify(ofIt(same.balance)) !== JSON.stringify(ofIt(balance));
}

/** What rules are made of, in the order of trust. */
export function cardsOf({ cards }: Surroundings): RuleSources['cards'] {
  return [...cards].map(([pairing, { tags }]) => ({ pairing, tags }));
}

/** In the order in which they are asked: the one that is shown first. */
function idsOf({ standings, settings }: Pick<Surroundings, 'standings' | 'settings'>): string[] {
  const ids = standings.map(({ pairing }) => pairing.id);
  return ids.toSorted((a, b) => Number(b === settings.shown) - Number(a === settings.shown));
}

async function takeCards(standings: readonly Standing[], settings: Settings): Promise<void> {
  const ids = idsOf({ standings, settings });
  const kept = await Promise.all(ids.map(async (id) => [id, await keptCard(id)] as const));
  const cards = new Map(kept.flatMap(([id, card]) => (card === undefined ? [] : [[id, card] as const])));
  if (now === undefined) return;
  const gone = [...now.cards.keys()].filter((id) => !ids.includes(id));
  if (gone.length > 0) await forgetCards(gone);
  now = { ...now, cards };
}
