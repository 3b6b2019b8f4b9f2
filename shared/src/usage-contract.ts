// GET usage: what was charged, added up. From the roll-ups, which are written in the commit of each call's end.
import { z } from 'zod';
import { credits, time } from './contract.ts';

export const usageQuery = z.strictObject({
  by: z.enum(['day', 'reason']),
  days: z.coerce.number().int().min(1).max(366).default(30).describe('Whole days, today included'),
  zone: z.string().min(1).max(100).optional().describe("IANA zone of the days; the organization's where it is left out"),
  context: z.string().min(1).max(200).optional().describe('One of the contexts of the key, as Credits-Context picks it'),
});

export const usage = z
  .strictObject({
    from: time,
    until: time.describe('The end of today'),
    zone: z.string(),
    rows: z
      .array(
        z.strictObject({
          name: z.string().describe('2026-11-20, or the reason'),
          credits,
          calls: z.int(),
        }),
      )
      .describe('Days in order, each of them; reasons by what they cost, most first'),
    total: credits,
  })
  .meta({ id: 'Usage' });

export type Usage = z.output<typeof usage>;
