// An order is paid: first it is noted that it is and until when its credits last, then they are granted, then the order is `paid`. Each step
// may be the last one that a process does; the next message about the payment, or the watch over open orders, goes on from there.
import { toCredits } from '@tollgate/shared/credits';
import { isSameMoney } from '@tollgate/shared/money';
import { monthsAfter } from '@tollgate/shared/months-after';
import type { PutCommand } from '../ledger/commands.ts';
import { organizationAt } from '../people/change-plan.ts';
import { putOf } from '../people/directory.ts';
import type { Order } from '../people/documents.ts';
import { auditedOrder } from './audited.ts';
import { effectOf } from './effect-of-payment.ts';
import { keepMessage } from './keep-message.ts';
import { untilWritten, type BuyingParts, type Who } from './parts.ts';
import type { OrderEvent } from './payments.ts';

type Paid = Extract<OrderEvent, { type: 'paid' }>;

/** @param reason what somebody who confirms it by hand says, for the audit */
export async function takePaid(parts: BuyingParts, told: Paid, who: Who, reason = ''): Promise<'paid' | 'repeated' | 'refused'> {
  const noted = await untilWritten(() => notePaid(parts, told, who));
  return typeof noted === 'string' ? noted : finishPaid(parts, noted, who, reason);
}

/** What is left to do for an order whose payment is noted. */
export async function finishPaid(parts: BuyingParts, order: Order, who: Who, reason = ''): Promise<'paid' | 'repeated'> {
  await grantBought(parts, order, who);
  return untilWritten(() => closeOrder(parts, order.id, who, reason));
}

/** A paid order stays paid: what was declined before, or has ended, and is paid after all, is paid. */
async function notePaid(parts: BuyingParts, told: Paid, who: Who): Promise<Order | 'repeated' | 'refused' | 'changed'> {
  const { directory, ledger } = parts;
  const kept = await directory.get('order', told.order);
  if (kept === undefined) throw new Error(`order ${told.order} was there and is gone`);
  const order = kept.body;
  const refuse = (why: string): Promise<'refused' | 'repeated'> =>
    keepMessage(parts, told, { as: 'refused', why, organization: order.organization }, who);
  if (told.money !== null && !isSameMoney(told.money, order.price)) {
    return refuse(
      `${told.money.amount} ${told.money.currency} came for what costs ${order.price.amount} ${order.price.currency}`,
    );
  }
  if (order.paidAt !== null && order.reference !== told.payment) return refuse('the order was paid before, by another payment');
  if (order.state === 'paid') return 'repeated';
  if (order.paidAt !== null) return order;
  const paidAt = ledger.now();
  const paid: Order = {
    ...order,
    state: 'open',
    reason: '',
    reference: told.payment,
    paidAt,
    expiresAt: await expiryOf(parts, order, paidAt),
  };
  const outcome = await directory.write({ puts: [putOrder(paid, kept.version)], audits: [], events: [] });
  if (outcome.ok) return paid;
  if (outcome.refusal === 'lookup_taken') return refuse(`the payment is that of order ${outcome.by}`);
  return 'changed';
}

/** With its other name, by which a payment finds its order. */
export function putOrder(order: Order, expects: number): PutCommand['puts'][number] {
  const lookup = order.reference === null ? null : `${order.adapter}:${order.reference}`;
  return putOf('order', order.id, order.organization, order, { expects, lookup });
}

/** How the ids of grants begin that orders bring. */
export const ORDER_GRANT = 'order:';

export function grantOf(order: Pick<Order, 'id'>): string {
  return `${ORDER_GRANT}${order.id}`;
}

/** By the zone that counts when it is paid. */
async function expiryOf({ directory }: BuyingParts, { organization, months }: Order, paidAt: number): Promise<number | null> {
  if (months === undefined || months === null) return null;
  const kept = await directory.get('organization', organization);
  return monthsAfter(paidAt, months, kept === undefined ? 'UTC' : organizationAt(kept.body, paidAt).timeZone);
}

/** Everything about it comes from the order, so that a repeat is the same grant. */
async function grantBought({ ledger }: BuyingParts, order: Order, who: Who): Promise<void> {
  if (order.what !== 'package' && order.what !== 'auto') return;
  const grant = {
    id: grantOf(order),
    account: `pool:${order.organization}`,
    kind: 'top-up',
    amount: order.credits,
    priority: 100,
    effectiveAt: null,
    expiresAt: order.expiresAt ?? null,
    reason: `package ${order.item}`,
    by: order.adapter,
    terms: { package: order.item },
  } as const;
  const outcome = await ledger.run({
    type: 'grant',
    ...grant,
    audit: {
      ...who,
      organization: order.organization,
      action: 'grant.make',
      subject: { kind: 'grant', id: grant.id },
      before: null,
      after: {
        ...grant,
        amount: toCredits(order.credits),
        terms: undefined,
        expiresAt: grant.expiresAt === null ? null : new Date(grant.expiresAt).toISOString(),
      },
      reason: `order ${order.id}`,
    },
  });
  if (!outcome.ok) throw new Error(`order ${order.id} is paid and can not be granted: ${outcome.message}`);
}

async function closeOrder(parts: BuyingParts, id: string, who: Who, reason: string): Promise<'paid' | 'repeated' | 'changed'> {
  const kept = await parts.directory.get('order', id);
  if (kept === undefined) throw new Error(`order ${id} was there and is gone`);
  const order = kept.body;
  if (order.state === 'paid') return 'repeated';
  const paid: Order = { ...order, state: 'paid' };
  const effect = await effectOf(parts, order, who);
  const { organization, what, item, credits, price, expiresAt = null } = paid;
  const outcome = await parts.directory.write({
    puts: [putOrder(paid, kept.version), ...effect.puts],
    audits: [
      {
        ...who,
        organization,
        action: 'order.pay',
        subject: { kind: 'order', id },
        before: auditedOrder(order),
        after: auditedOrder(paid),
        reason,
      },
      ...effect.audits,
    ],
    events: [
      {
        id: `paid:${id}`,
        type: 'purchase.paid',
        organization,
        workspace: null,
        data: {
          order: id,
          what,
          item,
          credits,
          price,
          expiresAt,
          grant: credits > 0 && what !== 'extra' ? grantOf(order) : null,
        },
      },
      ...effect.events,
    ],
  });
  return outcome.ok ? 'paid' : 'changed';
}
