// Every item that the extension keeps, with its version, its first value and what is read as one. Local items stay until they are erased;
// those of the session go when the browser closes. The worker alone reads and writes them.
import { balance } from '@tollgate/shared/balance-contract';
import { tagInputs, tagSchedule } from '@tollgate/shared/rate-card/tag';
import { tags, type Tags } from '@tollgate/shared/tags-contract';
import { z } from 'zod';
import type { Balance, CardContent, OwnTag, Pairing, Problem, Settings } from '../messages.ts';
import type { Click, NamedCall } from '../pricing/match-calls.ts';
import { FIRST_SETTINGS, settingsShape } from './settings-shape.ts';
import { stored, type Stored } from './stored.ts';

export const ownTagShape = z.strictObject({
  id: z.string().min(1).max(100),
  on: z
    .string()
    .min(1)
    .max(500)
    .regex(/^https?:\/\//),
  selector: z.string().min(1).max(500),
  pairing: z.string().min(1).max(500),
  operation: z.string().min(1).max(200),
  inputs: tagInputs,
  schedule: tagSchedule.nullable(),
  via: z.enum(['gateway', 'none']),
  name: z.string().max(200),
  madeAt: z.number(),
});

const pairingShape = z.object({
  id: z.string(),
  url: z.string().regex(/^https?:\/\//),
  name: z.string(),
  pairedAt: z.number(),
  keyId: z.string(),
  organization: z.string(),
  user: z.string().nullable(),
  context: z.string(),
  contexts: z.array(z.object({ id: z.string(), kind: z.enum(['team', 'personal']) })),
});

/** What the gateway told of a pairing: all that a standing is made of. */
export interface Known {
  /** The context that `balance` is of. */
  context: string;
  balance: Balance | null;
  /** When it was told, by this machine's clock; epoch milliseconds. */
  asOf: number | null;
  problem: Problem | null;
  spentToday: number | null;
}

const knownShape = z.record(
  z.string(),
  z.object({
    context: z.string(),
    balance: balance.nullable(),
    asOf: z.number().nullable(),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
    spentToday: z.number().nullable(),
  }),
);

/** Read by gateway.ts and by nothing else. Keys by the id of their pairing; each can see and none can spend. */
export const keysItem: Stored<Readonly<Record<string, string>>> = local('keys', z.record(z.string(), z.string()), {});

export const pairingsItem: Stored<readonly Pairing[]> = local('pairings', z.array(pairingShape), []);

export const settingsItem: Stored<Settings> = stored({
  name: 'settings',
  area: 'local',
  version: 1,
  fallback: FIRST_SETTINGS,
  // What was not there to be set yet is as it is at first.
  check: (value) => settingsShape.safeParse({ ...FIRST_SETTINGS, ...(value as object) }).data,
});

/** Sites that are on, by their origin with its port. Whether the browser's grant is still there is asked when it matters. */
export const sitesItem: Stored<readonly { origin: string; since: number }[]> = local(
  'sites',
  z.array(z.object({ origin: z.string(), since: z.number() })),
  [],
);

/** As many as fill most of the ten megabytes that there are. */
export const OWN_TAGS_MOST = 20_000;

export const ownTags: Stored<readonly OwnTag[]> = local('own-tags', z.array(ownTagShape), []);

/** "Not again for this button today": `<rule> <origin>` → the day, `2026-11-20` in the browser's zone. */
export const notTodayItem: Stored<Readonly<Record<string, string>>> = local('not-today', z.record(z.string(), z.string()), {});

/** Thresholds that a person was told of, by pairing and context: once in a cycle. */
export const toldItem: Stored<Readonly<Record<string, { cycle: string; percents: readonly number[] }>>> = local(
  'told',
  z.record(z.string(), z.object({ cycle: z.string(), percents: z.array(z.number()) })),
  {},
);

export const knownItem: Stored<Readonly<Record<string, Known>>> = session('known', knownShape, {});

/** How far the stream of each pairing was read: the id of its last message. */
export const placesItem: Stored<Readonly<Record<string, string>>> = session('places', z.record(z.string(), z.string()), {});

/** The rate card of each pairing, as its gateway gave it at `at`. */
export const cardsItem: Stored<Readonly<Record<string, { at: number; tags: Tags }>>> = session(
  'cards',
  z.record(z.string(), z.object({ at: z.number(), tags })),
  {},
);

/** A frame of ours that a page was given the address of. */
export interface CardFrame {
  /** Where it was asked for. */
  tab: number;
  frame: number;
  key: string;
  /** `others`: what the same click caused beside it. */
  shows: { content: CardContent } | { receipt: { pairing: string; id: string; others: readonly string[] } };
  /** By what "not again for this button today" is kept; null where there is no question. */
  button: string | null;
  at: number;
  /** The frame that has read it; null until one has. */
  reader: number | null;
  isAnswered: boolean;
}

/** By their nonce. */
export const cardFramesItem: Stored<Readonly<Record<string, CardFrame>>> = session(
  'card-frames',
  z.record(
    z.string(),
    z.object({
      tab: z.number(),
      frame: z.number(),
      key: z.string(),
      shows: z.union([
        z.object({ content: z.custom<CardContent>((value) => typeof value === 'object' && value !== null && 'kind' in value) }),
        z.object({ receipt: z.object({ pairing: z.string(), id: z.string(), others: z.array(z.string()) }) }),
      ]),
      button: z.string().nullable(),
      at: z.number(),
      reader: z.number().nullable(),
      isAnswered: z.boolean(),
    }),
  ),
  {},
);

/** What a frame of a page did, so that the worker may be killed between a click and its cost. */
export interface Acts {
  at: number;
  clicks: readonly Click[];
  open: readonly NamedCall[];
  /** Calls that were put to a tag, by its key. */
  costs: readonly { key: string; pairing: string; ids: readonly string[] }[];
}

const namedCall = z.object({
  id: z.string(),
  pairing: z.string(),
  operation: z.string(),
  startedAt: z.number(),
  heldAt: z.number(),
});

/** By tab, frame and document. */
export const actsItem: Stored<Readonly<Record<string, Acts>>> = session(
  'acts',
  z.record(
    z.string(),
    z.object({
      at: z.number(),
      clicks: z.array(
        z.object({
          key: z.string(),
          at: z.number(),
          pairing: z.string(),
          since: z.number(),
          expects: z.record(z.string(), z.number()),
        }),
      ),
      open: z.array(namedCall),
      costs: z.array(z.object({ key: z.string(), pairing: z.string(), ids: z.array(z.string()) })),
    }),
  ),
  {},
);

/** Calls that were put to a click, wherever: none is put to two. */
export const usedCallsItem: Stored<readonly string[]> = session('used-calls', z.array(z.string()), []);

/** For erasing. */
export function everyItem(): readonly { erase: () => Promise<void> }[] {
  return [
    keysItem,
    pairingsItem,
    settingsItem,
    sitesItem,
    ownTags,
    notTodayItem,
    toldItem,
    knownItem,
    placesItem,
    cardsItem,
    cardFramesItem,
    actsItem,
    usedCallsItem,
  ];
}

function local<T>(name: string, shape: z.ZodType<T>, fallback: T): Stored<T> {
  return stored({ name, area: 'local', version: 1, fallback, check: (value) => shape.safeParse(value).data });
}

function session<T>(name: string, shape: z.ZodType<T>, fallback: T): Stored<T> {
  return stored({ name, area: 'session', version: 1, fallback, check: (value) => shape.safeParse(value).data });
}
