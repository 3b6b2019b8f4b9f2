// A saved payment method is charged while nobody is there.
import type { Stripe } from 'stripe';
import type { Order, PaymentMethod } from '../../people/documents.ts';
import { PaymentRefused, type ChargeEnd } from '../payments.ts';
import { asked, methodOf, notChargeable } from './ask-stripe.ts';
import { toSmallestUnit } from '../smallest-unit.ts';

/** Under the order's own key, so that asking again charges nothing again, and answers the same. */
export async function chargeOff(stripe: Stripe, mark: string, order: Order, method: PaymentMethod): Promise<ChargeEnd> {
  const amount = toSmallestUnit(order.price);
  if (amount === undefined) return { state: 'declined', reference: null, reason: notChargeable(order) };
  const { customer, paymentMethod } = methodOf(method);
  try {
    const intent = await asked(() =>
      stripe.paymentIntents.create(
        {
          amount,
          currency: order.price.currency.toLowerCase(),
          customer,
          payment_method: paymentMethod,
          allowed_payment_method_types: ['card'],
          off_session: true,
          confirm: true,
          description: `${order.what} ${order.item}`.trim(),
          metadata: { gateway: mark, order: order.id, organization: order.organization },
        },
        { idempotencyKey: `${mark}:charge:${order.id}` },
      ),
    );
    return endOf(intent);
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error;
    return { state: 'declined', reference: error.reference, reason: error.message };
  }
}

function endOf({ id, status }: Stripe.PaymentIntent): ChargeEnd {
  if (status === 'succeeded') return { state: 'paid', reference: id };
  if (status === 'processing') return { state: 'open', reference: id };
  return { state: 'declined', reference: id, reason: `The payment needs its owner: ${status.replaceAll('_', ' ')}.` };
}
