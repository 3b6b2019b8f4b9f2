// What an organization has at one moment: its plan, its zone and its cycle, where a change that is to come has come by then (rule 2).
import type { Microcredits } from '@tollgate/shared/credits';
import { cycleAt, type CycleRule } from '@tollgate/shared/cycle';
import type { Plan, SeatType } from '@tollgate/shared/rate-card/plan';
import type { Payer } from './payer.ts';

export interface Moment {
  plan: Plan | undefined;
  seatType: SeatType | undefined;
  /** The allowances of all who sit in the organization, added up. */
  seatsAllowance: Microcredits;
  /** IANA zone of its windows. */
  zone: string;
  /** Null where nothing of its plan comes again. */
  rule: CycleRule | null;
  /** The cycle, epoch milliseconds; the calendar month in its zone where it has none. */
  cycle: { from: number; until: number };
  /** When what is to come takes effect; null where nothing is. */
  until: number | null;
}

/** What a card says of who pays, with what is to come. */
type Seen = Pick<Payer, 'organization' | 'plan' | 'seatType' | 'seatsAllowance' | 'later'>;

export function momentOf(payer: Seen, at: number): Moment {
  const { organization, later } = payer;
  const { next } = organization;
  const isLater = next !== null && at >= next.at;
  const { plan, seatType, seatsAllowance } = isLater && later !== null ? later : payer;
  const zone = isLater ? next.timeZone : organization.timeZone;
  const rule = ruleOf(plan, isLater ? next.cycle : organization.cycle, zone);
  const cycle = cycleAt(rule ?? { every: 'month', anchor: null, zone, since: null }, at);
  return {
    plan,
    seatType,
    seatsAllowance,
    zone,
    rule: plan?.every === undefined ? null : rule,
    cycle: { from: cycle.from, until: cycle.until },
    until: next === null || isLater ? null : next.at,
  };
}

/** The organization's own rule; before it has one, that of its plan by the calendar. */
function ruleOf(plan: Plan | undefined, own: CycleRule | null, zone: string): CycleRule | null {
  if (own !== null || plan?.every === undefined) return own;
  return { every: plan.every, anchor: null, zone, since: null };
}
