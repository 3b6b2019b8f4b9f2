// A saved payment method is charged while nobody is there.
import { Stripe } from 'stripe';
import type { Order, PaymentMethod } from '../../people/documents.ts';
import type { ChargeEnd } from '../payments.ts';
import { asked, isAnswer, methodOf, notChargeable } from './ask-stripe.ts';
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
    if (!(error instanceof Stripe.errors.StripeError) || !isAnswer(error)) throw error;
    return { state: 'declined', reference: error.payment_intent?.id ?? null, reason: reasonOf(error) };
  }
}

function endOf({ id, status }: Stripe.PaymentIntent): ChargeEnd {
  if (status === 'succeeded') return { state: 'paid', reference: id };
  if (status === 'processing') return { state: 'open', reference: id };
  return { state: 'declined', reference: id, reason: `The payment needs its owner: ${status.replaceAll('_', ' ')}.` };
}

/** A card's answer is for its owner; what is wrong with a request says only its code, because its words may quote settings. */
function reasonOf(error: Stripe.errors.StripeError): string {
  if (error instanceof Stripe.errors.StripeCardError) return error.message;
  return `Stripe does not take it: ${error.code ?? 'the request is not valid'}.`;
}
