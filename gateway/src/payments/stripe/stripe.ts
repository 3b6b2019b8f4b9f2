// Payments by Stripe. Packages and plans are paid in Checkout, each order once: a plan's price for a cycle is a payment of its own and no
// subscription of Stripe's, because a subscription would be a second clock of cycles beside the ledger's, and the two would disagree about
// when an allowance is due (rule 18). Saved payment methods are charged off session.
import { Stripe } from 'stripe';
import type { Order } from '../../people/documents.ts';
import {
  BadSignature,
  PaymentRefused,
  PaymentsUnavailable,
  type Checkout,
  type PaymentEvent,
  type Payments,
} from '../payments.ts';
import { asked, methodOf, notChargeable } from './ask-stripe.ts';
import { chargeOff } from './charge.ts';
import { readEvent, type SavedElsewhere } from './read-event.ts';
import { toSmallestUnit } from '../smallest-unit.ts';

export interface StripeSettings {
  secretKey: string;
  webhookSecret: string;
  /** Where Stripe's API is; undefined: at Stripe. */
  apiBase: string | undefined;
  /** Where a person comes back to from Checkout. */
  returnUrl: string;
  /** Which gateway an order is of, where an account serves several: not secret, and the same after every start. */
  mark: string;
  /** The time of day, epoch milliseconds. */
  now: () => number;
}

// A charge is asked for while somebody waits for an answer; the package's own default is 80 s.
const TIMEOUT_MS = 20_000;

export function openStripePayments(settings: StripeSettings): Payments {
  const stripe = new Stripe(settings.secretKey, { telemetry: false, timeout: TIMEOUT_MS, ...placeOf(settings.apiBase) });
  const { mark, returnUrl } = settings;
  return {
    adapter: 'stripe',
    charging: 'stripe',
    checkout: (order) => asked(() => openCheckout(stripe, settings, order)),
    charge: (order, method) => chargeOff(stripe, mark, order, method),
    setUp: (organization) =>
      asked(async () => {
        const session = await stripe.checkout.sessions.create({
          mode: 'setup',
          // Cards can be charged later in any currency; what others take depends on the form's.
          allowed_payment_method_types: ['card'],
          customer_creation: 'always',
          metadata: { gateway: mark, organization },
          success_url: returnUrl,
          cancel_url: returnUrl,
        });
        return { reference: session.id, url: session.url };
      }),
    endMethod: async (method) => {
      await asked(() => stripe.paymentMethods.detach(methodOf(method).paymentMethod)).catch((error: unknown) => {
        if (!(error instanceof PaymentRefused)) throw error;
      });
    },
    read: async (body, headers) => {
      const told = readEvent(verified(stripe, settings, body, headers['stripe-signature']), mark);
      return told.type === 'saved elsewhere' ? asked(() => lookUp(stripe, told)) : told;
    },
  };
}

/** A session is the order's own: asked for again under the same key within a day, Stripe answers with the one it has made. */
async function openCheckout(stripe: Stripe, { mark, returnUrl }: StripeSettings, order: Order): Promise<Checkout> {
  const amount = toSmallestUnit(order.price);
  if (amount === undefined) throw new PaymentRefused(notChargeable(order), null);
  const metadata = { gateway: mark, order: order.id, organization: order.organization };
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: order.id.slice(0, 200),
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: order.price.currency.toLowerCase(),
            unit_amount: amount,
            product_data: { name: `${order.what} ${order.item}`.trim() },
          },
        },
      ],
      // The price is the rate card's, in its currency, and what is paid is compared with it.
      adaptive_pricing: { enabled: false },
      metadata,
      payment_intent_data: { metadata: { ...metadata, via: 'checkout' } },
      success_url: returnUrl,
      cancel_url: returnUrl,
    },
    { idempotencyKey: `${mark}:checkout:${order.id}${order.checkouts === undefined ? '' : `:${order.checkouts}`}` },
  );
  return { reference: session.id, url: session.url };
}

function verified(stripe: Stripe, settings: StripeSettings, body: Uint8Array, signature: unknown): Stripe.Event {
  if (typeof signature !== 'string') throw new BadSignature('The header stripe-signature is missing.');
  try {
    // Old ones are refused too, so that a recorded webhook can not be sent again later.
    return stripe.webhooks.constructEvent(body, signature, settings.webhookSecret, undefined, undefined, settings.now());
  } catch (cause) {
    throw new BadSignature('The signature is not that of this body, or it is too old.', { cause });
  }
}

async function lookUp(stripe: Stripe, { event, organization, setupIntent, at }: SavedElsewhere): Promise<PaymentEvent> {
  const { customer, payment_method: saved } = await stripe.setupIntents.retrieve(setupIntent, { expand: ['payment_method'] });
  if (customer === null || saved === null || typeof saved === 'string')
    throw new PaymentsUnavailable(`Setup ${setupIntent} has no payment method yet.`);
  const reference = `${typeof customer === 'string' ? customer : customer.id}/${saved.id}`;
  return { type: 'method saved', event, organization, method: { adapter: 'stripe', reference, label: labelOf(saved) }, at };
}

function labelOf({ card, type }: Stripe.PaymentMethod): string {
  if (card === undefined) return type;
  const brand = card.brand.charAt(0).toUpperCase() + card.brand.slice(1);
  return `${brand} ending in ${card.last4}`;
}

function placeOf(apiBase: string | undefined): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (apiBase === undefined) return {};
  const { protocol, hostname, port } = new URL(apiBase);
  const isPlain = protocol === 'http:';
  return { host: hostname, port: port === '' ? (isPlain ? 80 : 443) : port, protocol: isPlain ? 'http' : 'https' };
}
