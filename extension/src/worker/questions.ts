// What pages may ask with, by name. What does not fit is answered as `input_invalid`, and nothing is done.
import { z } from 'zod';
import type { AskName, Asks } from '../messages.ts';
import { ownTagShape } from './storage.ts';
import { settingsChange } from './settings-shape.ts';

const nothing = z.strictObject({});
const id = z.string().min(1).max(500);
const origin = z
  .string()
  .max(500)
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, 'an origin such as https://example.com');
const ofPairing = { pairing: id };
const nonce = z.string().min(1).max(200);

export const QUESTIONS = {
  standings: nothing,
  pair: z.strictObject({ text: z.string().max(4_000), name: z.string().min(1).max(200) }),
  unpair: z.strictObject(ofPairing),
  choose: z.strictObject({ ...ofPairing, context: z.string().max(200) }),
  refresh: z.strictObject(ofPairing),
  calls: z.strictObject({ ...ofPairing, before: z.string().max(200).nullable(), limit: z.int().min(1).max(200) }),
  receipt: z.strictObject({ ...ofPairing, id }),
  chain: z.strictObject({ ...ofPairing, id }),
  usage: z.strictObject({ ...ofPairing, by: z.enum(['day', 'reason']), days: z.int().min(1).max(366) }),
  operations: z.strictObject(ofPairing),
  estimate: z.strictObject({
    ...ofPairing,
    operation: id,
    inputs: z.record(z.string().max(200), z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()])),
  }),
  settings: z.strictObject({ change: settingsChange as z.ZodType<Asks['settings']['with']['change']> }),
  sites: nothing,
  siteOn: z.strictObject({ origin }),
  siteOff: z.strictObject({ origin }),
  point: z.strictObject({ tab: z.int() }),
  ownTags: nothing,
  putOwnTag: z.strictObject({ tag: ownTagShape }),
  removeOwnTag: z.strictObject({ id }),
  ownTagsAsCard: nothing,
  exportAll: nothing,
  importAll: z.strictObject({ json: z.string().max(10_000_000) }),
  erase: nothing,
  card: z.strictObject({ nonce }),
  answer: z.strictObject({ nonce, go: z.boolean(), notToday: z.boolean() }),
  sized: z.strictObject({ nonce, width: z.number().min(0).max(10_000), height: z.number().min(0).max(10_000) }),
} satisfies { [Name in AskName]: z.ZodType<Asks[Name]['with']> };

/** Frames in pages may ask these and nothing else; pages of the extension all others. */
export const OF_CARDS: ReadonlySet<AskName> = new Set(['card', 'answer', 'sized']);

/** What the panel for pointing needs, and no more: it stands in a page. */
export const OF_PANEL: ReadonlySet<AskName> = new Set(['standings', 'sites', 'operations', 'estimate', 'putOwnTag']);

export function isAskName(name: unknown): name is AskName {
  return typeof name === 'string' && Object.hasOwn(QUESTIONS, name);
}

/** What it was asked with, checked; or the first thing that is wrong. */
export function readQuestion(name: AskName, given: unknown): { ok: true; given: unknown } | { ok: false; wrong: string } {
  const read = QUESTIONS[name].safeParse(given);
  if (read.success) return { ok: true, given: read.data };
  const [issue] = read.error.issues;
  return { ok: false, wrong: [issue?.path.join('.') ?? '', issue?.message ?? ''].filter((part) => part !== '').join(': ') };
}
