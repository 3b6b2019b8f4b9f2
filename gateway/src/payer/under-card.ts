// A context as a rate card sees it: which plan it is under and what the seat of its user is worth there.
import { microcredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { Plan, SeatType } from '@tollgate/shared/rate-card/plan';
import type { Organization } from '../people/documents.ts';
import type { Context } from './context.ts';
import type { Payer } from './payer.ts';

/** What of a context a card looks at. */
type Seated = Pick<Context, 'organization' | 'seat' | 'seated' | 'people'> & { user: { id: string } | null };

export function underCard<One extends Seated>(
  context: One,
  card: RateCard,
): One & Pick<Payer, 'plan' | 'seatType' | 'seatsAllowance' | 'later' | 'card'> {
  const { plan, next } = context.organization;
  return {
    ...context,
    ...seenUnder(context, card, plan),
    later: next === null ? null : seenUnder(context, card, next.plan),
    card,
  };
}

/** Whether what its seats give is watched as a whole, now or after what is to come: where there is no pool to watch. */
export function watchesSeats({ plan, next }: Organization, card: RateCard): boolean {
  return [plan, next?.plan ?? null].some((name) => {
    const found = name === null ? undefined : card.plans.get(name);
    return found !== undefined && found.pool <= 0 && [...found.seats.values()].some(({ allowance }) => allowance > 0);
  });
}

/** A plan that the card does not know gives nothing: the check of a card that is to be taken up keeps that from happening. */
function seenUnder(context: Seated, card: RateCard, name: string | null): NonNullable<Payer['later']> {
  const plan = name === null ? undefined : card.plans.get(name);
  return { plan, seatType: plan === undefined ? undefined : seatTypeOf(context, plan), seatsAllowance: addedUp(context, plan) };
}

/** The plan's only type is everybody's; another one is of those who sit in a seat of it. */
function seatTypeOf({ user, seat }: Seated, { seats }: Plan): SeatType | undefined {
  if (user === null) return undefined;
  const only = seats.get('');
  if (only !== undefined) return only;
  return seat === null ? undefined : seats.get(seat.type);
}

function addedUp({ seated, people }: Seated, plan: Plan | undefined): Microcredits {
  let sum = 0;
  for (const { name, allowance } of plan?.seats.values() ?? [])
    sum += allowance * (name === '' ? people.size : (seated.get(name) ?? 0));
  // Only watched, never given: a sum past what an account can hold watches nothing.
  return Number.isSafeInteger(sum) && sum <= 1e15 ? microcredits(sum) : ZERO;
}
