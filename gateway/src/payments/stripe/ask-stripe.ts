// How Stripe is asked, and what of its errors passes.
import { Stripe } from 'stripe';
import type { Order, PaymentMethod } from '../../people/documents.ts';
import { PaymentsUnavailable } from '../payments.ts';

/**
 * What Stripe says of the request itself, or of the card, passes as it is.
 * @throws {PaymentsUnavailable} for whatever else went wrong on the way or at Stripe
 */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof Stripe.errors.StripeError) || isAnswer(cause)) throw cause;
    // Stripe's own words may quote the key; the kind of error says enough.
    throw new PaymentsUnavailable(`Stripe answered with ${cause.type}.`, { cause: cause.code ?? cause.type });
  }
}

/** An answer about this request, which asking again will not change. */
export function isAnswer(error: Stripe.errors.StripeError): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError;
}

/** Customer and payment method, as they are kept in one text. */
export function methodOf({ reference }: PaymentMethod): { customer: string; paymentMethod: string } {
  const [customer = '', paymentMethod = ''] = reference.split('/');
  return { customer, paymentMethod };
}

export function notChargeable({ price }: Order): string {
  return `${price.amount} ${price.currency} is not an amount that Stripe can charge.`;
}
