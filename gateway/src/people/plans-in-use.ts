// Who depends on which plan, seat type and package of the rate card, so that a card without it is not taken up.
import type { CardUse } from '../left-out.ts';
import { organizationAt } from './change-plan.ts';
import type { Directory } from './directory.ts';
import { eachOf } from './each-of.ts';

/**
 * All that organizations have now or from their next cycle on, each with the ids of who has it. Closed organizations need nothing.
 * @param at epoch milliseconds, by the ledger's clock
 */
export async function plansInUse(directory: Pick<Directory, 'list'>, at: number): Promise<readonly CardUse[]> {
  const plansOf = new Map<string, ReadonlySet<string | null>>();
  const uses = new Map<string, CardUse & { by: string[] }>();
  const note = (use: Omit<CardUse, 'by'>, by: string): void => {
    const key = `${use.what} ${use.plan} ${use.name} ${use.every}`;
    const known = uses.get(key);
    if (known === undefined) uses.set(key, { ...use, by: [by] });
    else known.by.push(by);
  };
  await eachOf(directory, 'organization', {}, (body) => {
    const { id, plan, next, cycle, autoPurchase, closedAt } = organizationAt(body, at);
    if (closedAt !== null) return id;
    const plans = new Set([plan, next?.plan ?? null]);
    plansOf.set(id, plans);
    // What is to come has the last word on how it goes on.
    const every = (next === null ? cycle : next.cycle)?.every ?? null;
    for (const name of plans)
      if (name !== null) note({ what: 'plan', plan: name, name, every: name === (next ?? { plan }).plan ? every : null }, id);
    if (autoPurchase !== null) note({ what: 'package', plan: null, name: autoPurchase.package, every: null }, id);
    return id;
  });
  await eachOf(directory, 'seat', {}, ({ id, organization, type }) => {
    for (const plan of plansOf.get(organization) ?? [])
      if (plan !== null) note({ what: 'seat type', plan, name: type, every: null }, id);
    return id;
  });
  return [...uses.values()];
}
