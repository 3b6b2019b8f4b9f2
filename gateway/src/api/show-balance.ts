// The parts of a balance, as they are shown. Amounts are added up in microcredits, as sums of decimals are not exact.
import { microcredits, toCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { Terms } from '../ledger/commands.ts';
import type { Standing } from '../ledger/ledger.ts';
import type { CapStanding } from '../ledger/outcomes.ts';
import type { Grant } from '../ledger/rows.ts';
import { poolAccount } from '../payer/allowances.ts';
import { momentOf } from '../payer/moment.ts';
import type { Payer } from '../payer/payer.ts';
import type { Laid } from '../payer/terms.ts';
import { nameOf } from '../people/ids.ts';
import { allowanceWatched } from './allowance-watched.ts';
import { iso, isoOrNull } from './route.ts';

const DAY_MS = 86_400_000;

/**
 * One source.
 * @param kept every grant of the account as it is kept; those of the standing are newer, as what is due is in them already
 */
export function showSource(source: Standing['sources'][number], kept: readonly Grant[], at: number): object {
  const { account, available, held, grants } = source;
  const current = [...new Map([...kept, ...grants].map((grant) => [grant.id, grant])).values()].filter(
    ({ effectiveAt, expiresAt, voidedAt }) => effectiveAt <= at && voidedAt === null && (expiresAt === null || expiresAt > at),
  );
  const sum = (of: (grant: Grant) => number): number => toCredits(microcredits(current.reduce((all, one) => all + of(one), 0)));
  return {
    account,
    kind: account.startsWith('pool:') ? 'pool' : 'individual',
    granted: sum(({ amount }) => amount),
    spent: sum(({ spent }) => spent),
    held: toCredits(held),
    available: toCredits(available),
    expiring: grants
      .filter((grant) => grant.expiresAt !== null && leftOf(grant) > 0)
      .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0))
      .map((grant) => ({
        grant: grant.id,
        kind: grant.kind,
        left: toCredits(leftOf(grant)),
        expiresAt: iso(grant.expiresAt ?? 0),
      })),
  };
}

export function showExtra(extra: Standing['extra'], { extra: terms }: Terms): object | null {
  if (extra === null || terms === null) return null;
  const { limit, spent, held, left } = extra;
  return {
    limit: toCredits(limit),
    spent: toCredits(spent),
    held: toCredits(held),
    left: toCredits(left),
    fee: terms.fee.perCredit,
    currency: terms.fee.currency,
  };
}

/** The user's own allowance where they have one, else that of the organization; nothing for a user who is kept out of its pool. */
export function showCycle(payer: Payer, laid: Laid, standing: Standing, at: number): object | null {
  const { rule, cycle } = momentOf(payer, at);
  const watch = allowanceWatched(payer, laid);
  if (rule === null || watch === null) return null;
  const { limit = ZERO, used = ZERO } = standing.caps.find(({ id }) => id === watch?.id) ?? {};
  const isDrawn = watch?.scope.kind === 'user' || laid.sources.includes(poolAccount(payer.organization.id));
  const perDay = microcredits(Math.floor(used / Math.max(1, (at - cycle.from) / DAY_MS)));
  const runsOutAt = perDay === 0 || !isDrawn ? Infinity : at + (standing.available / perDay) * DAY_MS;
  return {
    every: rule.every,
    from: iso(cycle.from),
    until: iso(cycle.until),
    resetsAt: limit > 0 ? iso(cycle.until) : null,
    of: watch?.scope ?? { kind: 'organization', id: payer.organization.id },
    allowance: toCredits(limit),
    used: toCredits(used),
    percent: percentOf(used, limit),
    averagePerDay: toCredits(perDay),
    daysLeft: Math.ceil((cycle.until - at) / DAY_MS),
    runsOutAt: runsOutAt < cycle.until ? iso(runsOutAt) : null,
  };
}

export function showCap({ id, window, limit, used, resetsAt, mode }: CapStanding, laid: Laid, payer: Payer, at: number): object {
  const check = laid.caps.find((cap) => cap.id === id);
  const cap = payer.caps.find((one) => id === `cap:${one.id}` || id === `cap:${one.id}:${check?.scope.id}`);
  const raise = cap?.raise ?? null;
  return {
    id: cap === undefined ? '' : nameOf(cap.id),
    scope: check?.scope ?? { kind: '', id: '' },
    window,
    mode,
    limit: toCredits(limit),
    used: toCredits(used),
    percent: percentOf(used, limit),
    resetsAt: isoOrNull(resetsAt),
    raise:
      raise === null || raise.until <= at
        ? null
        : { limit: toCredits(raise.limit), until: iso(raise.until), reason: raise.reason },
  };
}

/** What was bought and has not ended, with what is left of it. */
export function showPackages({ sources }: Standing, kept: readonly Grant[]): object[] {
  const live = new Map(sources.flatMap(({ grants }) => grants.map((grant) => [grant.id, grant])));
  return kept.flatMap(({ id, terms }) => {
    const grant = live.get(id);
    const name = terms?.package;
    if (grant === undefined || grant.kind !== 'top-up' || name === undefined) return [];
    return {
      grant: id,
      name,
      granted: toCredits(grant.amount),
      left: toCredits(leftOf(grant)),
      boughtAt: iso(grant.effectiveAt),
      expiresAt: isoOrNull(grant.expiresAt),
    };
  });
}

/** What is not spent, held or ended. */
function leftOf({ amount, spent, held, ended }: Grant): Microcredits {
  return microcredits(amount - spent - held - ended);
}

/** To a tenth, rounded down, so that 100 is only what is reached. A limit of nothing is reached. */
function percentOf(used: number, limit: number): number {
  return limit === 0 ? 100 : Math.floor((used / limit) * 1_000) / 10;
}
