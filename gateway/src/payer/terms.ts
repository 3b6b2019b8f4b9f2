// Terms: what a call of a payer is held under at one moment: sources in draw order, caps with their windows, allowances that are due, extra
// credits. Pure, and the only place where a payer and a moment become that: holds, balance, estimates, refusals and headers all ask here, so
// that what is shown is what is enforced (decision 7).
import { ZERO } from '@tollgate/shared/credits';
import { cycleAfter, type CycleRule } from '@tollgate/shared/cycle';
import type { DrawName, Plan } from '@tollgate/shared/rate-card/plan';
import type { AllowanceDue, CapCheck, ExtraTerms, Terms } from '../ledger/commands.ts';
import type { Rollover } from '../ledger/rows.ts';
import { capsOf } from './caps.ts';
import { momentOf, type Moment } from './moment.ts';
import type { Payer } from './payer.ts';

/** What a cap may be scoped to, of a call. `chain`: the call at the root of its chain; null where no chain is known. */
export interface CallPlace {
  service: string;
  operation: string;
  chain: string | null;
}

/** What a hold carries. `until` of the terms is when it has to be laid out anew. */
export interface Laid {
  /** Accounts in draw order. */
  sources: readonly string[];
  caps: readonly CapCheck[];
  terms: Terms;
}

/** Who pays, as far as terms go: all but the key, which only adds its own caps. */
export type Paying = Omit<Payer, 'key'>;

/** @param at epoch milliseconds, by the ledger's clock (rule 2) */
export function termsOf(payer: Payer, call: CallPlace, at: number): Laid {
  const moment = momentOf(payer, at);
  const sources = sourcesOf(payer, moment);
  const { caps, raisedUntil } = capsOf(payer, moment, call, at);
  const allowances = allowancesOf(payer, moment, sources, at);
  const extra = extraOf(payer, moment);
  const given = allowances.some(({ kind }) => kind === 'allowance');
  const ends = [...caps.map(({ until }) => until), ...raisedUntil, extra?.until, moment.until, given ? moment.cycle.until : null];
  const terms: Terms = {
    allowances,
    extra,
    bypass: payer.key.bypass,
    resetsAt: given ? moment.cycle.until : null,
    until: earliest(ends),
  };
  return { sources, caps, terms };
}

/**
 * Accounts in draw order; extra credits are none of them. Where a draw order leaves the user's own out, what they still have of a seat or a plan
 * before comes first: credits belong to the user, and a change revokes none (FEATURES C5).
 */
function sourcesOf({ organization, user }: Paying, { plan, seatType }: Moment): readonly string[] {
  const draw = drawOf(plan, seatType);
  const kept: readonly DrawName[] = draw.includes('individual') ? draw : ['individual', ...draw];
  return kept.flatMap((name) => {
    if (name === 'pool') return [poolAccount(organization.id)];
    return name === 'individual' && user !== null ? [userAccount(organization.id, user.id)] : [];
  });
}

export function drawOf(plan: Plan | undefined, seatType: Moment['seatType']): readonly DrawName[] {
  return seatType?.draw ?? plan?.draw ?? ['pool'];
}

export function poolAccount(organization: string): string {
  return `pool:${organization}`;
}

export function userAccount(organization: string, user: string): string {
  return `user:${organization}/${user}`;
}

/** What the sources are due now (rule 18). The ledger gives what is missing of it, once. */
export function allowancesOf(payer: Paying, moment: Moment, sources: readonly string[], at: number): readonly AllowanceDue[] {
  const { organization, user, seat } = payer;
  const { plan, seatType } = moment;
  const due: AllowanceDue[] = [];
  if (user !== null && seatType !== undefined) {
    const account = userAccount(organization.id, user.id);
    const seatId = seat === null || seatType.name === '' ? null : `seat:${seat.id}`;
    if (seatType.lifetime > 0) due.push({ kind: 'lifetime', account, identity: user.identity, amount: seatType.lifetime });
    if (seatType.allowance > 0) due.push(...periodOf(moment, account, seatId, seatType.allowance, at));
  }
  const pool = poolAccount(organization.id);
  if (plan !== undefined && plan.pool > 0 && sources.includes(pool)) due.push(...periodOf(moment, pool, null, plan.pool, at));
  return due.filter(({ account }) => sources.includes(account));
}

function periodOf(
  { plan, rule, cycle }: Moment,
  account: string,
  seat: string | null,
  amount: AllowanceDue['amount'],
  at: number,
): AllowanceDue[] {
  if (rule === null) return [];
  return [
    { kind: 'allowance', account, seat, amount, from: cycle.from, until: cycle.until, rollover: rolloverOf(plan, rule, at) },
  ];
}

function rolloverOf(plan: Plan | undefined, rule: CycleRule, at: number): Rollover | null {
  if (plan?.rollover === undefined) return null;
  const { most, cycles } = plan.rollover;
  return { most, expiresAt: cycles === undefined ? null : cycleAfter(rule, at, cycles).until };
}

function extraOf({ organization }: Paying, { plan, seatType, cycle }: Moment): ExtraTerms | null {
  if (plan?.extra === undefined || !drawOf(plan, seatType).includes('extra')) return null;
  const { amount: perCredit, currency } = plan.extra.fee;
  return {
    account: `extra:${organization.id}`,
    limit: organization.extraLimit ?? ZERO,
    from: cycle.from,
    until: cycle.until,
    fee: { perCredit, currency },
  };
}

function earliest(moments: readonly (number | null | undefined)[]): number | null {
  const ends = moments.filter((at) => typeof at === 'number');
  return ends.length === 0 ? null : Math.min(...ends);
}
