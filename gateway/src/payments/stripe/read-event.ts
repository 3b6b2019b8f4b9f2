// What Stripe's webhooks tell, in the words of the port. Everything that this gateway opens carries its mark and the order in the metadata.
import type { Stripe } from 'stripe';
import type { OrderEvent, PaymentEvent } from '../payments.ts';
import { fromSmallestUnit } from '../smallest-unit.ts';

/** A saved method that is still to be looked up: the session tells only where it is. */
export interface SavedElsewhere {
  type: 'saved elsewhere';
  event: string;
  organization: string;
  setupIntent: string;
  at: number;
}

/** @param mark whose orders these are: an account may serve several gateways, and shops beside them */
export function readEvent(event: Stripe.Event, mark: string): PaymentEvent | SavedElsewhere {
  const told = readKnown(event, mark);
  return told ?? { type: 'foreign', event: event.id, about: event.type };
}

function readKnown(event: Stripe.Event, mark: string): PaymentEvent | SavedElsewhere | undefined {
  if (event.type === 'checkout.session.completed' && event.data.object.mode === 'setup') {
    return readSetUp(event, event.data.object, mark);
  }
  if (
    event.type === 'checkout.session.completed' ||
    event.type === 'checkout.session.async_payment_succeeded' ||
    event.type === 'checkout.session.async_payment_failed' ||
    event.type === 'checkout.session.expired'
  ) {
    return readSession(event, mark);
  }
  if (
    event.type === 'payment_intent.succeeded' ||
    event.type === 'payment_intent.payment_failed' ||
    event.type === 'payment_intent.canceled'
  ) {
    return readIntent(event, mark);
  }
  return undefined;
}

type SessionEvent = Extract<Stripe.Event, { data: { object: Stripe.Checkout.Session } }>;
type IntentEvent = Extract<Stripe.Event, { data: { object: Stripe.PaymentIntent } }>;

function readSession(event: SessionEvent, mark: string): OrderEvent | undefined {
  const session = event.data.object;
  const order = orderOf(session.metadata, mark);
  if (order === undefined || session.mode !== 'payment') return undefined;
  const about = { event: event.id, payment: session.id, order };
  if (event.type === 'checkout.session.expired') return { ...about, type: 'ended', reason: 'The checkout was not used in time.' };
  if (event.type === 'checkout.session.async_payment_failed')
    return { ...about, type: 'declined', reason: 'The payment did not arrive.' };
  // A completed form whose money is still on its way: another event tells when it has come.
  if (session.payment_status === 'unpaid') return undefined;
  return { ...about, type: 'paid', money: fromSmallestUnit(session.amount_total ?? 0, session.currency ?? '') };
}

function readIntent(event: IntentEvent, mark: string): OrderEvent | undefined {
  const intent = event.data.object;
  const order = orderOf(intent.metadata, mark);
  // A checkout tells of its own payments, and one that was declined there may be tried again with another card.
  if (order === undefined || intent.metadata['via'] === 'checkout') return undefined;
  const about = { event: event.id, payment: intent.id, order };
  if (event.type === 'payment_intent.succeeded') {
    return { ...about, type: 'paid', money: fromSmallestUnit(intent.amount_received, intent.currency) };
  }
  if (event.type === 'payment_intent.canceled') return { ...about, type: 'ended', reason: 'The payment was called off.' };
  return { ...about, type: 'declined', reason: intent.last_payment_error?.message ?? 'The payment was declined.' };
}

function readSetUp(event: Stripe.Event, session: Stripe.Checkout.Session, mark: string): SavedElsewhere | undefined {
  const { setup_intent: setup, metadata } = session;
  const organization = metadata?.['organization'];
  if (metadata?.['gateway'] !== mark || organization === undefined || setup === null) return undefined;
  const setupIntent = typeof setup === 'string' ? setup : setup.id;
  return { type: 'saved elsewhere', event: event.id, organization, setupIntent, at: event.created * 1_000 };
}

function orderOf(metadata: Stripe.Metadata | null, mark: string): string | undefined {
  return metadata?.['gateway'] === mark ? metadata['order'] : undefined;
}
