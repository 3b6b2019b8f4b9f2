// What a user is due in a seat, given before the seat changes: they have seen it in their balance, and to change or lose a seat takes nothing away
// before the cycle ends (FEATURES C5). Otherwise the next call gives it, or the sweep.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { Ledger } from '../ledger/ledger.ts';
import type { Directory } from '../people/directory.ts';
import type { Seat } from '../people/documents.ts';
import { allowancesOf, userAccount } from './allowances.ts';
import { momentOf } from './moment.ts';
import { underCard } from './under-card.ts';

export interface GiveParts {
  ledger: Ledger;
  directory: Directory;
  card: () => RateCard;
}

/** @param seat as it still is */
export async function giveDue({ ledger, directory, card }: GiveParts, seat: Seat): Promise<void> {
  if (seat.user === null) return;
  const [organization, user] = await Promise.all([
    directory.get('organization', seat.organization),
    directory.get('user', seat.user),
  ]);
  if (organization === undefined || organization.body.closedAt !== null || user === undefined || user.body.erasedAt !== null)
    return;
  const seated = {
    organization: organization.body,
    user: user.body,
    seat,
    seated: new Map<string, number>(),
    people: new Set<string>(),
  };
  const payer = underCard(seated, card());
  const at = ledger.now();
  const account = userAccount(seat.organization, seat.user);
  for (const allowance of allowancesOf(payer, momentOf(payer, at), [account], at)) await ledger.run({ type: 'allow', allowance });
}
