// The payment of an order is opened, or charged, once its order is kept. Asking the payment account again is safe: it knows the order.
import type { Order } from '../people/documents.ts';
import { untilWritten, type BuyingParts, type Who } from './parts.ts';
import { PaymentRefused, type ChargeEnd } from './payments.ts';
import { putOrder, takePaid } from './take-paid.ts';
import { takeUnpaid } from './take-unpaid.ts';

// A payment account knows what it was asked for a day at least. Later, asking again could charge again, so nobody does.
const KNOWN_MS = 23 * 3_600_000;

// One at a time for each order of this process: the account refuses to be asked for one thing twice at the same moment.
const beginning = new Map<string, Promise<Order>>();

/**
 * Does nothing for an order whose payment was begun before.
 * @returns the order as it is then
 * @throws {PaymentsUnavailable} the order stays open, and is tried again
 */
export function beginPayment(parts: BuyingParts, order: Order): Promise<Order> {
  if (!isUnbegun(parts, order)) return Promise.resolve(order);
  const running = beginning.get(order.id);
  if (running !== undefined) return running;
  const begun = begin(parts, order).finally(() => beginning.delete(order.id));
  beginning.set(order.id, begun);
  return begun;
}

/** The payment account does not know of it yet, and must. By hand nobody has to; and a bill without a saved method waits for the operator. */
export function isUnbegun({ payments }: BuyingParts, { state, reference, paidAt, adapter, what, method = null }: Order): boolean {
  if (state !== 'open' || reference !== null || paidAt !== null) return false;
  return adapter === payments.adapter && adapter !== 'manual' && (what !== 'extra' || method !== null);
}

async function begin(parts: BuyingParts, order: Order): Promise<Order> {
  const { payments, ledger, directory } = parts;
  const who: Who = { by: order.adapter, user: null, from: '' };
  const method = order.method ?? null;
  if (ledger.now() - order.madeAt > KNOWN_MS) {
    const reason = 'The payment account did not say within a day whether it was paid.';
    await takeUnpaid(parts, { type: 'declined', event: '', payment: '', order: order.id, reason }, who);
  } else if (method === null) await openCheckout(parts, order, who);
  else await takeCharge(parts, order, await payments.charge(order, method), who);
  return (await directory.get('order', order.id))?.body ?? order;
}

async function openCheckout(parts: BuyingParts, order: Order, who: Who): Promise<void> {
  try {
    const { reference, url } = await parts.payments.checkout(order);
    await noteReference(parts, order.id, reference, url);
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error;
    const about = { event: '', order: order.id, payment: error.reference ?? '' };
    await takeUnpaid(parts, { ...about, type: 'declined', reason: error.message }, who);
  }
}

async function takeCharge(parts: BuyingParts, order: Order, end: ChargeEnd, who: Who): Promise<void> {
  const about = { event: '', order: order.id, payment: end.reference ?? '' };
  if (end.state === 'paid') await takePaid(parts, { ...about, type: 'paid', money: null }, who);
  else if (end.state === 'declined') await takeUnpaid(parts, { ...about, type: 'declined', reason: end.reason }, who);
  else await noteReference(parts, order.id, end.reference, null);
}

/**
 * Opens a checkout for a bill that nobody is charged for any more: it was declined, its checkout has ended, or there was no payment method.
 * Each is a payment of its own, and one that is open already is told again.
 * @returns undefined where the order is paid, or is being paid otherwise
 */
export async function openBill(parts: BuyingParts, id: string): Promise<Order | undefined> {
  const opened = await untilWritten(async () => {
    const kept = await parts.directory.get('order', id);
    if (kept === undefined) return undefined;
    const order = kept.body;
    if (order.paidAt !== null || order.adapter !== parts.payments.adapter) return undefined;
    const isUnderWay = order.state === 'open' && (order.reference !== null || (order.method ?? null) !== null);
    if (isUnderWay) return order.url === null ? undefined : order;
    const checkouts = (order.checkouts ?? 0) + 1;
    const reopened: Order = { ...order, state: 'open', method: null, reference: null, url: null, reason: '', checkouts };
    const outcome = await parts.directory.write({ puts: [putOrder(reopened, kept.version)], audits: [], events: [] });
    return outcome.ok ? reopened : 'changed';
  });
  if (opened === undefined || opened.url !== null) return opened;
  const { reference, url } = await parts.payments.checkout(opened);
  await noteReference(parts, id, reference, url);
  return (await parts.directory.get('order', id))?.body;
}

/** A message about the payment may have come before this, and knows more. */
function noteReference(parts: BuyingParts, id: string, reference: string | null, url: string | null): Promise<void> {
  return untilWritten(async () => {
    const kept = await parts.directory.get('order', id);
    if (kept === undefined || kept.body.reference !== null || kept.body.state !== 'open') return undefined;
    const outcome = await parts.directory.write({
      puts: [putOrder({ ...kept.body, reference, url }, kept.version)],
      audits: [],
      events: [],
    });
    return outcome.ok ? undefined : 'changed';
  });
}
