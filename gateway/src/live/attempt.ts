// One attempt of one delivery: the event, signed, to its webhook. What came of it is written before the next one is thought of, so that
// after a crash an attempt may be made again, under the same webhook-id, and none is left out.
import { hash } from 'node:crypto';
import type { Delivery, EventStore } from '../ledger/beside.ts';
import { putOf, type Directory } from '../people/directory.ts';
import type { Webhook } from '../people/documents.ts';
import { post, type Posted, type PostOptions } from './post.ts';
import { afterAttempt } from './retry.ts';
import { tell } from './tell.ts';
import { signedHeaders } from './webhook-secret.ts';

export interface AttemptParts extends Omit<PostOptions, 'signal'> {
  store: Pick<EventStore, 'events' | 'putDelivery'>;
  directory: Pick<Directory, 'get' | 'write'>;
  /** The gateway's own. */
  secret: string;
  /** The time of day, epoch milliseconds: receivers compare it with theirs. */
  now: () => number;
  /** 0 ≤ random < 1. */
  random: () => number;
}

/** Resolves to what came of it, once that is written. An attempt that was broken off by the signal leaves the delivery as it was. */
export async function attempt(parts: AttemptParts, delivery: Delivery, signal: AbortSignal): Promise<Delivery> {
  const { store, directory, now, random } = parts;
  const kept = await directory.get('webhook', delivery.webhook);
  const why = kept === undefined ? 'the webhook was deleted' : kept.body.disabled;
  if (kept === undefined || why !== null) {
    const unsent: Delivery = { ...delivery, state: 'dead', nextAt: null, lastError: `not sent: ${why}` };
    await store.putDelivery(unsent);
    return unsent;
  }
  const posted = await send(parts, delivery, kept.body, signal);
  if (signal.aborted) return delivery;
  if (posted.status === 410) await disable(directory, kept.body, kept.version);
  const tried = afterAttempt(delivery, posted, now(), random());
  await store.putDelivery(tried);
  return tried;
}

async function send(parts: AttemptParts, delivery: Delivery, webhook: Webhook, signal: AbortSignal): Promise<Posted> {
  const [event] = await parts.store.events({ after: delivery.event - 1, limit: 1 });
  if (event?.number !== delivery.event) return { status: null, error: 'the event is not kept any more' };
  const body = JSON.stringify(tell(event));
  const headers = signedHeaders(parts.secret, webhook, { id: messageId(event.id), body, at: parts.now() });
  return post({ url: webhook.url, headers, body }, { ...parts, signal });
}

/** The same for every attempt and every replay, so that a receiver knows a repeat. Without a dot, which separates what is signed. */
export function messageId(event: string): string {
  return `evt_${hash('sha256', event).slice(0, 32)}`;
}

/** Whoever changed the webhook meanwhile has decided otherwise: then it stays as they left it. */
async function disable(directory: Pick<Directory, 'write'>, webhook: Webhook, version: number): Promise<void> {
  const { id, organization } = webhook;
  const disabled = 'its receiver answered 410: gone for good';
  await directory.write({
    puts: [putOf('webhook', id, organization, { ...webhook, disabled }, { expects: version })],
    audits: [
      {
        by: 'gateway',
        user: null,
        from: '',
        organization,
        action: 'webhook.disable',
        subject: { kind: 'webhook', id },
        before: { disabled: null },
        after: { disabled },
        reason: disabled,
      },
    ],
    events: [],
  });
}
