// The rate card of each pairing as its gateway gives it: rules for pages, what can be priced, and what prices are computed from. Kept for the
// session, so that a worker that was asleep can price at once; asked for again when the gateway says that another card is in force.
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { Operation } from '@tollgate/shared/rate-card/card';
import { tags as tagsShape, type Tags } from '@tollgate/shared/tags-contract';
import type { Problem } from '../messages.ts';
import { say } from '../say.ts';
import { askGateway } from '../worker/gateway.ts';
import { listeners } from '../worker/listeners.ts';
import { cardsItem } from '../worker/storage.ts';

export interface KnownCard {
  tags: Tags;
  /** By id. Empty where this browser is older than the card: then the gateway prices all of it. */
  operations: ReadonlyMap<string, Operation>;
}

const changed = listeners<[pairing: string]>();
/** Called when another card of a pairing is known. */
export const onKnownCard = changed.on;

const OLD_MS = 10 * 60_000;
const compiled = new Map<string, { version: string; card: KnownCard }>();
const asking = new Map<string, Promise<Problem | undefined>>();

/** What was kept, at once; asks the gateway where nothing was. */
export async function knownCard(pairing: string): Promise<KnownCard | Problem> {
  const kept = await keptCard(pairing);
  if (kept !== undefined) return kept;
  const problem = await renewCard(pairing);
  return (await keptCard(pairing)) ?? problem ?? { code: 'offline', message: say('price_unknown') };
}

/** Without waiting for the gateway: one that is missing or old is asked for behind it, and `onKnownCard` says when it came. */
export async function keptCard(pairing: string): Promise<KnownCard | undefined> {
  const kept = (await cardsItem.get())[pairing];
  if (kept === undefined || Math.abs(Date.now() - kept.at) > OLD_MS) void renewCard(pairing);
  return kept === undefined ? undefined : compiledOf(pairing, kept.tags);
}

/** Asks the gateway now. Who asks while that is under way gets the same answer. What was known stays where it cannot be had. */
export function renewCard(pairing: string): Promise<Problem | undefined> {
  const running = asking.get(pairing) ?? renewNow(pairing).finally(() => asking.delete(pairing));
  asking.set(pairing, running);
  return running;
}

export async function forgetCards(pairings: readonly string[]): Promise<void> {
  for (const pairing of pairings) compiled.delete(pairing);
  await cardsItem.change((all) => Object.fromEntries(Object.entries(all).filter(([id]) => !pairings.includes(id))));
}

async function renewNow(pairing: string): Promise<Problem | undefined> {
  const asked = await askGateway(pairing, 'GET', 'tags', { answer: tagsShape });
  if (!asked.ok) return asked.problem;
  const before = (await cardsItem.get())[pairing]?.tags;
  await cardsItem.change((all) => ({ ...all, [pairing]: { at: Date.now(), tags: asked.body } }));
  const isAnother = before === undefined || before.rateCard.version !== asked.body.rateCard.version;
  if (isAnother) await changed.tell(pairing);
  return undefined;
}

function compiledOf(pairing: string, tags: Tags): KnownCard {
  const { version } = tags.rateCard;
  const known = compiled.get(pairing);
  if (known?.version === version) return known.card;
  const operations = operationsOf(tags);
  const card = { tags, operations: new Map(operations.map((operation) => [operation.id, operation])) };
  compiled.set(pairing, { version, card });
  return card;
}

function operationsOf({ card, rateCard: { name, version } }: Tags): readonly Operation[] {
  try {
    const loaded = loadRateCard(card, { file: name, version });
    return loaded.ok ? loaded.card.services.flatMap((service) => service.operations) : [];
  } catch {
    // What a later version of the card makes of this code: nothing is priced by it.
    return [];
  }
}
