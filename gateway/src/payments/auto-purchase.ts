// Auto-purchase: when less than the threshold is available in the pool, one package is bought, whoever notices and however many notice at
// once. The number of a purchase within its cycle is its id, so that two who count the same purchases make the same one.
import { putOf } from '../people/directory.ts';
import type { AutoPurchase, Order } from '../people/documents.ts';
import { auditedAutoPurchase } from './audited.ts';
import { beginPayment } from './begin-payment.ts';
import { GATEWAY, untilWritten, type BuyingParts } from './parts.ts';
import { chargeable, newOrder, writeOrder } from './place-order.ts';
import { poolStanding } from './pool-standing.ts';

/** Whatever the settings say: a loop that eats credits must not empty a bank account. */
export const BURST = { most: 3, withinMs: 10 * 60_000 } as const;

export type Step = { do: 'nothing' } | { do: 'pause'; reason: string } | { do: 'buy'; number: number };

/** Buys where it is due. One look at the purchases comes before the look at the pool: what is bought in between takes the number. */
export async function checkAutoPurchase(parts: BuyingParts, organization: string): Promise<Step['do']> {
  const { directory, ledger } = parts;
  const kept = await directory.get('organization', organization);
  const settings = kept?.body.autoPurchase ?? null;
  if (kept === undefined || settings === null || settings.paused !== null || kept.body.closedAt !== null) return 'nothing';
  const pool = poolStanding(parts, kept.body);
  const bought = await boughtSince(parts, organization, pool.cycle.from);
  if ((await pool.available()) >= settings.threshold) return 'nothing';
  const step = nextStep(settings, bought, pool.cycle.from, ledger.now());
  if (step.do === 'buy') return buy(parts, organization, settings, pool.cycle.from, step.number);
  if (step.do === 'pause') await pause(parts, organization, step.reason);
  return step.do;
}

/**
 * What is to be done while less than the threshold is available.
 * @param bought the purchases of this cycle, and of those before it
 */
export function nextStep(
  { mostPerCycle, coolDownMs }: Pick<AutoPurchase, 'mostPerCycle' | 'coolDownMs'>,
  bought: readonly Pick<Order, 'id' | 'state' | 'madeAt'>[],
  cycleFrom: number,
  at: number,
): Step {
  // One that is on its way may be enough.
  if (bought.some(({ state }) => state === 'open')) return { do: 'nothing' };
  const recent = bought.filter(({ madeAt }) => madeAt > at - BURST.withinMs);
  if (recent.length >= BURST.most) {
    return {
      do: 'pause',
      reason: `${BURST.most} purchases within ${BURST.withinMs / 60_000} minutes: something spends unusually fast.`,
    };
  }
  const ours = bought.filter(({ id }) => id.includes(`@${cycleFrom}:`));
  if (ours.filter(isPaid).length >= mostPerCycle) return { do: 'nothing' };
  // After a decline it stood still; whoever resumes it wants it to go on now.
  const last = Math.max(...bought.filter(isPaid).map(({ madeAt }) => madeAt), -Infinity);
  return at < last + coolDownMs ? { do: 'nothing' } : { do: 'buy', number: ours.length + 1 };
}

function isPaid({ state }: Pick<Order, 'state'>): boolean {
  return state === 'paid';
}

export function autoOrderId(organization: string, cycleFrom: number, number: number | ''): string {
  return `auto:${organization}@${cycleFrom}:${number}`;
}

/** Stands still until somebody resumes it, and says why. */
export function pause(parts: BuyingParts, organization: string, reason: string): Promise<void> {
  return untilWritten(async () => {
    const kept = await parts.directory.get('organization', organization);
    const settings = kept?.body.autoPurchase ?? null;
    if (kept === undefined || settings === null || settings.paused !== null) return undefined;
    const autoPurchase = { ...settings, paused: { reason, at: parts.ledger.now() } };
    const outcome = await parts.directory.write({
      puts: [putOf('organization', organization, organization, { ...kept.body, autoPurchase }, { expects: kept.version })],
      audits: [
        {
          ...GATEWAY,
          organization,
          action: 'auto_purchase.pause',
          subject: { kind: 'organization', id: organization },
          before: auditedAutoPurchase(settings),
          after: auditedAutoPurchase(autoPurchase),
          reason,
        },
      ],
      events: [
        {
          id: `paused:${organization}:${kept.version + 1}`,
          type: 'auto_purchase.paused',
          organization,
          workspace: null,
          data: { reason, order: null },
        },
      ],
    });
    return outcome.ok ? undefined : 'changed';
  });
}

async function buy(
  parts: BuyingParts,
  organization: string,
  settings: AutoPurchase,
  cycleFrom: number,
  number: number,
): Promise<Step['do']> {
  const sold = parts.card().packages.get(settings.package);
  if (sold === undefined) {
    await pause(parts, organization, `The rate card has no package "${settings.package}".`);
    return 'pause';
  }
  // Read again: whoever has paused it, or changed it, while the pool was looked at is obeyed.
  const now = (await parts.directory.get('organization', organization))?.body;
  if (now === undefined || now.autoPurchase?.paused !== null || now.autoPurchase.package !== settings.package) return 'nothing';
  const method = chargeable(parts, now.paymentMethod);
  if (method === null && parts.payments.adapter !== 'manual') {
    await pause(parts, organization, 'There is no saved payment method.');
    return 'pause';
  }
  const order = newOrder(
    parts,
    {
      id: autoOrderId(organization, cycleFrom, number),
      organization,
      what: 'auto',
      item: sold.name,
      credits: sold.credits,
      price: sold.price,
      months: sold.months ?? null,
      method,
    },
    GATEWAY.by,
    parts.ledger.now(),
  );
  if (!(await writeOrder(parts, order, GATEWAY))) return 'nothing';
  await beginPayment(parts, order);
  return 'buy';
}

// Ids sort by the start of their cycle. A purchase of the cycle before may still be open, or part of a burst; the longest cycle is a year.
const LOOK_BACK_MS = 400 * 24 * 3_600_000;

async function boughtSince({ directory }: BuyingParts, organization: string, cycleFrom: number): Promise<Order[]> {
  const prefix = `auto:${organization}@`;
  const after = `${prefix}${Math.max(0, cycleFrom - LOOK_BACK_MS)}`;
  return (await directory.list('order', { prefix, after })).map(({ body }) => body);
}
