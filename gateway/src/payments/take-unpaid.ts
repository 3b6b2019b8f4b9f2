// An order is not paid: it was declined, or its time has passed. What stood on the payment stops at once, in the same commit.
import { toCredits, ZERO } from '@tollgate/shared/credits';
import type { PutCommand } from '../ledger/commands.ts';
import { putOf } from '../people/directory.ts';
import type { Order, Organization } from '../people/documents.ts';
import { auditedAutoPurchase, auditedOrder } from './audited.ts';
import { untilWritten, type BuyingParts, type Who } from './parts.ts';
import type { OrderEvent } from './payments.ts';
import { putOrder } from './take-paid.ts';

type Unpaid = Extract<OrderEvent, { type: 'declined' | 'ended' }>;

export function takeUnpaid(parts: BuyingParts, told: Unpaid, who: Who): Promise<'declined' | 'ended' | 'repeated'> {
  return untilWritten(async () => {
    const kept = await parts.directory.get('order', told.order);
    if (kept === undefined) throw new Error(`order ${told.order} was there and is gone`);
    const order = kept.body;
    // A payment that has arrived is not taken back by an older message that it had not.
    if (order.state !== 'open' || order.paidAt !== null) return 'repeated';
    // What failed before says nothing of the payment that was opened after it.
    if (told.payment !== '' && order.reference !== null && told.payment !== order.reference) return 'repeated';
    const unpaid: Order = {
      ...order,
      state: told.type,
      reason: told.reason,
      reference: order.reference ?? (told.payment === '' ? null : told.payment),
    };
    const stopped = await whatStops(parts, unpaid, who);
    const { organization, id, what, item, credits, price, reason } = unpaid;
    const outcome = await parts.directory.write({
      puts: [putOrder(unpaid, kept.version), ...stopped.puts],
      audits: [
        {
          ...who,
          organization,
          action: told.type === 'declined' ? 'order.decline' : 'order.end',
          subject: { kind: 'order', id },
          before: auditedOrder(order),
          after: auditedOrder(unpaid),
          reason,
        },
        ...stopped.audits,
      ],
      events: [
        ...(told.type === 'declined'
          ? [
              {
                id: `declined:${id}`,
                type: 'purchase.declined',
                organization,
                workspace: null,
                data: { order: id, what, item, credits, price, reason },
              },
            ]
          : []),
        ...stopped.events,
      ],
    });
    return outcome.ok ? told.type : 'changed';
  });
}

/** Nothing more is bought by itself, and no more extra credits are drawn, where the last payment for them did not come. */
async function whatStops(parts: BuyingParts, order: Order, who: Who): Promise<Omit<PutCommand, 'type'>> {
  const nothing = { puts: [], audits: [], events: [] };
  if (order.what !== 'auto' && order.what !== 'extra') return nothing;
  const kept = await parts.directory.get('organization', order.organization);
  const changed = kept === undefined ? undefined : stoppedBy(kept.body, order, parts.ledger.now());
  if (kept === undefined || changed === undefined) return nothing;
  const { id } = kept.body;
  return {
    puts: [putOf('organization', id, id, changed, { expects: kept.version })],
    audits: [
      {
        ...who,
        organization: id,
        action: order.what === 'auto' ? 'auto_purchase.pause' : 'organization.change',
        subject: { kind: 'organization', id },
        before: standingOf(kept.body),
        after: standingOf(changed),
        reason: `order ${order.id}: ${order.reason}`,
      },
    ],
    events:
      order.what === 'auto'
        ? [
            {
              id: `paused:${order.id}`,
              type: 'auto_purchase.paused',
              organization: id,
              workspace: null,
              data: { reason: order.reason, order: order.id },
            },
          ]
        : [],
  };
}

/** Only what changes: the name of a person's own organization has no place in an audit. */
function standingOf({ autoPurchase, extraLimit, owes = [] }: Organization): object {
  return { owes, autoPurchase: auditedAutoPurchase(autoPurchase), extraLimit: toCredits(extraLimit) };
}

function stoppedBy(organization: Organization, order: Order, at: number): Organization | undefined {
  const { autoPurchase, extraLimit, extraWord } = organization;
  if (order.what === 'auto') {
    if (autoPurchase === null || autoPurchase.paused !== null) return undefined;
    return { ...organization, autoPurchase: { ...autoPurchase, paused: { reason: order.reason, at } } };
  }
  const owes = [...(organization.owes ?? []).filter((id) => id !== order.id), order.id];
  // An operator's word does not lean on a payment method.
  return { ...organization, owes, extraLimit: extraWord === null ? ZERO : extraLimit };
}
