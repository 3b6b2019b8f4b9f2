// What is told to people as it happens: webhooks with their deliveries, and the event stream. See docs/events.md.
import { z } from 'zod';
import { balance } from './balance-contract.ts';
import { call, cursor, limit, time } from './contract.ts';
import { EVENT_TYPES, STREAM_TYPES, type EventType } from './events.ts';

const eventTypes = Object.keys(EVENT_TYPES) as [EventType, ...EventType[]];
const streamTypes = [...eventTypes, ...Object.keys(STREAM_TYPES)];
const eventType = z.enum(eventTypes, { error: `one of ${eventTypes.join(', ')}` }).meta({ id: 'EventType' });

// ── What is told ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The body of a webhook, and the data of a message of the same type on the stream. */
export const told = z
  .strictObject({
    type: eventType,
    timestamp: time.describe('When it happened'),
    data: z
      .looseObject({
        organization: z.string(),
        workspace: z.string().nullable().describe('Null for what concerns the whole organization'),
      })
      .describe('What happened, by type; amounts are credits'),
  })
  .meta({ id: 'Event' });

/** The data of the messages that only the stream has. */
export const streamed = {
  balance,
  receipt: call,
  card: z.strictObject({ name: z.string(), version: z.string(), since: time }).meta({ id: 'CardInForce' }),
} as const satisfies Record<keyof typeof STREAM_TYPES, z.ZodType>;

/** The data of `event: reset`: the client was away for too long to be told what it missed. */
export const reset = z.strictObject({ reason: z.string() }).meta({ id: 'StreamReset' });

export const eventsQuery = z.strictObject({
  types: z
    .string()
    .max(1_000)
    .transform((text) => text.split(','))
    .refine(
      (types) => types.every((type) => streamTypes.includes(type)),
      `types with commas between, of ${streamTypes.join(', ')}`,
    )
    .optional()
    .describe('Only these, with commas between; all where it is left out'),
  context: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Whose balance is told: one of the contexts of the key, as Credits-Context picks it'),
});

// ── Webhooks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const webhook = z
  .strictObject({
    id: z.string(),
    organization: z.string(),
    url: z.string(),
    types: z.array(eventType).describe('Empty: all'),
    enabled: z.boolean(),
    disabled: z.string().nullable().describe('Why nothing is sent to it'),
    rotatedUntil: time.nullable().describe('Until when the secret before this one signs along'),
    version: z.int().describe('What If-Match compares'),
  })
  .meta({ id: 'Webhook' });

// What is wrong with an address depends on the gateway's settings too: the route says it, with the same field.
const url = z.string().min(1).max(2_000).describe('https, to a public address');
const types = z
  .array(eventType)
  .max(eventTypes.length)
  .refine((some) => new Set(some).size === some.length, 'each type once')
  .describe('Empty: all');

export const webhookRequest = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'letters, digits, "-" and "_", at most 63')
      .optional()
      .describe('A repeat with the same id makes no second one; Idempotency-Key does the same'),
    url,
    types: types.default([]),
  })
  .meta({ id: 'WebhookRequest' });
export const webhookChange = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    enabled: z.boolean().optional().describe('False: nothing is sent until it is true again; what happens meanwhile is left out'),
  })
  .refine((change) => Object.keys(change).length > 0, 'at least one of url, types and enabled')
  .meta({ id: 'WebhookChange' });

export const oneWebhook = z.strictObject({ webhook }).meta({ id: 'OneWebhook' });
export const webhooks = z.strictObject({ webhooks: z.array(webhook) }).meta({ id: 'Webhooks' });
export const madeWebhook = z
  .strictObject({
    webhook,
    secret: z
      .string()
      .nullable()
      .describe('whsec_…: what its messages are signed with. Told once: null where the request is a repeat'),
    repeated: z.boolean(),
  })
  .meta({ id: 'MadeWebhook' });

export const rotateWebhook = z
  .strictObject({
    overlap: z
      .string()
      .regex(/^(\d{1,3}h|\d{1,2}d)$/, 'a time such as 24h or 7d')
      .default('24h')
      .describe('How long the secret before signs along'),
  })
  .meta({ id: 'RotateWebhook' });

// ── Deliveries ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const state = z.enum(['waiting', 'delivered', 'dead']);

export const delivery = z
  .strictObject({
    id: z.string(),
    webhook: z.string(),
    messageId: z.string().describe('The header webhook-id, the same in each attempt'),
    type: eventType,
    happenedAt: time,
    state,
    attempts: z.int(),
    nextAt: time.nullable().describe('Null where no attempt is to come'),
    lastAt: time.nullable(),
    lastStatus: z.int().nullable().describe("The receiver's, of the last attempt"),
    lastError: z.string().describe('Why the last attempt failed; empty where it did not'),
  })
  .meta({ id: 'Delivery' });

export const deliveriesQuery = z.strictObject({ state: state.optional(), before: cursor, limit });
export const deliveries = z
  .strictObject({ deliveries: z.array(delivery), next: z.string().nullable().describe('The cursor of the next page') })
  .meta({ id: 'Deliveries' });
export const oneDelivery = z.strictObject({ delivery }).meta({ id: 'OneDelivery' });

export const replayRequest = z
  .strictObject({ since: time.describe('Deliveries of events from then on that were given up') })
  .meta({ id: 'ReplayRequest' });
export const replayed = z
  .strictObject({ replayed: z.int(), more: z.boolean().describe('Whether there are more: ask again') })
  .meta({ id: 'Replayed' });
export const tested = z
  .strictObject({ event: z.string().describe('What the message is called: its webhook-id') })
  .meta({ id: 'Tested' });
