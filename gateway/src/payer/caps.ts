// The caps of a call: those of its key, those of its organization that match it, each with the window of this moment (rule 20), and what is
// watched beside them: the allowances of the cycle.
import { type Microcredits } from '@tollgate/shared/credits';
import { windowAt, type TimeWindow } from '@tollgate/shared/cycle';
import { lineOf } from '../keys/key.ts';
import type { CapCheck } from '../ledger/commands.ts';
import type { CapWindowName } from '../keys/key.ts';
import type { Cap } from '../people/documents.ts';
import { poolAccount, userAccount } from './allowances.ts';
import type { Moment } from './moment.ts';
import type { Payer } from './payer.ts';
import type { CallPlace } from './terms.ts';

export interface Caps {
  caps: readonly CapCheck[];
  /** When temporary raises that count now end. */
  raisedUntil: readonly number[];
}

export function capsOf(payer: Payer, moment: Moment, call: CallPlace, at: number): Caps {
  const { key } = payer;
  const windowOf = (window: CapWindowName): TimeWindow => (window === 'cycle' ? moment.cycle : windowAt(window, moment.zone, at));
  // A rotated key goes on in the windows of the one before it: rotating lifts no cap.
  const own = key.caps.map(({ window, limit }): CapCheck => ({
    id: `key:${lineOf(key.id)}:${window}`,
    scope: { kind: 'key', id: key.id },
    window,
    ...windowOf(window),
    limit,
    mode: 'hard',
  }));
  const raisedUntil: number[] = [];
  const matching = payer.caps.flatMap((cap): CapCheck[] => {
    const id = matchOf(payer, cap, call);
    if (id === undefined) return [];
    const { raise } = cap;
    const isRaised = raise !== null && at < raise.until;
    if (isRaised) raisedUntil.push(raise.until);
    // One row of `*` counts each on its own; so does one of chains, which all are somebody's own.
    const each = cap.scope.id === '*' || cap.scope.kind === 'chain';
    return [
      {
        id: each ? `cap:${cap.id}:${id}` : `cap:${cap.id}`,
        scope: { kind: cap.scope.kind, id },
        window: cap.window,
        ...windowOf(cap.window),
        limit: isRaised ? raise.limit : cap.limit,
        mode: cap.mode,
      },
    ];
  });
  return { caps: [...own, ...matching, ...watched(payer, moment)], raisedUntil };
}

/** The id by which a cap means this call; undefined where it means others. */
function matchOf({ key, user, workspace, organization }: Payer, { scope }: Cap, call: CallPlace): string | undefined {
  const own: Readonly<Record<Cap['scope']['kind'], string | null>> = {
    key: lineOf(key.id),
    user: user?.id ?? null,
    workspace: workspace.id,
    organization: organization.id,
    service: call.service === '' ? null : call.service,
    operation: call.operation === '' ? null : call.operation,
    chain: call.chain,
  };
  const mine = own[scope.kind];
  if (mine === null) return undefined;
  if (scope.id === '*') return mine;
  const meant = scope.kind === 'key' ? lineOf(scope.id) : scope.id;
  return meant === mine || (scope.kind === 'workspace' && meant === workspace.name) ? mine : undefined;
}

/**
 * No caps, but what was given for the cycle: used of total, and alerts at 50, 80 and 100 per cent of it. That of a person counts what is drawn
 * from their own credits alone.
 */
function watched({ organization, user }: Payer, moment: Moment): CapCheck[] {
  const { seatType } = moment;
  const person = user === null || seatType === undefined ? [] : [{ user: user.id, limit: seatType.allowance }];
  return [
    ...watchedOf(organization.id, moment),
    ...person.flatMap(({ user: name, limit }) =>
      watch(userAccount(organization.id, name), { kind: 'user', id: name }, limit, moment),
    ),
  ];
}

/**
 * The allowance of the whole organization: its pool, which counts what is drawn from it alone, or that of its seats where it has none, which
 * counts all. None where nothing of its plan comes again.
 */
export function watchedOf(organization: string, moment: Moment): CapCheck[] {
  const { plan, seatsAllowance } = moment;
  if (plan === undefined) return [];
  const scope = { kind: 'organization', id: organization };
  return plan.pool > 0
    ? watch(poolAccount(organization), scope, plan.pool, moment)
    : watch(organization, scope, seatsAllowance, moment);
}

function watch(id: string, scope: CapCheck['scope'], limit: Microcredits, { rule, cycle }: Moment): CapCheck[] {
  if (rule === null || limit <= 0) return [];
  return [{ id: `watch:${id}`, scope, window: 'cycle', ...cycle, limit, mode: 'watch' }];
}
