// Caps, plans and packages, as the gateway's own API takes and shows them.
import { z } from 'zod';
import { credits, cursor, limit, time } from './contract.ts';
import { capWindow, slug } from './keys-contract.ts';

const most = credits.nonnegative();
const mode = z.enum(['hard', 'soft', 'shadow']);
const version = z.int().describe('What If-Match compares');

// ── Caps ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const kind = z.enum(['key', 'user', 'workspace', 'organization', 'service', 'operation', 'chain']);
const raise = z
  .strictObject({ limit: most, until: time, reason: z.string().min(1).max(500) })
  .describe('Counts in place of the limit until then, and ends by itself');

export const cap = z
  .strictObject({
    organization: z.string(),
    id: z.string(),
    scope: z.strictObject({ kind, id: z.string().describe('`*`: each one of its kind on its own') }),
    window: capWindow,
    limit: credits,
    mode: mode.describe('hard refuses, soft lets pass and tells, shadow notes what it would have refused'),
    raise: raise.nullable(),
    version,
  })
  .meta({ id: 'Cap' });

export const capRequest = z
  .strictObject({
    id: slug,
    scope: z.strictObject({
      kind,
      id: z.string().min(1).max(200).describe('`*`: each one of its kind on its own, which is all that there is for chains'),
    }),
    window: capWindow,
    limit: most,
    mode: mode.default('hard'),
  })
  .meta({ id: 'CapRequest' });

export const capChange = z
  .strictObject({ limit: most.optional(), mode: mode.optional(), raise: raise.nullable().optional() })
  .meta({ id: 'CapChange' });

export const oneCap = z.strictObject({ cap }).meta({ id: 'OneCap' });
export const madeCap = z.strictObject({ cap, repeated: z.boolean() }).meta({ id: 'MadeCap' });
export const caps = z.strictObject({ caps: z.array(cap), next: z.string().nullable() }).meta({ id: 'Caps' });
export const capsQuery = z.strictObject({ after: cursor, limit });

// ── Plans and packages ──────────────────────────────────────────────────────────────────────────────────────────────────

const money = z.strictObject({ amount: z.string().describe('Decimal, exact'), currency: z.string().describe('ISO 4217') });
const every = z.enum(['day', 'week', 'month', 'year']);
const draw = z.array(z.enum(['individual', 'pool', 'extra'])).describe('Which sources pay first');

export const plan = z
  .strictObject({
    name: z.string(),
    every: every.nullable(),
    cycle: z.enum(['calendar', 'anniversary']),
    pool: credits.describe('Shared by all, each cycle'),
    seats: z.array(
      z.strictObject({
        type: z.string().describe("'' where every user has one"),
        allowance: credits.describe("A person's own, each cycle"),
        lifetime: credits.describe("A person's own, once"),
        draw,
        price: money.nullable(),
      }),
    ),
    draw,
    extra: z.strictObject({ limit: credits, fee: money }).nullable(),
    rollover: z.strictObject({ most: credits, cycles: z.int().nullable() }).nullable(),
    price: money.nullable(),
    usedBy: z.int().nullable().describe('How many organizations have it; told to operators alone'),
  })
  .meta({ id: 'Plan' });

export const creditPackage = z
  .strictObject({
    name: z.string(),
    credits,
    price: money,
    months: z.int().nullable().describe('After the purchase; null: never expires'),
  })
  .meta({ id: 'Package' });

export const plans = z.strictObject({ plans: z.array(plan), packages: z.array(creditPackage) }).meta({ id: 'Plans' });
