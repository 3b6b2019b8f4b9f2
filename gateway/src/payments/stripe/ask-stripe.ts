// How Stripe is asked, and what its errors mean to us.
import { Stripe } from 'stripe';
import type { Order, PaymentMethod } from '../../people/documents.ts';
import { PaymentRefused, PaymentsUnavailable } from '../payments.ts';

/**
 * @throws {PaymentRefused} where Stripe has looked at the request, or at the card, and said no
 * @throws {PaymentsUnavailable} for whatever else went wrong on the way or at Stripe
 */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof Stripe.errors.StripeError)) throw cause;
    if (isRefusal(cause)) throw new PaymentRefused(reasonOf(cause), cause.payment_intent?.id ?? null);
    // Stripe's own words may quote the key; the kind of error says enough.
    throw new PaymentsUnavailable(`Stripe answered with ${cause.type}.`, { cause: cause.code ?? cause.type });
  }
}

/** Asking again changes nothing, but for a request that is being answered at this moment, or too many of them. */
function isRefusal(error: Stripe.errors.StripeError): boolean {
  const { statusCode } = error;
  if (statusCode === 409 || statusCode === 429) return false;
  return error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError;
}

/** A card's answer is for its owner; what is wrong with a request says only its code, because its words may quote settings. */
function reasonOf(error: Stripe.errors.StripeError): string {
  if (error instanceof Stripe.errors.StripeCardError) return error.message;
  return `Stripe does not take it: ${error.code ?? 'the request is not valid'}.`;
}

/** Customer and payment method, as they are kept in one text. */
export function methodOf({ reference }: PaymentMethod): { customer: string; paymentMethod: string } {
  const [customer = '', paymentMethod = ''] = reference.split('/');
  return { customer, paymentMethod };
}

export function notChargeable({ price }: Order): string {
  return `${price.amount} ${price.currency} is not an amount that Stripe can charge.`;
}
