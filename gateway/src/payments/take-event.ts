// What the payment account tells becomes credits, once: in any order, however often it comes, wherever the process dies in between. The grant's
// id is the order's, so that it is made once; the order moves by versions, so that whoever was too late looks again; and a message that
// found its order half-way finishes it.
import type { PaymentEvent } from './payments.ts';
import { keepMessage } from './keep-message.ts';
import type { BuyingParts, Who } from './parts.ts';
import { saveMethod } from './payment-method.ts';
import { takePaid } from './take-paid.ts';
import { takeUnpaid } from './take-unpaid.ts';

/**
 * What became of a message. `repeated`: it changed nothing, as it or a better one was known. `refused`: it names an order that it does not fit,
 * and is kept in the audit. `unknown`: it names none that there is, and is kept too. `foreign`: it is not for this gateway.
 */
export type Taken = 'paid' | 'declined' | 'ended' | 'saved' | 'repeated' | 'refused' | 'unknown' | 'foreign';

/**
 * @throws {LedgerUnavailable} it may have been taken or not: let it come again
 */
export async function takeEvent(parts: BuyingParts, told: PaymentEvent, who: Who): Promise<Taken> {
  if (told.type === 'foreign') return 'foreign';
  if (told.type === 'method saved') return saveMethod(parts, told, who);
  const order = (await parts.directory.get('order', told.order))?.body;
  if (order === undefined) {
    return keepMessage(parts, told, { as: 'unknown', why: `there is no order ${told.order}`, organization: null }, who);
  }
  if (order.adapter !== parts.payments.adapter) {
    const why = `the order is paid through ${order.adapter}`;
    return keepMessage(parts, told, { as: 'refused', why, organization: order.organization }, who);
  }
  return told.type === 'paid' ? takePaid(parts, told, who) : takeUnpaid(parts, told, who);
}
