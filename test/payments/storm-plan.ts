// What a storm is made of: orders with what truly happens to their payments, top-ups, and the messages that tell of it. Drawn by chance, and
// with it what must come out.
import type { OrderEvent } from '../../gateway/src/payments/payments.ts';
import type { Random } from '../model/random.ts';

/** What truly happens to a payment. */
export type Fate = 'paid' | 'declined' | 'ended' | 'never';

export interface PlannedOrder {
  id: string;
  what: 'package' | 'plan';
  item: string;
  credits: number;
  pay: 'checkout' | 'saved';
  fate: Fate;
  /** How often its client asks for it, and whether they ask on until they are answered. */
  asks: number;
  givesUp: boolean;
  /** In the order in which they come. */
  messages: readonly OrderEvent[];
}

export interface Plan {
  adapter: 'stripe' | 'manual';
  orders: readonly PlannedOrder[];
  topUps: readonly { id: string; credits: number; times: number }[];
  /** About orders that nobody made. */
  strange: readonly OrderEvent[];
}

interface Item {
  what: 'package' | 'plan';
  item: string;
  credits: number;
  price: string;
}

const ITEMS: readonly [Item, ...Item[]] = [
  { what: 'package', item: 'small', credits: 50, price: '12.50' },
  { what: 'package', item: 'large', credits: 400, price: '80' },
  { what: 'plan', item: 'basic', credits: 0, price: '5' },
];

export function planStorm(random: Random): Plan {
  const adapter = random.percent(75) ? 'stripe' : 'manual';
  const orders = Array.from({ length: 1 + random.below(3) }, (_, index) => planOrder(random, `acme:o${index}`, adapter));
  const topUps = Array.from({ length: random.below(3) }, (_, index) => ({
    id: `top-up-${index}`,
    credits: 1 + random.below(100),
    times: 1 + random.below(4),
  }));
  const strange = random.percent(25) ? repeated(random, paidMessage('acme:nobody', 'evt_strange', '12.50')) : [];
  return { adapter, orders, topUps, strange };
}

function planOrder(random: Random, id: string, adapter: Plan['adapter']): PlannedOrder {
  const { price, ...bought } = random.pick(ITEMS);
  const fate = random.percent(60) ? 'paid' : random.pick(['declined', 'ended', 'never'] as const);
  const pay = adapter === 'stripe' && random.percent(35) ? 'saved' : 'checkout';
  return {
    id,
    ...bought,
    pay,
    fate,
    asks: 1 + random.below(3),
    givesUp: random.percent(25),
    messages: messagesOf(random, id, fate, price),
  };
}

/** Each several times, and shuffled. A payment that was declined before, or by an older message, is paid all the same. */
function messagesOf(random: Random, order: string, fate: Fate, price: string): OrderEvent[] {
  const told: OrderEvent[] = [];
  const payment = `pay_${order}`;
  if (fate === 'paid') told.push(...repeated(random, paidMessage(order, `evt_paid_${order}`, price)));
  if (fate === 'declined' || (fate === 'paid' && random.percent(20))) {
    told.push(...repeated(random, { type: 'declined', event: `evt_no_${order}`, payment, order, reason: 'No.' }));
  }
  if (fate === 'ended' || (fate === 'paid' && random.percent(10))) {
    told.push(...repeated(random, { type: 'ended', event: `evt_end_${order}`, payment, order, reason: 'Too late.' }));
  }
  // Somebody pays less than it costs: that is nobody's order.
  if (random.percent(10)) told.push(...repeated(random, paidMessage(order, `evt_less_${order}`, '0.01')));
  return shuffled(random, told);
}

function paidMessage(order: string, event: string, amount: string): OrderEvent {
  return { type: 'paid', event, payment: `pay_${order}`, order, money: { amount, currency: 'USD' } };
}

function repeated(random: Random, message: OrderEvent): OrderEvent[] {
  return Array.from({ length: 1 + random.below(5) }, () => message);
}

export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const all = [...list];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const at = random.below(last + 1);
    [all[last], all[at]] = [all[at] as T, all[last] as T];
  }
  return all;
}
