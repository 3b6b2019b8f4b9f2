// A stand-in of Stripe's API as a process of its own, and messages from it, signed by the test signer of Stripe's own package.
import { join } from 'node:path';
import { Stripe } from 'stripe';
import { startChild } from '../kit/child.ts';
import type { ApiAnswer } from '../kit/gateway.ts';

export interface Event {
  id: string;
  type: string;
  data: { object: Record<string, unknown> };
}

export interface StripeKit {
  /** For `payments.stripe.api_base`. */
  readonly base: string;
  readonly key: string;
  /** What a person does in Checkout or a bank says later; answers with the events that Stripe would send. */
  happens(name: string, wanted: object): Promise<Event[]>;
  /** What goes wrong with the next requests to Stripe. */
  breakNext(...faults: ('refuse' | 'lose')[]): Promise<void>;
  /** Payments that have succeeded: the order of each. */
  charged(): Promise<{ order: string; amount: number; currency: string }[]>;
  asked(): Promise<{ method: string; path: string; idempotencyKey?: string; form: Record<string, unknown> }[]>;
  end(): Promise<unknown>;
}

export const WEBHOOK_SECRET = 'whsec_of_the_stand_in_0123456789';

export async function startStripe(): Promise<StripeKit> {
  const stripe = await startChild([join(import.meta.dirname, 'stripe-stand-in.ts')]);
  const { listening, key } = stripe.told as { listening: number; key: string };
  const base = `http://127.0.0.1:${listening}`;

  async function tell<T>(name: string, wanted: object = {}): Promise<T> {
    const answer = await fetch(`${base}/stand-in/${name}`, { method: 'POST', body: JSON.stringify(wanted) });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  return {
    base,
    key,
    happens: async (name, wanted) => (await tell<{ events: Event[] }>(name, wanted)).events,
    breakNext: async (...next) => {
      await tell('fault', { next });
    },
    charged: async () => (await tell<{ charged: { order: string; amount: number; currency: string }[] }>('charged')).charged,
    asked: async () => (await tell<{ asked: Awaited<ReturnType<StripeKit['asked']>> }>('asked')).asked,
    end: () => stripe.end('SIGTERM'),
  };
}

/** A message to a gateway's webhook, signed as Stripe signs. `at`: epoch milliseconds. */
export function sendSigned(url: string, event: Event, at: number, secret = WEBHOOK_SECRET): Promise<ApiAnswer> {
  const payload = JSON.stringify(event);
  const timestamp = Math.floor(at / 1_000);
  return post(url, payload, Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }));
}

/** A message as it stands, signed or not. */
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
