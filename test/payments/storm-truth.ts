// What must stand in the books after a storm, told from the plan alone: each payment that came is credited once, nothing else is.
import type { Order } from '../../gateway/src/people/documents.ts';
import type { MemoryStore } from '../kit/memory-store.ts';
import type { Plan, PlannedOrder } from './storm-plan.ts';

const MICRO = 1_000_000;

/** @param charged orders that the payment account has charged */
export function whatIsWrong({ orders, topUps, strange }: Plan, { rows }: MemoryStore, charged: readonly string[]): string[] {
  const wrong: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) wrong.push(`${what}: ${String(found)} instead of ${String(wanted)}`);
  };
  const grants = [...rows.grants.values()];
  let pool = 0;
  for (const { id, credits } of topUps) {
    pool += credits * MICRO;
    expect(`grants of ${id}`, grants.filter((grant) => grant.id === id).length, 1);
  }
  for (const order of orders) {
    const isPaid = order.fate === 'paid';
    const brings = isPaid && order.what === 'package' ? 1 : 0;
    pool += brings * order.credits * MICRO;
    const made = grants.filter(({ id }) => id === `order:${order.id}`);
    expect(`grants of ${order.id}`, made.length, brings);
    if (brings === 1) expect(`amount of ${order.id}`, made[0]?.amount, order.credits * MICRO);
    const kept = rows.records.get(`order ${order.id}`)?.body as unknown as Order | undefined;
    expect(`state of ${order.id}`, kept?.state, stateOf(order));
    expect(`${order.id} knows when it was paid`, typeof kept?.paidAt, isPaid ? 'number' : 'object');
    if (isPaid) expect(`reason of ${order.id}`, kept?.reason, '');
    const audits = rows.audits.filter(({ subject }) => subject.id === order.id).map(({ action }) => action);
    expect(`order.make of ${order.id}`, audits.filter((action) => action === 'order.make').length, 1);
    expect(`order.pay of ${order.id}`, audits.filter((action) => action === 'order.pay').length, isPaid ? 1 : 0);
    const granted = rows.audits.filter(({ action, subject }) => action === 'grant.make' && subject.id === `order:${order.id}`);
    expect(`grant.make of ${order.id}`, granted.length, brings);
    expect(`purchase.paid of ${order.id}`, rows.events.has(`paid:${order.id}`), isPaid);
    if (order.pay === 'saved' && isPaid) expect(`${order.id} is charged`, charged.includes(order.id), true);
  }
  expect('pool', rows.accounts.get('pool:acme')?.balance ?? 0, pool);
  expect('entries of the pool', rows.entries.length, grants.length);
  expect(
    'grants',
    grants.length,
    topUps.length + orders.filter(({ fate, what }) => fate === 'paid' && what === 'package').length,
  );
  const plans = orders.filter(({ fate, what }) => fate === 'paid' && what === 'plan').length;
  expect('plan.changed', [...rows.events.values()].filter(({ type }) => type === 'plan.changed').length, plans);
  expect('plan', rows.records.get('organization acme')?.body?.['plan'], plans > 0 ? 'basic' : null);
  const keptStrange = rows.audits.filter(({ action }) => action === 'payment.keep').length;
  expect('payment.keep', keptStrange, strange.length > 0 ? 1 : 0);
  const refused = rows.audits.filter(({ action }) => action === 'payment.refuse').length;
  expect(
    'payment.refuse',
    refused,
    orders.filter(({ messages }) => messages.some(({ event }) => event.startsWith('evt_less'))).length,
  );
  return wrong;
}

/** By hand and in Checkout only a message ends an order; a saved method is charged, or not, when it is asked. */
function stateOf({ fate }: PlannedOrder): string {
  return fate === 'never' ? 'open' : fate;
}
