// What a payment changes beside the grant: the plan of its organization, or what is owed for extra credits.
import type { PutCommand } from '../ledger/commands.ts';
import { changedPlan } from '../people/change-plan.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Order, Organization } from '../people/documents.ts';
import type { BuyingParts, Who } from './parts.ts';

type Effect = Omit<PutCommand, 'type'>;

const NOTHING: Effect = { puts: [], audits: [], events: [] };

/** What is written in the commit that ends the order, so that it happens once. A package has none: its credits are a grant of their own. */
export function effectOf(parts: BuyingParts, order: Order, who: Who): Promise<Effect> | Effect {
  if (order.what === 'plan') return planBought(parts, order, who);
  return order.what === 'extra' ? billPaid(parts, order) : NOTHING;
}

/** What was owed is owed no more. */
async function billPaid({ directory }: BuyingParts, order: Order): Promise<Effect> {
  const kept = await directory.get('organization', order.organization);
  if (kept?.body.owes?.includes(order.id) !== true) return NOTHING;
  const { id, owes = [] } = kept.body;
  const paid = { ...kept.body, owes: owes.filter((owed) => owed !== order.id) };
  return { ...NOTHING, puts: [putOf('organization', id, id, paid, { expects: kept.version })] };
}

/** The organization has another plan, now or from its next cycle on. */
async function planBought(parts: BuyingParts, order: Order, who: Who): Promise<Effect> {
  const { directory, card, ledger } = parts;
  const plan = card().plans.get(order.item);
  if (plan === undefined) throw new Error(`order ${order.id} is paid and its plan ${order.item} is not in the rate card`);
  const kept: Kept<'organization'> | undefined = await directory.get('organization', order.organization);
  if (kept === undefined) throw new Error(`order ${order.id} is paid and its organization is gone`);
  const { id } = kept.body;
  const changed = changedPlan(kept.body, plan, ledger.now());
  const { next } = changed;
  return {
    puts: [putOf('organization', id, id, changed, { expects: kept.version })],
    audits: [
      {
        ...who,
        organization: id,
        action: 'organization.change',
        subject: { kind: 'organization', id },
        before: planOf(kept.body),
        after: planOf(changed),
        reason: `order ${order.id}`,
      },
    ],
    events: [
      {
        id: `plan:${id}:${kept.version + 1}`,
        type: 'plan.changed',
        organization: id,
        workspace: null,
        data: {
          plan: changed.plan,
          next: next === null ? null : { plan: next.plan, at: new Date(next.at).toISOString() },
          order: order.id,
        },
      },
    ],
  };
}

/** Only what changes: the name of a person's own organization has no place in an audit. */
function planOf({ plan, cycle, next }: Organization): object {
  return { plan, cycle, next };
}
