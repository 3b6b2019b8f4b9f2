// A gateway whose payments go to a stand-in of Stripe's API, over HTTP, through Stripe's own package.
import { join } from 'node:path';
import { Stripe } from 'stripe';
import { startChild } from '../kit/child.ts';
import type { ApiAnswer } from '../kit/gateway.ts';
import { startTown, type Town } from '../kit/town.ts';
import { PLANS } from './plans.ts';

export interface Event {
  id: string;
  type: string;
  data: { object: Record<string, unknown> };
}

export interface StripeTown extends Town {
  /** What a person does in Checkout or a bank says later; answers with the events that Stripe would send. */
  happens(name: string, wanted: object): Promise<Event[]>;
  /** Sends events as Stripe does, signed; answers with what each was answered. */
  deliver(events: readonly Event[], more?: { secret?: string; at?: number; from?: string }): Promise<ApiAnswer[]>;
  /** What goes wrong with the next requests to Stripe. */
  breakNext(...faults: ('refuse' | 'lose')[]): Promise<void>;
  /** Payments that have succeeded: the order of each. */
  charged(): Promise<{ order: string; amount: number; currency: string }[]>;
  asked(): Promise<{ method: string; path: string; idempotencyKey?: string; form: Record<string, unknown> }[]>;
  /** A person saves a card with these last digits. */
  saveCard(last4: string, key?: string): Promise<void>;
  close(): Promise<void>;
}

export const WEBHOOK_SECRET = 'whsec_of_the_stand_in_0123456789';

export async function startStripeTown(at: number | string = '2026-01-31T12:00:00Z'): Promise<StripeTown> {
  const stripe = await startChild([join(import.meta.dirname, 'stripe-stand-in.ts')]);
  const { listening, key } = stripe.told as { listening: number; key: string };
  const base = `http://127.0.0.1:${listening}`;
  const payments = `payments:
  adapter: stripe
  return_url: https://app.example.com/credits
  stripe: { secret_key: ${key}, webhook_secret: ${WEBHOOK_SECRET}, api_base: "${base}" }
`;
  const town = await startTown(PLANS, at, payments).catch(async (error: unknown) => {
    await stripe.end('SIGKILL');
    throw error;
  });

  async function tell<T>(name: string, wanted: object = {}): Promise<T> {
    const answer = await fetch(`${base}/stand-in/${name}`, { method: 'POST', body: JSON.stringify(wanted) });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  const deliver: StripeTown['deliver'] = async (events, { secret = WEBHOOK_SECRET, at: sentAt = town.kit.clock.now } = {}) => {
    const answers: ApiAnswer[] = [];
    for (const event of events) {
      const payload = JSON.stringify(event);
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(sentAt / 1_000) });
      answers.push(await post(town.kit.url, payload, signature));
    }
    return answers;
  };
  const happens: StripeTown['happens'] = async (name, wanted) => (await tell<{ events: Event[] }>(name, wanted)).events;

  return {
    ...town,
    happens,
    deliver,
    breakNext: async (...next) => {
      await tell('fault', { next });
    },
    charged: async () => (await tell<{ charged: { order: string; amount: number; currency: string }[] }>('charged')).charged,
    asked: async () => (await tell<{ asked: Awaited<ReturnType<StripeTown['asked']>> }>('asked')).asked,
    saveCard: async (card, manage) => {
      const { body } = await town.kit.api('POST', 'payment-methods/setup', undefined, manage);
      const session = String(body.url).split('/').at(-1);
      await deliver(await happens('complete', { session, card }));
    },
    close: async () => {
      await town.kit.close();
      await stripe.end('SIGTERM');
    },
  };
}

/** A message to the webhook as it stands, signed or not. */
export async function post(url: string, payload: string, signature: string | undefined): Promise<ApiAnswer> {
  const answer = await fetch(`${url}/tollgate/v1/payments/stripe/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signature === undefined ? {} : { 'stripe-signature': signature }) },
    body: payload,
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

/** The session at the end of the address that a person pays at. */
export function sessionOf(order: { url: string }): string {
  return order.url.split('/').at(-1) ?? '';
}
