// Deliveries: what was sent to a webhook, what came of it, and sending it once more.
import type { z } from 'zod';
import type { deliveriesQuery, replayRequest } from '@tollgate/shared/live-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Delivery, EventRow } from '../ledger/beside.ts';
import type { Webhook } from '../people/documents.ts';
import { messageId } from '../live/attempt.ts';
import { deliveryOf } from '../live/fan-out.ts';
import { auditOf } from './change.ts';
import { iso, isoOrNull, made, ok, type Answered, type ApiParts, type Asking } from './route.ts';
import { subjectOf, visibleWebhook } from './webhooks.ts';

type DeliveriesQuery = z.output<typeof deliveriesQuery>;
type ReplayRequest = z.output<typeof replayRequest>;

export async function listDeliveries(api: ApiParts, asking: Asking<DeliveriesQuery, unknown>): Promise<Answered> {
  const kept = await visibleWebhook(api, asking);
  if (isRefusal(kept)) return kept;
  const { state, before, limit } = asking.query;
  const filter = {
    webhook: kept.body.id,
    ...(state === undefined ? {} : { state }),
    ...(before === undefined ? {} : { before }),
  };
  const found = await api.live.store.deliveries({ ...filter, limit: limit + 1 });
  const page = found.slice(0, limit);
  const shown = await Promise.all(page.map((delivery) => showDelivery(api, delivery)));
  return ok({
    deliveries: shown.filter((one) => one !== undefined),
    next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  });
}

/** One that was given up is tried anew from its first attempt; one that was delivered is sent again, as a delivery of its own. */
export async function replayDelivery(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const found = await visibleDelivery(api, asking);
  if (isRefusal(found)) return found;
  const { delivery, webhook } = found;
  if (delivery.state === 'waiting') {
    return refusal(
      'conflict',
      `The delivery ${delivery.id} is still being tried; the next attempt is at ${isoOrNull(delivery.nextAt)}.`,
    );
  }
  const again = delivery.state === 'dead' ? revived(delivery, api.now()) : await anew(api, delivery);
  await noteReplay(api, asking, webhook, { delivery: again.id });
  await api.live.store.putDelivery(again);
  api.live.webhooks.wake();
  const shown = await showDelivery(api, again);
  return shown === undefined ? refusal('not_found', 'Its event is not kept any more.') : made({ delivery: shown }, false);
}

/** Everything of a webhook that was given up since a time. */
export async function replayDead(api: ApiParts, asking: Asking<unknown, ReplayRequest>): Promise<Answered> {
  const kept = await visibleWebhook(api, asking);
  if (isRefusal(kept)) return kept;
  const since = Date.parse(asking.body.since);
  const dead = await api.live.store.deliveries({ webhook: kept.body.id, state: 'dead', limit: REPLAYS_MOST + 1 });
  const wanted: Delivery[] = [];
  for (const delivery of dead.slice(0, REPLAYS_MOST)) {
    // Newest first, so that the first one from before is the end.
    const event = await eventOf(api, delivery);
    if (event !== undefined && event.at < since) break;
    if (event !== undefined) wanted.push(delivery);
  }
  await noteReplay(api, asking, kept.body, { since: asking.body.since, deliveries: wanted.length });
  for (const delivery of wanted) await api.live.store.putDelivery(revived(delivery, api.now()));
  api.live.webhooks.wake();
  return ok({ replayed: wanted.length, more: wanted.length === REPLAYS_MOST && dead.length > REPLAYS_MOST });
}

// Of one request; each is a write.
const REPLAYS_MOST = 500;

async function visibleDelivery(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
): Promise<{ delivery: Delivery; webhook: Webhook } | Refusal> {
  const id = asking.params['id'] ?? '';
  const delivery = await api.live.store.delivery(id);
  const kept = delivery === undefined ? undefined : await visibleWebhook(api, { ...asking, params: { id: delivery.webhook } });
  if (delivery !== undefined && kept !== undefined && !isRefusal(kept)) return { delivery, webhook: kept.body };
  return refusal('not_found', `There is no delivery ${id} that this key may see.`);
}

function revived(delivery: Delivery, at: number): Delivery {
  return { ...delivery, state: 'waiting', attempts: 0, nextAt: at };
}

async function anew(api: ApiParts, { event, webhook }: Delivery): Promise<Delivery> {
  for (let number = 1; ; number += 1) {
    const delivery = deliveryOf(event, webhook, api.now(), number);
    if ((await api.live.store.delivery(delivery.id)) === undefined) return delivery;
  }
}

/** Deliveries are beside the ledger's commits, so the audit comes first: what was done is never without its row. */
async function noteReplay(
  { directory }: ApiParts,
  asking: Asking<unknown, unknown>,
  webhook: Webhook,
  after: object,
): Promise<void> {
  const audit = auditOf(asking, webhook.organization, 'webhook.replay', subjectOf(webhook), { after });
  await directory.write({ puts: [], audits: [audit], events: [] });
}

async function eventOf({ live }: ApiParts, { event }: Delivery): Promise<EventRow | undefined> {
  const [found] = await live.store.events({ after: event - 1, limit: 1 });
  return found?.number === event ? found : undefined;
}

async function showDelivery(api: ApiParts, delivery: Delivery): Promise<object | undefined> {
  const event = await eventOf(api, delivery);
  if (event === undefined) return undefined;
  const { id, webhook, state, attempts, nextAt, lastAt, lastStatus, lastError } = delivery;
  return {
    id,
    webhook,
    messageId: messageId(event.id),
    type: event.type,
    happenedAt: iso(event.at),
    state,
    attempts,
    nextAt: isoOrNull(nextAt),
    lastAt: isoOrNull(lastAt),
    lastStatus,
    lastError,
  };
}
