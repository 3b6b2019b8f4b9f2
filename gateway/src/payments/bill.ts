// The bill for the extra credits of a cycle that has ended: an order, once, charged to the saved payment method where there is one.
import type { Order } from '../people/documents.ts';
import { beginPayment } from './begin-payment.ts';
import { extraCycles, extraFees, type ExtraCycle, type ExtraFee } from './extra-cycles.ts';
import { GATEWAY, type BuyingParts } from './parts.ts';
import { chargeable, newOrder, writeOrder } from './place-order.ts';
import { poolStanding } from './pool-standing.ts';
import { billed } from './smallest-unit.ts';

/** Bills every cycle that has ended, in which nothing is held any more, and that was not billed before. */
export async function billExtra(parts: BuyingParts, organization: string): Promise<void> {
  const kept = await parts.directory.get('organization', organization);
  if (kept === undefined) return;
  const { from } = poolStanding(parts, kept.body).cycle;
  for (const cycle of await extraCycles(parts.extra, organization)) {
    if (cycle.from >= from || cycle.held > 0 || cycle.spent === 0) continue;
    if ((await parts.directory.get('order', billId(organization, cycle.from))) !== undefined) continue;
    await billCycle(parts, organization, cycle);
  }
}

/** One for each currency, where the fee came to another one within the cycle. */
export function billId(organization: string, from: number, currency = ''): string {
  return `extra:${organization}@${from}${currency === '' ? '' : `:${currency}`}`;
}

async function billCycle(parts: BuyingParts, organization: string, cycle: ExtraCycle): Promise<void> {
  const fees = await extraFees(parts.extra, organization, cycle);
  const drawn = fees.reduce((sum, { credits }) => sum + credits, 0);
  if (drawn !== cycle.spent) {
    // Never expected: a bill that does not agree with what enforced the limit is not written.
    parts.log.error(
      { organization, from: cycle.from, drawn, counted: cycle.spent },
      'extra credits do not add up and are not billed',
    );
    return;
  }
  for (const fee of fees) {
    const id = fees.length === 1 ? billId(organization, cycle.from) : billId(organization, cycle.from, fee.currency);
    const order = await billOf(parts, organization, id, fee);
    if (isOwed(fee) && (await writeOrder(parts, order, GATEWAY))) await beginPayment(parts, order);
  }
}

/** Whether there is something to pay: less than half of the smallest unit is nothing. */
export function isOwed({ fee }: ExtraFee): boolean {
  return Number(billed(fee).amount) > 0;
}

async function billOf(parts: BuyingParts, organization: string, id: string, { credits, fee }: ExtraFee): Promise<Order> {
  const kept = await parts.directory.get('organization', organization);
  const method = chargeable(parts, kept?.body.paymentMethod ?? null);
  const price = billed(fee);
  return newOrder(
    parts,
    { id, organization, what: 'extra', item: 'extra credits', credits, price, months: null, method },
    GATEWAY.by,
    parts.ledger.now(),
  );
}
