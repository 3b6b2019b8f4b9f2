// GET plans: what can be had, as the card in force says it.
import { toCredits } from '@tollgate/shared/credits';
import type { Package, Plan } from '@tollgate/shared/rate-card/plan';
import { organizationAt } from '../people/change-plan.ts';
import { eachOf } from '../people/each-of.ts';
import { isOperator, ok, type Answered, type ApiParts, type Asking } from './route.ts';

/** How many have a plan, now or from their next cycle on, is told to operators alone. */
export async function readPlans(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const { plans, packages } = api.cards.current().card;
  const used = isOperator(asking) ? await countPlans(api) : undefined;
  return ok({
    plans: [...plans.values()].map((plan) => showPlan(plan, used === undefined ? null : (used.get(plan.name) ?? 0))),
    packages: [...packages.values()].map(showPackage),
  });
}

async function countPlans({ directory, gate }: ApiParts): Promise<ReadonlyMap<string, number>> {
  const at = gate.ledger.now();
  const used = new Map<string, number>();
  await eachOf(directory, 'organization', {}, (body) => {
    const { id, plan, next, closedAt } = organizationAt(body, at);
    const plans = closedAt === null ? new Set([plan, next?.plan ?? null]) : [];
    for (const name of plans) if (name !== null) used.set(name, (used.get(name) ?? 0) + 1);
    return id;
  });
  return used;
}

function showPlan({ name, every, cycle, pool, seats, draw, extra, rollover, price }: Plan, usedBy: number | null): object {
  return {
    name,
    every: every ?? null,
    cycle,
    pool: toCredits(pool),
    seats: [...seats].map(([type, seat]) => ({
      type,
      allowance: toCredits(seat.allowance),
      lifetime: toCredits(seat.lifetime),
      draw: seat.draw,
      price: seat.price ?? null,
    })),
    draw,
    extra: extra === undefined ? null : { limit: toCredits(extra.limit), fee: extra.fee },
    rollover: rollover === undefined ? null : { most: toCredits(rollover.most), cycles: rollover.cycles ?? null },
    price: price ?? null,
    usedBy,
  };
}

function showPackage({ name, credits, price, months }: Package): object {
  return { name, credits: toCredits(credits), price, months: months ?? null };
}
