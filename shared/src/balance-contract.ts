// GET balance: what can be spent now, by whom, from where, until when, and how near each cap is. All of it is what the next call would find.
import { z } from 'zod';
import { credits, time } from './contract.ts';

const percent = z.number().min(0).describe('Of the limit, to a tenth, rounded down');
const capWindow = z.enum(['hour', 'day', 'week', 'month', 'cycle', 'lifetime']);

/** A cap of a key, by its window alone. */
export const capStanding = z
  .strictObject({
    window: capWindow,
    limit: credits,
    used: credits.describe('Spent and held in this window'),
    resetsAt: time.nullable(),
  })
  .meta({ id: 'CapStanding' });

const scopedCap = capStanding
  .extend({
    id: z.string().describe('As GET caps names it; empty for a cap of the key itself'),
    scope: z.strictObject({ kind: z.string(), id: z.string() }),
    mode: z.enum(['hard', 'soft', 'shadow']),
    percent,
    raise: z.strictObject({ limit: credits, until: time, reason: z.string() }).nullable().describe('While it lasts'),
  })
  .meta({ id: 'ScopedCap' });

const context = z
  .strictObject({
    organization: z.string(),
    workspace: z.string().nullable().describe('Null for an organization as a whole'),
    kind: z.enum(['team', 'personal']).nullable(),
    user: z.string().nullable(),
    plan: z.string().nullable(),
    seat: z.string().nullable().describe('The type of the seat'),
  })
  .meta({ id: 'Context' });

const source = z
  .strictObject({
    account: z.string(),
    kind: z.enum(['individual', 'pool']),
    granted: credits.describe('Of the grants that have not ended'),
    spent: credits.describe('Of those'),
    held: credits,
    available: credits,
    expiring: z
      .array(z.strictObject({ grant: z.string(), kind: z.string(), left: credits, expiresAt: time }))
      .describe('What ends unless it is spent, earliest first'),
  })
  .meta({ id: 'Source' });

const extra = z
  .strictObject({
    limit: credits.describe('Limit extra credits, each cycle'),
    spent: credits,
    held: credits,
    left: credits,
    fee: z.string().describe('For one credit, as decimal text'),
    currency: z.string(),
  })
  .meta({ id: 'ExtraCredits' });

const cycle = z
  .strictObject({
    every: z.enum(['day', 'week', 'month', 'year']),
    from: time,
    until: time,
    resetsAt: time.nullable().describe('When allowances come again; null where none does'),
    of: z.strictObject({ kind: z.enum(['user', 'organization']), id: z.string() }).describe('Whose allowance it is'),
    allowance: credits,
    used: credits.describe(
      'Spent and held in this cycle: of a person what their own credits paid, of a pool what was drawn from it',
    ),
    percent,
    averagePerDay: credits,
    daysLeft: z.int().min(0).describe('Begun days until the end of the cycle'),
    runsOutAt: time.nullable().describe('When nothing is available at this pace; null where that is after the cycle'),
  })
  .meta({ id: 'CycleStanding' });

const bought = z
  .strictObject({
    grant: z.string(),
    name: z.string(),
    granted: credits,
    left: credits,
    boughtAt: time,
    expiresAt: time.nullable(),
  })
  .meta({ id: 'BoughtPackage' });

export const balanceQuery = z.strictObject({
  context: z.string().min(1).max(200).optional().describe('One of the contexts of the key, as Credits-Context picks it'),
});

export const balance = z
  .strictObject({
    organization: z.string(),
    context,
    contexts: z
      .array(z.strictObject({ organization: z.string(), workspace: z.string(), kind: z.enum(['team', 'personal']) }))
      .describe('Where the key may spend now'),
    available: credits.describe('What a call can be held from, over all sources; caps come on top, extra credits are apart'),
    held: credits,
    nextExpiryAt: time.nullable().describe('When the next grant ends'),
    sources: z.array(source).describe('In draw order'),
    extra: extra.nullable(),
    cycle: cycle
      .nullable()
      .describe('Null without cycles, and for a user without an allowance of their own whom the pool does not pay for'),
    caps: z.array(scopedCap).describe('All that calls of this context can meet'),
    packages: z.array(bought).describe('What was bought or granted as a package of the rate card, newest first'),
    key: z.strictObject({ id: z.string(), scope: z.string(), workspace: z.string(), caps: z.array(capStanding) }),
  })
  .meta({ id: 'Balance' });
