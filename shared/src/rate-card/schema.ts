// What a rate card may say. One schema for the editor, the command line and the gateway; what it can not express (that a tier
// exists, that a quantity has a bound) is checked while the card is compiled.
import { z } from 'zod';
import { tag } from './tag.ts';

// Zod probes `new Function` otherwise, which a browser extension must not do.
z.config({ jitless: true });

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name in lower case: letters, digits and _');
// As people and places are called: plans, seats and packages are named through the API too.
const slug = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name in lower case: letters, digits and dashes, a letter first');
const dotted = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'a name: letters, digits, ".", "_" and "-"');
const field = z
  .string()
  .regex(/^(body|query|path|header|label)\.[^\s]+$/, 'a field: body.…, query.…, path.…, header.… or label.…')
  .describe('A field of the request: body.model, query.limit, path.id, header.x-engine, label.agent');
const expression = z.string().min(1).describe('A CEL expression');
const price = z.number().nonnegative().describe('Credits');
const amount = z.union([z.number().nonnegative(), z.string().min(1)]);
const time = z.union([z.number().positive(), z.string().min(1)]).describe('Seconds, or text such as 40m');
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const status = z.union([z.literal(['2xx', '3xx', '4xx', '5xx']), z.int().min(100).max(599)]);

const table = z.strictObject({
  by: field,
  is: z.record(z.string(), amount),
  absent: scalar.optional(),
  unknown: scalar.optional(),
});

const bound = z.strictObject({
  most: z
    .union([z.number().nonnegative(), z.string().min(1), table])
    .describe('A number, 100 MB, 40m, an expression, or a table'),
  by_reference: z.union([z.number().nonnegative(), z.string().min(1), table]).optional(),
  kept_by: z.enum(['inject', 'cut', 'documented', 'request']),
  inject: field.optional(),
});

const rate = z.strictObject({
  per: name.optional().describe('The quantity; left out for a price per call'),
  unit: z.union([z.number().positive(), z.string().min(1)]).optional(),
  started: z.boolean().optional(),
  rate: price.optional(),
  tier: z.string().optional(),
  by: z.union([field, z.literal('tool.name'), z.literal('plan')]).optional(),
  is: z.record(z.string(), price).optional(),
  tiers: z.record(z.string(), z.string()).optional(),
  absent: scalar.optional(),
  unknown: scalar.optional().describe('refuse, most, or one of the values'),
  graduated: z
    .array(z.strictObject({ upto: amount.optional(), rate: price }))
    .min(1)
    .optional(),
  formula: expression.optional(),
  sure: z.boolean().optional().describe('Silences the lints about size and unit'),
});

const operation = z.strictObject({
  id: dotted,
  match: z.string().min(1).describe('METHOD /path with {parameter}, * for one segment, ** for the rest'),
  reason: z.string().min(1).optional(),
  meter: z.string().min(1).optional(),
  streams: z.boolean().optional(),
  labels: z.record(name, field).optional(),
  fields: z.record(field, z.strictObject({ absent: scalar.optional(), or: field.optional() })).optional(),
  quantities: z.record(name, z.union([expression, z.strictObject({ count: z.string().min(1) })])).optional(),
  bounds: z.record(name, bound).optional(),
  price: z.array(rate),
  free: z.array(z.strictObject({ when: expression, part: name.optional(), because: z.string().optional() })).optional(),
  ceiling: price.optional(),
  charge_on: z.union([status, z.array(status).min(1)]).optional(),
  on_unknown: z.enum(['bound', 'floor']).optional(),
  job: z.strictObject({ id: z.string().min(1), deadline: time }).optional(),
  reports: z
    .object({ job: z.string().min(1), done: expression })
    .catchall(expression)
    .optional(),
  owns: field.optional(),
  shares: z.literal(true).optional().describe('The word that its answer shows nothing that others made'),
  makes: z.string().min(1).optional(),
  links: z.array(z.string().min(1)).optional(),
  drain: z.strictObject({ seconds: time.optional(), bytes: amount.optional() }).optional(),
});

const service = z.strictObject({
  path: z.string().regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'a path such as /openai, without a slash at its end'),
  upstream: dotted,
  credential: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'a header name in lower case')
    .optional(),
  sse_comment: z.boolean().optional(),
  operations: z.array(operation).min(1),
});

const credits = price.max(1_000_000_000, 'a number up to 1000000000');
const MONEY = 'an amount of money with its currency, such as 29 USD,';
const money = z
  .string(MONEY)
  .regex(/^(0|[1-9]\d{0,11})(\.\d{1,9})? [A-Z]{3}$/, MONEY)
  .describe('An amount of money with its currency: 29 USD');
const draw = z
  .array(z.enum(['individual', 'pool', 'extra']))
  .min(1)
  .describe('Which credits pay first');

const seatType = z.strictObject({
  allowance: credits.optional().describe("A person's own credits, each cycle"),
  lifetime: credits.optional().describe("A person's own credits, once"),
  draw: draw.optional(),
  price: money.optional(),
});

const plan = z.strictObject({
  every: z.enum(['day', 'week', 'month', 'year']).optional().describe('How long a cycle is'),
  cycle: z.enum(['calendar', 'anniversary']).optional().describe('By the calendar, or from the day the subscription began'),
  pool: credits.optional().describe('Credits shared by all, each cycle'),
  seats: z.record(slug, seatType).optional(),
  ...seatType.shape,
  extra: z.strictObject({ limit: credits.optional(), fee: money }).optional().describe('Credits past the allowance, at a fee'),
  rollover: z
    .strictObject({ most: credits, for: z.int().min(1).max(120, 'a whole number up to 120').optional() })
    .optional()
    .describe('What of an allowance goes on: at most so many credits, for so many cycles'),
});

const bundle = z.strictObject({
  credits: credits.positive(),
  price: money,
  months: z.int().min(1).max(1200, 'a whole number up to 1200').optional().describe('Months until they expire; left out: never'),
});

const golden = z.strictObject({
  call: z.string().regex(/^[A-Z]+ \/\S*$/, 'METHOD /path'),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  plan: z.string().optional().describe('The plan of who calls'),
  quantities: z.record(name, z.union([z.number().nonnegative(), z.record(z.string(), z.number().nonnegative())])).optional(),
  status: z.int().min(100).max(599).optional(),
  costs: price,
  holds: price.optional(),
});

export const rateCardSchema = z.strictObject({
  card: dotted,
  unpriced: z.enum(['refuse', 'flag']).optional(),
  step: z.number().positive().optional().describe('The rounding step in credits; 0.000001 where left out'),
  tiers: z.record(z.string(), price).optional(),
  services: z.record(name, service),
  plans: z.record(slug, plan).optional(),
  packages: z.record(slug, bundle).optional(),
  tags: z.array(tag).optional(),
  golden: z.array(golden).optional(),
});

export type RateCardSource = z.output<typeof rateCardSchema>;
export type ServiceSource = RateCardSource['services'][string];
export type OperationSource = ServiceSource['operations'][number];
export type RateSource = OperationSource['price'][number];
export type BoundSource = NonNullable<OperationSource['bounds']>[string];
export type GoldenSource = NonNullable<RateCardSource['golden']>[number];
export type PlanSource = NonNullable<RateCardSource['plans']>[string];
export type SeatTypeSource = NonNullable<PlanSource['seats']>[string];
export type PackageSource = NonNullable<RateCardSource['packages']>[string];

/** The schema for editors (JSON Schema draft 7), as `# yaml-language-server: $schema=…` wants it. */
export function rateCardJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(rateCardSchema, { target: 'draft-7', io: 'input' });
}
