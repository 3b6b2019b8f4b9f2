// Somebody buys: the order is kept before anybody is asked for money, so that no payment is ever without one.
import { ZERO } from '@tollgate/shared/credits';
import type { Money } from '@tollgate/shared/rate-card/plan';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Kept } from '../people/directory.ts';
import type { Order, PaymentMethod } from '../people/documents.ts';
import { auditedOrder } from './audited.ts';
import { beginPayment } from './begin-payment.ts';
import type { BuyingParts, Who } from './parts.ts';
import { putOrder } from './take-paid.ts';
import { toSmallestUnit } from './smallest-unit.ts';

/** What is wished: a package of credits or a plan, as the rate card in force sells them. */
export interface Wish {
  id: string;
  organization: string;
  what: 'package' | 'plan';
  item: string;
  /** In a checkout, or from the saved payment method. */
  pay: 'checkout' | 'saved';
}

/** A repeat of the id with the same wish makes nothing, and opens its payment where that was not done yet. */
export async function placeOrder(
  parts: BuyingParts,
  wish: Wish,
  who: Who,
): Promise<{ order: Order; repeated: boolean } | Refusal> {
  const kept = await parts.directory.get('order', wish.id);
  if (kept !== undefined) return again(parts, wish, kept);
  const order = await orderOf(parts, wish, who);
  if ('refused' in order) return order;
  const outcome = await writeOrder(parts, order, who);
  // Somebody else was first with this id, at the same moment.
  if (!outcome) return placeOrder(parts, wish, who);
  return { order: await beginPayment(parts, order), repeated: false };
}

/** @returns false where there is an order with this id already */
export async function writeOrder({ directory }: BuyingParts, order: Order, who: Who): Promise<boolean> {
  const { id, organization } = order;
  const outcome = await directory.write({
    puts: [putOrder(order, 0)],
    audits: [
      {
        ...who,
        organization,
        action: 'order.make',
        subject: { kind: 'order', id },
        before: null,
        after: auditedOrder(order),
        reason: '',
      },
    ],
    events: [],
  });
  return outcome.ok;
}

/** The saved payment method that can be charged as payments are set up now. */
export function chargeable({ payments }: BuyingParts, method: PaymentMethod | null): PaymentMethod | null {
  return method?.adapter === payments.adapter ? method : null;
}

async function again(
  parts: BuyingParts,
  wish: Wish,
  { body }: Kept<'order'>,
): Promise<{ order: Order; repeated: true } | Refusal> {
  const { organization, what, item, method = null } = body;
  const same =
    organization === wish.organization &&
    what === wish.what &&
    item === wish.item &&
    (method !== null) === (wish.pay === 'saved');
  if (!same)
    return refusal('conflict', `The order ${wish.id} exists and is another one. Choose another id.`, { field: 'body.id' });
  return { order: await beginPayment(parts, body), repeated: true };
}

async function orderOf(parts: BuyingParts, wish: Wish, who: Who): Promise<Order | Refusal> {
  const { directory, card, payments, ledger } = parts;
  const kept = await directory.get('organization', wish.organization);
  if (kept === undefined) return refusal('not_found', `There is no organization ${wish.organization}.`);
  if (kept.body.closedAt !== null)
    return refusal('conflict', `The organization ${wish.organization} is closed and buys nothing.`);
  const sold = soldAs(card(), wish);
  if ('refused' in sold) return sold;
  const method = chargeable(parts, kept.body.paymentMethod);
  if (wish.pay === 'saved' && method === null) {
    return refusal('input_invalid', 'body.pay: there is no saved payment method; "checkout" would be right, or save one first.', {
      field: 'body.pay',
    });
  }
  if (payments.adapter !== 'manual' && toSmallestUnit(sold.price) === undefined) {
    const { amount, currency } = sold.price;
    return refusal('input_invalid', `body.item: ${wish.item} costs ${amount} ${currency}, which can not be charged.`, {
      field: 'body.item',
    });
  }
  return newOrder(parts, { ...wish, ...sold, method: wish.pay === 'saved' ? method : null }, who.by, ledger.now());
}

export function newOrder(
  { payments }: BuyingParts,
  {
    id,
    organization,
    what,
    item,
    credits,
    price,
    months,
    method,
  }: Pick<Order, 'id' | 'organization' | 'what' | 'item' | 'credits' | 'price'> & {
    months: number | null;
    method: PaymentMethod | null;
  },
  by: string,
  madeAt: number,
): Order {
  const made = { id, organization, what, item, credits, price, adapter: payments.adapter, by, madeAt, months, method };
  return { ...made, state: 'open', reference: null, url: null, paidAt: null, expiresAt: null, reason: '' };
}

function soldAs(
  { packages, plans }: ReturnType<BuyingParts['card']>,
  { what, item }: Wish,
): { credits: Order['credits']; price: Money; months: number | null } | Refusal {
  if (what === 'package') {
    const sold = packages.get(item);
    if (sold !== undefined) return { credits: sold.credits, price: sold.price, months: sold.months ?? null };
  } else {
    const price = plans.get(item)?.price;
    if (price !== undefined) return { credits: ZERO, price, months: null };
  }
  const known = what === 'package' ? [...packages.keys()] : [...plans.values()].filter(isSold).map(({ name }) => name);
  const sells = known.length === 0 ? `no ${what}s` : known.join(', ');
  return refusal('input_invalid', `body.item: there is no ${what} "${item}" for sale; the rate card sells ${sells}.`, {
    field: 'body.item',
    known,
  });
}

function isSold({ price }: { price: Money | undefined }): boolean {
  return price !== undefined;
}
