// What the audit keeps of orders and settings: amounts as credits and times as ISO 8601, as everywhere that people read; and of a payment method
// only what it is called.
import { toCredits } from '@tollgate/shared/credits';
import type { AutoPurchase, Order, PaymentMethod } from '../people/documents.ts';

export function auditedOrder(order: Order): object {
  const { id, organization, what, item, credits, price, adapter, state, reference, by, madeAt, paidAt, reason } = order;
  const kept = { id, organization, what, item, price, adapter, state, reference, by, reason };
  return {
    ...kept,
    credits: toCredits(credits),
    madeAt: isoOf(madeAt),
    paidAt: isoOf(paidAt),
    expiresAt: isoOf(order.expiresAt ?? null),
    method: auditedMethod(order.method ?? null),
  };
}

export function auditedAutoPurchase(settings: AutoPurchase | null): object | null {
  if (settings === null) return null;
  const { threshold, paused, ...rest } = settings;
  return { ...rest, threshold: toCredits(threshold), paused: paused === null ? null : { ...paused, at: isoOf(paused.at) } };
}

export function auditedMethod(method: PaymentMethod | null): object | null {
  return method === null ? null : { adapter: method.adapter, label: method.label };
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
