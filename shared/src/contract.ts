// What consumers of a gateway ask its own API and what it answers: balance, estimates, calls, prices. Amounts are decimal credits, times
// are ISO 8601 in UTC. The gateway checks requests by these schemas, tests check answers by them, and the OpenAPI file is made from them.
import { z } from 'zod';
import { parseCredits } from './credits.ts';

// Zod probes `new Function` otherwise, which a browser extension must not do.
z.config({ jitless: true });

/** As much as one account can hold, with at most six decimals. */
export const credits = z
  .number()
  .refine((value) => parseCredits(value) !== undefined, 'credits with at most six decimals, up to 1,000,000,000')
  .describe('Credits, with at most six decimals')
  .meta({ id: 'Credits', examples: [8.2] });
export const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-12-01T00:00:00Z' })
  .describe('ISO 8601, in UTC where the gateway answers');
/** Ids that stand in a path, as they are. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'an id: up to 128 letters, digits, ".", "_", ":" and "-"');
export const name = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (text) => /\S/.test(text) && !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text),
    'a name that people can read, in one line',
  );
export const labels = z
  .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_.-]{0,63}$/, 'a label name'), z.string().max(256))
  .describe('Labels by name');
export const limit = z.coerce.number().int().min(1).max(1000).default(50).describe('How many at most, 1 to 1000');
export const cursor = z.string().min(1).max(200).optional().describe('`next` of the answer before');

/** A refusal, as every route answers it. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    message: z.string(),
    detail: z.string(),
    code: z.string().describe('One of the codes of docs/failure-modes.md'),
    error: z.strictObject({ type: z.string(), code: z.string(), message: z.string() }),
  })
  .meta({ id: 'Problem' });

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

const state = z.enum(['open', 'settled', 'released', 'lapsed']);

export const callsQuery = z.strictObject({
  operation: z.string().optional(),
  key: z.string().optional(),
  workspace: z.string().optional(),
  state: state.optional(),
  chain: id.optional().describe('The call at the root of a chain: it and all below it'),
  scenario: z.string().max(256).optional().describe('Calls with this label'),
  module: z.string().max(256).optional().describe('Calls with this label'),
  run: z.string().max(256).optional().describe('Calls with this label'),
  before: cursor,
  limit,
});

export const call = z
  .strictObject({
    id: z.string(),
    state,
    heldAt: time,
    endedAt: time.nullable(),
    organization: z.string(),
    workspace: z.string(),
    key: z.string(),
    user: z.string().nullable(),
    plan: z.string().nullable().describe('The plan that it was made under'),
    seat: z.string().nullable().describe('The type of the seat'),
    service: z.string(),
    operation: z.string(),
    reason: z.string(),
    method: z.string(),
    path: z.string(),
    hold: credits,
    charge: credits.nullable().describe('Null while it is open, and where it was released'),
    job: z.string().nullable(),
    labels,
    parent: z.string().nullable().describe('The call that it was made for, by Credits-Parent'),
    chain: z.string().nullable().describe('The call at the root of its chain, where it has a parent'),
    flags: z.array(z.string()),
    skippedQuotaEnforcement: z.boolean().describe('Whether it went past a hard cap by the privilege of its key'),
    passed: z
      .array(z.strictObject({ cap: z.string(), mode: z.enum(['soft', 'shadow', 'bypass']) }))
      .describe('Caps that it went past, and why they let it'),
    rateCard: z.string(),
  })
  .meta({ id: 'Call' });

export const calls = z
  .strictObject({ calls: z.array(call), next: z.string().nullable().describe('The cursor of the next page') })
  .meta({ id: 'Calls' });

const quantity = z.union([z.number(), z.record(z.string(), z.number())]);
export const inputs = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .describe('The priced fields as given');

export const line = z
  .strictObject({
    rate: z.string().describe('Its place in the rate card'),
    arithmetic: z.string(),
    quantity: z.strictObject({ name: z.string(), value: quantity, how: z.string() }).optional(),
    credits: z.string().describe('Exact, before the total is rounded'),
    free: z.string().optional().describe('Why it is not charged'),
  })
  .meta({ id: 'Line' });

export const part = z.strictObject({ account: z.string(), grant: z.string(), amount: credits }).meta({ id: 'Part' });

export const receiptQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^([12]?\d|30)s$/, 'seconds to wait for the end, up to 30s')
    .optional(),
});

export const receipt = call
  .extend({
    quantities: z.record(z.string(), quantity).describe('As measured'),
    bounds: z.record(z.string(), z.number()),
    inputs,
    lines: z.array(line).describe('Computed again from what is stored, by the rate card of the call'),
    free: credits.describe('What its free parts would have cost'),
    absorbed: credits.describe("What the operator bore, past the call's hold"),
    paidBy: z.array(part),
    availableBefore: credits,
    availableAfter: credits.nullable(),
    status: z.int().nullable().describe("The upstream's"),
    end: z.string().nullable().describe('complete, cut, broken or unknown'),
    why: z.string().nullable().describe('Why the gateway stopped or released it'),
    bytes: z.int().nullable(),
    ms: z.number().nullable(),
    fee: z
      .strictObject({ credits, amount: z.string(), currency: z.string() })
      .nullable()
      .describe('Of the extra credits that it drew, exact; null where it drew none'),
    reportedBy: z.string().nullable().describe('The call that told what a job used'),
  })
  .meta({ id: 'Receipt' });

// ── Prices ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const prices = z
  .strictObject({
    rateCard: z.strictObject({ name: z.string(), version: z.string(), since: time }),
    unpriced: z.enum(['refuse', 'flag']).describe('What a route without a price gets'),
    services: z.array(
      z.strictObject({
        id: z.string(),
        path: z.string(),
        operations: z.array(
          z.strictObject({
            id: z.string(),
            reason: z.string(),
            method: z.string(),
            path: z.string().describe('As it is called through the gateway'),
            free: z.boolean(),
            rates: z.array(z.string()).describe('In words'),
            freeWhen: z.array(z.string()),
            bounds: z.array(z.strictObject({ quantity: z.string(), most: z.string(), keptBy: z.string() })),
            chargedOn: z.string(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Prices' });

export const health = z
  .strictObject({ status: z.enum(['ok', 'unavailable']), reasons: z.array(z.string()), notes: z.array(z.string()) })
  .meta({ id: 'Health' });

export const openApiFile = z
  .looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
  .meta({ id: 'OpenApi' });
