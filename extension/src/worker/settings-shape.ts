// What a person can set, how it is at first, and what is taken for it.
import { z } from 'zod';
import type { Settings } from '../messages.ts';

const amount = z.number().min(0).max(1_000_000_000);
const percent = z.number().min(0).max(100);

const settingsMembers = {
  shown: z.string().max(500).nullable(),
  badge: z.enum(['off', 'low', 'remaining', 'percent', 'today']),
  lowPercent: percent,
  notifications: z.strictObject({
    on: z.boolean(),
    percents: z.array(percent).max(10),
    snoozedUntil: z.number().nullable(),
  }),
  ask: z.strictObject({
    above: amount.nullable(),
    share: percent.nullable(),
    crossing: z.boolean(),
    refused: z.boolean(),
  }),
  // An origin and a scenario of at most 256 characters.
  bubbles: z.record(z.string().max(600), z.boolean()),
};

/** Quiet at first: the badge speaks when credits are low, and nobody is asked about what their own allowance pays. */
export const FIRST_SETTINGS: Settings = {
  shown: null,
  badge: 'low',
  lowPercent: 20,
  notifications: { on: false, percents: [20, 10, 0], snoozedUntil: null },
  ask: { above: null, share: null, crossing: true, refused: true },
  bubbles: {},
};

export const settingsShape = z.object(settingsMembers);

/** What a change may hold: each member takes the place of the one that is there. */
export const settingsChange = z.strictObject(settingsMembers).partial();
