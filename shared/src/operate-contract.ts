// What operators of a gateway ask its own API and what it answers: grants, corrections, the rate card, and the books.
import { z } from 'zod';
import { call, credits, id, inputs, labels, limit, line, part, time } from './contract.ts';
import { describedCall } from './estimates-contract.ts';

// ── Grants, corrections, entries ────────────────────────────────────────────────────────────────────────────────────────

const account = z
  .string()
  .regex(/^[a-z]+(:[a-z0-9][a-z0-9-]{0,62}(\/[a-z0-9][a-z0-9_-]{0,126})?)?$/, 'an account such as pool:main or user:main/ann')
  .optional()
  .describe("The organization's pool where it is left out");
const reason = z.string().max(500);

export const grant = z
  .strictObject({
    id: z.string(),
    account: z.string(),
    kind: z.enum(['allowance', 'lifetime', 'top-up', 'promo', 'rollover']),
    amount: credits,
    priority: z.int().describe('Lower burns first'),
    effectiveAt: time,
    expiresAt: time.nullable(),
    voidedAt: time.nullable(),
    spent: credits,
    held: credits,
    ended: credits.describe('Expired or voided'),
    left: credits.describe('What a call can still be held from'),
    reason: z.string(),
    by: z.string(),
  })
  .meta({ id: 'Grant' });

export const grantRequest = z
  .strictObject({
    id: id.optional().describe('Chosen by the client, so that a repeat grants nothing twice; or send Idempotency-Key'),
    amount: credits.positive().optional(),
    package: z
      .string()
      .max(200)
      .optional()
      .describe('In place of an amount: a package of the rate card, with its credits and months'),
    account,
    kind: z.enum(['allowance', 'lifetime', 'top-up', 'promo', 'rollover']).default('top-up'),
    priority: z.int().min(0).max(1000).default(100).describe('Lower burns first'),
    effectiveAt: time.optional(),
    expiresAt: time.optional(),
    reason: reason.default(''),
  })
  .refine(({ amount, package: sold }) => (amount === undefined) !== (sold === undefined), {
    error: 'either an amount or a package',
    path: ['amount'],
  })
  .meta({ id: 'GrantRequest' });

export const madeGrant = z.strictObject({ grant, repeated: z.boolean() }).meta({ id: 'MadeGrant' });
export const grantsQuery = z.strictObject({
  account,
  before: z.string().min(1).max(300).optional().describe('Id of a grant'),
  limit,
});
export const grants = z.strictObject({ grants: z.array(grant), next: z.string().nullable() }).meta({ id: 'Grants' });
export const voidQuery = z.strictObject({ reason: reason.default('') });
export const voidedGrant = z.strictObject({ grant, voided: credits }).meta({ id: 'VoidedGrant' });

export const entry = z
  .strictObject({
    account: z.string(),
    number: z.int(),
    kind: z.enum(['grant', 'charge', 'expire', 'void', 'correct', 'absorb', 'accept-loss']),
    delta: credits,
    before: credits,
    after: credits,
    at: time,
    callId: z.string().nullable(),
    grantId: z.string().nullable(),
    parts: z.array(part),
    note: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'Entry' });

export const correctionRequest = z
  .strictObject({
    id: id.optional().describe('Chosen by the client, so that a repeat corrects nothing twice; or send Idempotency-Key'),
    amount: credits.refine((value) => value !== 0, 'not zero').describe("In the payer's favour where positive"),
    account,
    callId: z.string().optional(),
    reason: reason.min(1),
  })
  .meta({ id: 'CorrectionRequest' });

export const madeCorrection = z.strictObject({ entry, repeated: z.boolean() }).meta({ id: 'MadeCorrection' });
export const entriesQuery = z.strictObject({ account, before: z.coerce.number().int().min(1).optional(), limit });
export const entries = z.strictObject({ entries: z.array(entry), next: z.int().nullable() }).meta({ id: 'Entries' });

// ── The audit ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const auditQuery = z
  .strictObject({
    action: z.string().max(100).optional().describe('Such as key.make'),
    by: z.string().max(200).optional().describe('Id of the key that did it'),
    kind: z.string().max(100).optional().describe('Of what it was done to, with its id'),
    id: z.string().max(200).optional(),
    before: z.coerce.number().int().min(1).optional(),
    limit,
  })
  .refine(({ kind, id: subject }) => (kind === undefined) === (subject === undefined), {
    error: 'kind and id come together',
    path: ['id'],
  });

export const auditRow = z
  .strictObject({
    number: z.int(),
    at: time,
    by: z.string().describe('Id of the key; `gateway` for what it does by itself, or the name of a payments adapter'),
    user: z.string().nullable(),
    from: z.string().describe('The address that it came from'),
    organization: z.string().nullable().describe('Null for what concerns the whole gateway'),
    action: z.string(),
    subject: z.strictObject({ kind: z.string(), id: z.string() }),
    before: z.unknown(),
    after: z.unknown(),
    reason: z.string(),
    hash: z.string().describe('Over the hash of the row before it'),
  })
  .meta({ id: 'AuditRow' });

export const audit = z.strictObject({ audit: z.array(auditRow), next: z.int().nullable() }).meta({ id: 'Audit' });

// ── The rate card ───────────────────────────────────────────────────────────────────────────────────────────────────────

const cardProblem = z
  .strictObject({ file: z.string(), line: z.int(), column: z.int(), message: z.string() })
  .meta({ id: 'CardProblem' });

export const card = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    since: time,
    text: z.string(),
    problems: z.array(cardProblem).describe('What is wrong with the file as it is now; then an older one is in force'),
    warnings: z.array(cardProblem),
  })
  .meta({ id: 'Card' });

export const suspension = z
  .strictObject({ operation: z.string(), cardVersion: z.string(), workspaces: z.array(z.string()), everyone: z.boolean() })
  .meta({ id: 'Suspension' });
export const suspensions = z.strictObject({ suspensions: z.array(suspension) }).meta({ id: 'Suspensions' });
export const resumed = z.strictObject({ resumed: z.string() }).meta({ id: 'Resumed' });

// ── The books ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const verified = z
  .strictObject({
    ok: z.boolean(),
    findings: z.array(z.strictObject({ table: z.string(), id: z.string(), problem: z.string() })),
    more: z.boolean().describe('True where there are more findings than are listed'),
  })
  .meta({ id: 'Verified' });

export const late = z
  .strictObject({
    late: z.array(
      z.strictObject({ callId: z.string(), at: time, charge: credits, charged: credits.nullable(), call: call.nullable() }),
    ),
  })
  .meta({ id: 'Late' });

export const explainRequest = describedCall
  .extend({ labels: labels.optional(), plan: z.string().max(100).optional().describe('The plan of who calls') })
  .meta({ id: 'ExplainRequest' });

export const explanation = z
  .strictObject({
    card: z.string(),
    version: z.string(),
    operation: z.strictObject({ id: z.string(), service: z.string(), reason: z.string(), match: z.string() }),
    losers: z.array(z.strictObject({ id: z.string(), why: z.string() })),
    inputs,
    bounds: z.record(z.string(), z.number()),
    lines: z.array(line),
    rounding: z.strictObject({ exact: z.string(), step: z.string(), total: z.string() }),
    quote: credits,
    total: credits,
    free: credits,
    absorbed: credits,
    flags: z.array(z.string()),
  })
  .meta({ id: 'Explanation' });

export const explainedCall = z
  .strictObject({
    callId: z.string(),
    explanation,
    stored: z.strictObject({ charge: credits.nullable(), free: credits, absorbed: credits }),
    equal: z.boolean().describe('True where the same comes out again'),
  })
  .meta({ id: 'ExplainedCall' });
