// Orders: made, read, and by hand confirmed or declined.
import type { z } from 'zod';
import type { orderRequest, ordersQuery, wordRequest } from '@tollgate/shared/buying-contract';
import { toCredits } from '@tollgate/shared/credits';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Who } from '../payments/parts.ts';
import { openBill } from '../payments/begin-payment.ts';
import { PaymentRefused, PaymentsUnavailable } from '../payments/payments.ts';
import { placeOrder } from '../payments/place-order.ts';
import { grantOf, takePaid } from '../payments/take-paid.ts';
import { takeUnpaid } from '../payments/take-unpaid.ts';
import type { Order } from '../people/documents.ts';
import { claimedId } from './claimed-id.ts';
import { openOrganization } from './open-organization.ts';
import { pageOf, type Page } from './page.ts';
import {
  iso,
  isoOrNull,
  isOperator,
  keyOf,
  made,
  ok,
  organizationOf,
  type Answered,
  type ApiParts,
  type Asking,
} from './route.ts';

export async function makeOrder(api: ApiParts, asking: Asking<unknown, z.output<typeof orderRequest>>): Promise<Answered> {
  const { body } = asking;
  const claimed = claimedId(asking, body.id);
  if (typeof claimed === 'object') return claimed;
  const organization = organizationOf(api, asking);
  const { what, item, pay } = body;
  // Ids are each organization's own: nobody learns of another's, or takes it away from them.
  const wish = { id: `${organization}:${claimed}`, organization, what, item, pay };
  try {
    const placed = await placeOrder(api.payments, wish, whoAsks(asking));
    if (isRefusal(placed)) return placed;
    return made({ order: showOrder(placed.order), repeated: placed.repeated }, placed.repeated);
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error;
    const message = `The order is kept as ${wish.id} and open, and the payment account does not answer. Ask again with the same id.`;
    return refusal('payments_unavailable', message);
  }
}

/** By id. A page that is filtered is filled as far as there is more. */
export async function listOrders(api: ApiParts, asking: Asking<z.output<typeof ordersQuery>, unknown>): Promise<Answered> {
  const { state, limit } = asking.query;
  const organization = organizationOf(api, asking);
  const orders: Order[] = [];
  let after = asking.query.after ?? null;
  do {
    const page: Page<'order'> = await pageOf(
      api.directory,
      'order',
      { organization, after: after ?? undefined, limit: limit - orders.length },
      ({ id }) => id,
    );
    orders.push(...page.found.map(({ body }) => body).filter((order) => state === undefined || order.state === state));
    after = page.next;
  } while (after !== null && orders.length < limit);
  return ok({ orders: orders.map(showOrder), next: after });
}

export async function readOrder(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const order = await orderOf(api, asking);
  return isRefusal(order) ? order : ok({ order: showOrder(order) });
}

/** Where a person pays a bill that could not be charged. */
export async function openCheckout(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const order = await orderOf(api, asking);
  if (isRefusal(order)) return order;
  const { adapter } = api.payments.payments;
  if (order.what !== 'extra' || order.adapter !== adapter || adapter === 'manual') {
    const message =
      order.what === 'extra' ? 'it is confirmed by hand' : 'only bills for extra credits are opened again: make another order';
    return refusal('conflict', `The order ${order.id} has no checkout to open: ${message}.`);
  }
  try {
    const opened = await openBill(api.payments, order.id);
    if (opened === undefined) return refusal('conflict', `The order ${order.id} is paid, or is being charged at this moment.`);
    return ok({ order: showOrder(opened) });
  } catch (error) {
    if (error instanceof PaymentRefused) return refusal('conflict', error.message);
    if (!(error instanceof PaymentsUnavailable)) throw error;
    return refusal('payments_unavailable', 'The payment account does not answer. Ask again.');
  }
}

/** An operator says that the money has come. */
export async function confirmOrder(api: ApiParts, asking: Asking<unknown, z.output<typeof wordRequest>>): Promise<Answered> {
  const order = await orderOf(api, asking);
  if (isRefusal(order)) return order;
  const barred = barsWord(order);
  if (barred !== undefined) return barred;
  // Nobody could spend what it brings. A bill is for credits that were spent.
  const open = order.what === 'extra' || order.state === 'paid' ? undefined : await openOrganization(api, order.organization);
  if (open !== undefined && isRefusal(open)) return open;
  const word = { type: 'paid', event: '', payment: order.id, order: order.id, money: null } as const;
  await takePaid(api.payments, word, whoAsks(asking), asking.body.reason);
  return readOrder(api, asking);
}

/** An operator says that no money will come. */
export async function declineOrder(api: ApiParts, asking: Asking<unknown, z.output<typeof wordRequest>>): Promise<Answered> {
  const order = await orderOf(api, asking);
  if (isRefusal(order)) return order;
  const barred = barsWord(order);
  if (barred !== undefined) return barred;
  const reason = asking.body.reason === '' ? 'Declined by the operator.' : asking.body.reason;
  const told = { type: 'declined', event: '', payment: '', order: order.id, reason } as const;
  await takeUnpaid(api.payments, told, whoAsks(asking));
  const now = await orderOf(api, asking);
  if (isRefusal(now)) return now;
  if (now.state === 'paid' || now.paidAt !== null) return refusal('conflict', `The order ${order.id} is paid, and stays so.`);
  return ok({ order: showOrder(now) });
}

/** Who asks, for the audit. */
export function whoAsks(asking: Asking<unknown, unknown>): Who {
  const { id: by, user } = keyOf(asking);
  return { by, user, from: asking.req.socket.remoteAddress ?? '' };
}

/**
 * What the payment account knows of is its to say: somebody's word beside it could have two payments for one order. A bill for extra credits
 * that it was never asked for, or has declined, may be paid in another way.
 */
function barsWord({ id, adapter, what, method = null, state, reference }: Order): Refusal | undefined {
  const isLeftToUs = what === 'extra' && (method === null || state !== 'open' || reference === id);
  if (adapter === 'manual' || isLeftToUs) return undefined;
  return refusal('conflict', `The order ${id} is paid through ${adapter}, which says itself when it is.`);
}

/** By its whole id, or as the organization's own client has called it. */
async function orderOf(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Order | Refusal> {
  const id = asking.params['id'] ?? '';
  const organization = organizationOf(api, asking);
  const kept = (await api.directory.get('order', id)) ?? (await api.directory.get('order', `${organization}:${id}`));
  if (kept !== undefined && kept.body.organization === organization) return kept.body;
  const hint = isOperator(asking) && asking.organization === undefined ? ' ?organization= names another one.' : '';
  return refusal('not_found', `There is no order ${id} in ${organization}.${hint}`);
}

function showOrder(order: Order): object {
  const { id, organization, what, item, credits, price, state, adapter, url, reference, method, by, madeAt, paidAt, reason } =
    order;
  const isGranted = state === 'paid' && (what === 'package' || what === 'auto');
  return {
    id,
    organization,
    what,
    item,
    credits: toCredits(credits),
    price,
    state,
    charging: adapter === 'manual' ? 'by hand' : adapter,
    url: state === 'open' ? url : null,
    reference,
    method: method?.label ?? null,
    by,
    madeAt: iso(madeAt),
    paidAt: isoOrNull(paidAt),
    grant: isGranted ? grantOf(order) : null,
    expiresAt: isoOrNull(order.expiresAt ?? null),
    reason,
  };
}
