// Terms: what a call of a payer is held under at one moment: sources in draw order, caps with their windows, allowances that are due, extra
// credits. Pure, and the only place where a payer and a moment become that: holds, balance, estimates, refusals and headers all ask here, so
// that what is shown is what is enforced (decision 7).
import { ZERO } from '@tollgate/shared/credits';
import type { DrawName, Plan } from '@tollgate/shared/rate-card/plan';
import type { CapCheck, ExtraTerms, Terms } from '../ledger/commands.ts';
import { allowancesOf, poolAccount, userAccount } from './allowances.ts';
import { capsOf } from './caps.ts';
import { momentOf, type Moment } from './moment.ts';
import type { Payer } from './payer.ts';

/** What a cap may be scoped to, of a call; empty names where no call is meant. `chain`: the call at the root of its chain; null where no chain is known. */
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
