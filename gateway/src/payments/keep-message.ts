// A message that can not be acted on is kept: somebody paid for something, and an operator can look at what.
import { putOf } from '../people/directory.ts';
import type { Payment } from '../people/documents.ts';
import type { OrderEvent, PaymentEvent } from './payments.ts';
import type { BuyingParts, Who } from './parts.ts';

/** Once, however often it comes: its row in the audit is written with its record, whose id is the message's. */
export async function keepMessage<As extends string>(
  parts: BuyingParts,
  told: OrderEvent | Extract<PaymentEvent, { type: 'method saved' }>,
  { as, why, organization }: { as: As; why: string; organization: string | null },
  who: Who,
): Promise<As | 'repeated'> {
  const body = paymentOf(parts, told, why);
  const outcome = await parts.directory.write({
    puts: [putOf('payment', body.id, organization ?? '', body, { expects: 0 })],
    audits: [
      {
        ...who,
        organization,
        action: as === 'unknown' ? 'payment.keep' : 'payment.refuse',
        subject: { kind: 'payment', id: body.id },
        before: null,
        after: told,
        reason: why,
      },
    ],
    events: [],
  });
  return outcome.ok ? as : 'repeated';
}

/** @param refused why it was not taken for its order; '' where it was */
export function paymentOf(
  { payments }: Pick<BuyingParts, 'payments'>,
  told: OrderEvent | Extract<PaymentEvent, { type: 'method saved' }>,
  refused: string,
): Payment {
  const about =
    told.type === 'method saved'
      ? { reference: told.method.reference, order: null }
      : { reference: told.payment, order: told.order };
  return { id: `${payments.adapter}:${told.event}`, type: told.type, ...about, refused };
}
