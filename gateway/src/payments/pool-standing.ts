// What an organization has in its pool, as a call of it would find it: with the allowance of a cycle that has just turned.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Organization } from '../people/documents.ts';
import { momentOf, type Moment } from '../payer/moment.ts';
import { dueToPool, poolAccount } from '../payer/allowances.ts';
import { underCard } from '../payer/under-card.ts';
import type { BuyingParts } from './parts.ts';

export interface PoolStanding {
  cycle: Moment['cycle'];
  /** Asked of the ledger now. */
  available(): Promise<Microcredits>;
}

export function poolStanding({ ledger, card }: Pick<BuyingParts, 'ledger' | 'card'>, organization: Organization): PoolStanding {
  const at = ledger.now();
  const nobody = { user: null, seat: null, seated: new Map<string, number>(), people: new Set<string>() };
  const paying = underCard({ ...nobody, organization }, card());
  const moment = momentOf(paying, at);
  const sources = [poolAccount(organization.id)];
  const allowances = dueToPool(organization.id, moment, at);
  const terms = { allowances, extra: null, bypass: false, resetsAt: null, until: null };
  return { cycle: moment.cycle, available: async () => (await ledger.standing({ sources, terms })).available };
}
