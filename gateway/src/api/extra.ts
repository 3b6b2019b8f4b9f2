// Extra credits: what was drawn of them in each cycle, and what their fees add up to.
import type { z } from 'zod';
import type { extraQuery } from '@tollgate/shared/buying-contract';
import { toCredits } from '@tollgate/shared/credits';
import { refusal } from '../call/refuse.ts';
import { billId } from '../payments/bill.ts';
import { extraCycles, extraFees } from '../payments/extra-cycles.ts';
import { organizationAt } from '../people/change-plan.ts';
import { iso, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';

export async function readExtra(api: ApiParts, asking: Asking<z.output<typeof extraQuery>, unknown>): Promise<Answered> {
  const id = organizationOf(api, asking);
  const kept = await api.directory.get('organization', id);
  if (kept === undefined) return refusal('not_found', `There is no organization ${id}.`);
  const { plan, extraLimit } = organizationAt(kept.body, api.gate.ledger.now());
  const { extra, payments } = api.payments;
  const cycles = (await extraCycles(extra, id)).slice(-asking.query.limit).reverse();
  const shown = cycles.map(async (cycle) => ({
    from: iso(cycle.from),
    credits: toCredits(cycle.spent),
    held: toCredits(cycle.held),
    fees: (await extraFees(extra, id, cycle)).map(({ credits, fee }) => ({ credits: toCredits(credits), fee })),
    bills: (await api.directory.list('order', { prefix: billId(id, cycle.from) })).map(({ body }) => body.id),
  }));
  return ok({
    charging: payments.charging,
    limit: toCredits(extraLimit),
    fee: (plan === null ? undefined : api.cards.current().card.plans.get(plan))?.extra?.fee ?? null,
    cycles: await Promise.all(shown),
  });
}
