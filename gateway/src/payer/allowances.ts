// Allowances: what the accounts of a payer are due at a moment (rule 18). The ledger gives what is missing of it, once, whoever asks.
import type { Microcredits } from '@tollgate/shared/credits';
import { cycleAfter, type CycleRule } from '@tollgate/shared/cycle';
import type { Plan } from '@tollgate/shared/rate-card/plan';
import type { AllowanceDue } from '../ledger/commands.ts';
import type { Rollover } from '../ledger/rows.ts';
import type { Seat } from '../people/documents.ts';
import type { Moment } from './moment.ts';
import type { Payer } from './payer.ts';

export function poolAccount(organization: string): string {
  return `pool:${organization}`;
}

export function userAccount(organization: string, user: string): string {
  return `user:${organization}/${user}`;
}

/** In the order in which they are given. Only of sources: nobody is given what they can not draw. */
export function allowancesOf(
  payer: Pick<Payer, 'organization' | 'user' | 'seat'>,
  moment: Moment,
  sources: readonly string[],
  at: number,
): readonly AllowanceDue[] {
  const { organization, user, seat } = payer;
  const { seatType } = moment;
  const due: AllowanceDue[] = [];
  // Once for each person, who is known by their address: of an id there are as many as anybody likes to make.
  if (user !== null && user.email !== null && seatType !== undefined && seatType.lifetime > 0) {
    const account = userAccount(organization.id, user.id);
    due.push({ kind: 'lifetime', account, identity: user.identity, amount: seatType.lifetime });
  }
  if (user !== null) due.push(...dueToUser(organization.id, user.id, seat, moment, at));
  due.push(...dueToPool(organization.id, moment, at));
  return due.filter(({ account }) => sources.includes(account));
}

/** What a user's own account is due in this cycle; nothing where they sit nowhere. */
export function dueToUser(
  organization: string,
  user: string,
  seat: Seat | null,
  moment: Moment,
  at: number,
): readonly AllowanceDue[] {
  const { seatType } = moment;
  if (seatType === undefined) return [];
  // The one type of a plan without seats is everybody's own: no seat counts what it gave.
  const giver = seat === null || seatType.name === '' ? null : `seat:${seat.id}`;
  return dueInCycle(moment, userAccount(organization, user), giver, seatType.allowance, at);
}

export function dueToPool(organization: string, moment: Moment, at: number): readonly AllowanceDue[] {
  return moment.plan === undefined ? [] : dueInCycle(moment, poolAccount(organization), null, moment.plan.pool, at);
}

function dueInCycle(moment: Moment, account: string, seat: string | null, amount: Microcredits, at: number): AllowanceDue[] {
  const { plan, rule, cycle } = moment;
  if (rule === null || amount <= 0) return [];
  const rollover = rolloverOf(plan, rule, at);
  return [{ kind: 'allowance', account, seat, amount, from: cycle.from, until: cycle.until, rollover }];
}

function rolloverOf(plan: Plan | undefined, rule: CycleRule, at: number): Rollover | null {
  if (plan?.rollover === undefined) return null;
  const { most, cycles } = plan.rollover;
  return { most, expiresAt: cycles === undefined ? null : cycleAfter(rule, at, cycles).until };
}
