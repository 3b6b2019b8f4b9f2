// From events to deliveries: each event goes to every webhook of its organization that asked for its type. How far that has come is
// written with the deliveries, so that a restart leaves nothing out and gives nothing out twice.
import type { Delivery, EventRow, EventStore } from '../ledger/beside.ts';
import type { Directory } from '../people/directory.ts';
import type { Webhook } from '../people/documents.ts';

export interface FanOutParts {
  store: Pick<EventStore, 'events' | 'fannedOut' | 'fanOut'>;
  directory: Pick<Directory, 'list'>;
  /** Epoch milliseconds. */
  now: () => number;
}

// One write for all of them, which the ledger's batches wait for.
const EVENTS_AT_ONCE = 500;
const DELIVERIES_AT_ONCE = 1_000;

/** Gives out the next events, at most so many; true where there may be more. One at a time: the caller sees to it. */
export async function fanOut({ store, directory, now }: FanOutParts): Promise<boolean> {
  const events = await store.events({ after: await store.fannedOut(), limit: EVENTS_AT_ONCE });
  if (events.length === 0) return false;
  const webhooks = new Map<string, readonly Webhook[]>();
  const at = now();
  const deliveries: Delivery[] = [];
  let upTo = 0;
  for (const event of events) {
    if (deliveries.length >= DELIVERIES_AT_ONCE) break;
    const { organization } = event;
    const own = webhooks.get(organization) ?? (await directory.list('webhook', { organization })).map(({ body }) => body);
    webhooks.set(organization, own);
    deliveries.push(...own.filter((webhook) => wants(webhook, event)).map(({ id }) => deliveryOf(event.number, id, at)));
    upTo = event.number;
  }
  await store.fanOut(deliveries, upTo);
  return events.length === EVENTS_AT_ONCE || upTo !== events.at(-1)?.number;
}

/** A test goes to the webhook that it was fired for, whatever types that one asked for, and to no other. */
export function wants({ id, types, disabled }: Webhook, { type, data }: Pick<EventRow, 'type' | 'data'>): boolean {
  if (disabled !== null) return false;
  if (type === 'webhook.tested') return data['webhook'] === id;
  return types.length === 0 || types.includes(type);
}

/** A new delivery, to be tried at once. */
export function deliveryOf(event: number, webhook: string, at: number, replay = 0): Delivery {
  return {
    id: `${String(event).padStart(12, '0')}.${webhook}${replay === 0 ? '' : `.${replay}`}`,
    event,
    webhook,
    state: 'waiting',
    attempts: 0,
    nextAt: at,
    lastAt: null,
    lastStatus: null,
    lastError: '',
  };
}
