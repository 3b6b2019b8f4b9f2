// What a content script sends is checked before anything is done with it: it runs beside a page, and everything in it may be the page's lie.
import { z } from 'zod';
import type { FromTags, TagAsked } from '../tag-messages.ts';

export const TAGS_MOST = 5_000;
const PARTS_MOST = 1_000;
const INPUTS_MOST = 30;
/** Longer texts are cut: none that has a price is as long. */
const TEXT_MOST = 1_000;

const key = z.string().min(1).max(200);
const text = z.string().max(TEXT_MOST);
const clock = z.number().min(0);
const callId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);
const value = z.union([z.string().transform((long) => long.slice(0, TEXT_MOST)), z.number(), z.boolean(), z.null()]);

const part = z.object({
  operation: z.string().min(1).max(200),
  inputs: z
    .record(z.string().regex(/^[A-Za-z][\w.-]{0,99}$/), value)
    .refine((inputs) => Object.keys(inputs).length <= INPUTS_MOST),
});

const tagAsked = z.object({
  key,
  rule: z.string().max(TEXT_MOST),
  origin: z.enum(['own', 'card', 'page']),
  via: z.enum(['gateway', 'none']),
  parts: z.array(part).min(1).max(PARTS_MOST),
  schedule: z.union([z.object({ cron: text, zone: text.nullable() }), z.object({ every: text })]).nullable(),
  claimed: z.number().nullable(),
});

const shape = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['visible', 'hidden']) }),
  z.object({ type: z.literal('tags'), tags: z.array(tagAsked).max(TAGS_MOST), gone: z.array(key).max(TAGS_MOST) }),
  z.object({ type: z.literal('acted'), key, at: clock }),
  z.object({ type: z.literal('called'), callId, startedAt: clock }),
  z.object({ type: z.literal('costs'), callIds: z.array(callId).max(500) }),
  z.object({
    type: z.literal('modules'),
    scenario: z.string().min(1).max(256),
    run: z.string().min(1).max(256).nullable(),
    modules: z.array(z.string().min(1).max(256)).max(500),
  }),
  z.object({ type: z.literal('bubbles'), scenario: z.string().min(1).max(256), on: z.boolean() }),
  z.object({ type: z.literal('card'), key, what: z.enum(['price', 'question', 'receipt']), callId: callId.optional() }),
]);

/** Undefined for what no content script of ours sends. */
export function readTagMessage(given: unknown): FromTags | undefined {
  return shape.safeParse(given).data as FromTags | undefined;
}

const CLAIM_MOST = 1_000_000_000;

/** A page may claim 0 to 1,000,000,000 credits with at most six decimals; anything else it did not say. */
export function believableClaim({ claimed }: Pick<TagAsked, 'claimed'>): number | null {
  if (claimed === null || claimed < 0 || claimed > CLAIM_MOST) return null;
  return Number(claimed.toFixed(6)) === claimed ? claimed : null;
}
