// GET tags: what a browser needs to put prices beside the elements of a page, and to price the exact ones by itself.
import { z } from 'zod';
import { inputSource, tagInputs, tagSchedule } from './rate-card/tag.ts';

/** A rule with its sum written out. */
export const tagRule = z
  .strictObject({
    id: z.string().describe('Its place in the rate card: tags[0]'),
    on: z.string().describe('An address pattern: https://example.com/*; * stands for any text, also in place of a port'),
    via: z
      .enum(['none', 'gateway'])
      .describe('none: the traffic of the page does not pass this gateway, and so all is an estimate'),
    selector: z.string(),
    parts: z
      .array(
        z.strictObject({
          operation: z.string(),
          inputs: tagInputs,
          forEach: z.string().nullable().describe('Once for each element that it finds'),
        }),
      )
      .min(1),
    schedule: tagSchedule.nullable(),
  })
  .meta({ id: 'TagRule' });

/** What can be priced, for who makes a tag by pointing. */
export const taggable = z
  .strictObject({
    id: z.string(),
    service: z.string(),
    reason: z.string(),
    method: z.string(),
    path: z.string().describe('As it is called through the gateway'),
    fields: z
      .array(
        z.strictObject({
          name: z.string().describe('body.performance'),
          values: z.array(z.string()).nullable().describe('The values that have a price; null where any value has'),
          absent: z.union([z.string(), z.number(), z.boolean()]).nullable(),
        }),
      )
      .describe('What its price or its bounds read of the request'),
    quantities: z.array(z.string()).describe('What is measured afterwards'),
  })
  .meta({ id: 'Taggable' });

export const tags = z
  .strictObject({
    rateCard: z.strictObject({ name: z.string(), version: z.string() }),
    tags: z.array(tagRule),
    operations: z.array(taggable),
    card: z
      .string()
      .describe(
        'The rate card without plans, packages, tags and where things go, as JSON: what prices are computed from by the same code',
      ),
  })
  .meta({ id: 'Tags' });

/** /.well-known/credits.json: what a page says of itself. A hint by a stranger, and shown as one. */
export const pageHint = z.object({
  gateway: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where its calls go'),
  tags: z
    .array(
      z.object({
        on: z.string().max(500),
        via: z.enum(['none', 'gateway']).default('none'),
        tag: z.object({
          selector: z.string().min(1).max(500),
          operation: z.string().max(200),
          inputs: z.record(z.string().max(100), inputSource).default({}),
        }),
      }),
    )
    .max(200)
    .default([]),
});

export type TagRule = z.output<typeof tagRule>;
export type Taggable = z.output<typeof taggable>;
export type Tags = z.output<typeof tags>;
export type PageHint = z.output<typeof pageHint>;
