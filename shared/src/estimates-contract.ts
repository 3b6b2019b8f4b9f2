// POST estimates: what calls would cost, before any is made, and what one costs on a schedule.
import { z } from 'zod';
import { credits, line, problem, time } from './contract.ts';

/** A call as it would be made through the gateway. */
export const describedCall = z
  .strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string().min(1).max(8192).describe('With the service and the query: /openai/v1/chat/completions'),
    body: z.unknown().optional().describe('The JSON body'),
    headers: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a header name'), z.string().max(8192)).optional(),
  })
  .meta({ id: 'DescribedCall' });

const scalar = z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()]);

/** A call by what it does, for who knows the operation and not the path: price tags. */
export const operationCall = z
  .strictObject({
    operation: z.string().min(1).max(200),
    inputs: z
      .record(z.string().min(1).max(200), scalar)
      .default({})
      .describe(
        'Fields by name: body.performance, query.limit, path.id, header.x; a bare name is the field of the operation that ends in it',
      ),
    quantities: z
      .record(z.string().min(1).max(100), z.number().nonnegative())
      .default({})
      .describe('How much will be used, where that is known: the expectation is priced with it, up to the bounds'),
  })
  .meta({ id: 'OperationCall' });

const callAsked = z.union([describedCall, operationCall]);

// As many as the price tags of a large page; each costs some microseconds and a read.
export const ESTIMATES_MOST = 200;

/** How often the call would be made. */
export const schedule = z
  .strictObject({
    cron: z.string().min(1).max(200).optional().describe('Minute, hour, day, month, weekday: 0 9 * * MON-FRI'),
    every: z
      .string()
      .regex(/^[1-9]\d{0,5}(m|h|d)$/, 'a time such as 15m, 2h or 1d')
      .optional()
      .describe('Or every so many minutes, hours or days'),
    timeZone: z.string().min(1).max(100).optional().describe("IANA zone; the organization's where it is left out"),
  })
  .refine(({ cron, every }) => (cron === undefined) !== (every === undefined), 'either cron or every')
  .meta({ id: 'Schedule' });

export const estimatesQuery = z.strictObject({
  context: z.string().min(1).max(200).optional().describe('One of the contexts of the key, as Credits-Context picks it'),
});

export const estimatesRequest = z
  .strictObject({
    call: callAsked.optional().describe('One call'),
    calls: z.array(callAsked).min(1).max(ESTIMATES_MOST).optional().describe('Or many'),
    schedule: schedule.optional().describe('How often the one call would be made'),
  })
  .refine(({ calls: many, schedule: often }) => often === undefined || many === undefined, {
    error: 'a schedule goes with one call',
    path: ['schedule'],
  })
  .refine(({ call: one, calls: many }) => (one === undefined) !== (many === undefined), 'either call or calls')
  .meta({ id: 'EstimatesRequest' });

const interval = z.strictObject({
  low: credits,
  expected: credits.nullable().describe('Null where no past call tells; never 0 for unknown'),
  high: credits,
});

/** A schedule over the cycle that is running; over the calendar month where credits come in no cycle. */
const projection = z
  .strictObject({
    from: time,
    until: time,
    runs: z.int().min(0).describe('In the whole cycle'),
    runsLeft: z.int().min(0).describe('From now on'),
    credits: interval.describe('What the runs of the whole cycle cost'),
    allowance: credits.nullable().describe('Of the cycle; null where none comes'),
    share: z.number().nullable().describe('Of the allowance, in per cent: by what is expected, or else by the most'),
    next: z.array(time).describe('The next runs, at most five'),
  })
  .meta({ id: 'Projection' });

export const estimate = z
  .strictObject({
    operation: z.string(),
    exact: z.boolean().describe('True where the request alone decides the price'),
    estimate: interval,
    quote: credits.describe('The most that it can cost: what is held'),
    lines: z.array(line).describe('The arithmetic of the most that it can cost'),
    would: z.enum(['admit', 'refuse']),
    available: credits.optional().describe('What would be left after the hold'),
    pays: z
      .array(z.strictObject({ kind: z.enum(['individual', 'pool', 'extra']), credits }))
      .optional()
      .describe('What would be held of which, in draw order'),
    refusal: problem.optional(),
    rateCard: z.string(),
    schedule: projection.optional().describe('Where the call was asked for with one'),
  })
  .meta({ id: 'Estimate' });

export const estimates = z
  .strictObject({
    estimates: z
      .array(z.union([estimate, z.strictObject({ would: z.literal('refuse'), refusal: problem })]))
      .describe('In the order asked'),
    total: interval.extend({ quote: credits }).nullable().describe('The sum; null where one of them has no price'),
  })
  .meta({ id: 'Estimates' });
