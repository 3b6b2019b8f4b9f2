// Who depends on which plan, seat type and package of the rate card, so that a card without it is not taken up.
import type { CardUse } from '../left-out.ts';
import { organizationAt } from './change-plan.ts';
import type { Directory } from './directory.ts';

/**
 * All that organizations have now or from their next cycle on, each with the ids of who has it. Closed organizations need nothing.
 * @param at epoch milliseconds, by the ledger's clock
 */
export async function plansInUse(directory: Pick<Directory, 'list'>, at: number): Promise<readonly CardUse[]> {
  const organizations = (await directory.list('organization', {}))
    .map(({ body }) => organizationAt(body, at))
    .filter(({ closedAt }) => closedAt === null);
  const plansOf = new Map(organizations.map(({ id, plan, next }) => [id, new Set([plan, next?.plan ?? null])]));
  const uses = new Map<string, CardUse & { by: string[] }>();
  const note = (use: Omit<CardUse, 'by'>, by: string): void => {
    const key = `${use.what} ${use.plan} ${use.name}`;
    const known = uses.get(key);
    if (known === undefined) uses.set(key, { ...use, by: [by] });
    else known.by.push(by);
  };
  for (const { id, autoPurchase } of organizations) {
    for (const plan of plansOf.get(id) ?? []) if (plan !== null) note({ what: 'plan', plan, name: plan }, id);
    if (autoPurchase !== null) note({ what: 'package', plan: null, name: autoPurchase.package }, id);
  }
  for (const { body: seat } of await directory.list('seat', {})) {
    for (const plan of plansOf.get(seat.organization) ?? []) {
      if (plan !== null) note({ what: 'seat type', plan, name: seat.type }, seat.id);
    }
  }
  return [...uses.values()];
}
