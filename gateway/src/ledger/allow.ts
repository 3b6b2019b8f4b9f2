// Allowances: what a source is due is given once, however often it is asked for, whoever asks and whatever was toggled in between
// (rule 18). A row for the account and one for the seat count what was given in their period.
import { microcredits, MICROCREDITS_MAX, ZERO, type Microcredits } from '@tollgate/shared/credits';
import type { AllowanceDue, AllowCommand } from './commands.ts';
import type { Draft } from './draft.ts';
import { expireDue } from './expire.ts';
import { makeGrant } from './make-grant.ts';
import type { AllowOutcome } from './outcomes.ts';
import type { Allowance, Grant, GrantTerms } from './rows.ts';
import { tellCycleTurned, tellGrantMade } from './tell.ts';

export function allow(draft: Draft, { allowance }: AllowCommand): AllowOutcome {
  return { ok: true, grant: allowDue(draft, allowance) };
}

/** Gives what is missing, after what was due to expire. Null where nothing is. */
export function allowDue(draft: Draft, due: AllowanceDue): Grant | null {
  expireDue(draft, due.account);
  return due.kind === 'lifetime' ? giveOnce(draft, due) : topUp(draft, due);
}

/** A lifetime grant is once per identity, on whichever account it came first. */
function giveOnce(draft: Draft, { account, identity, amount }: Extract<AllowanceDue, { kind: 'lifetime' }>): Grant | null {
  const id = `lifetime:${identity}`;
  const given = fitting(draft, account, amount);
  if (given <= 0 || draft.grant(id) !== undefined) return null;
  const row = makeGrant(draft, {
    id,
    account,
    kind: 'lifetime',
    amount: given,
    priority: LIFETIME_PRIORITY,
    effectiveAt: draft.at,
    expiresAt: null,
    reason: 'lifetime allowance',
    by: 'plan',
    terms: null,
  });
  tellGrantMade(draft, row);
  return row;
}

type PeriodDue = Extract<AllowanceDue, { kind: 'allowance' }>;

/** Who sits in better seats in one period is topped up to the best of them, and a seat gives no more than its type, whoever sits in it. */
function topUp(draft: Draft, due: PeriodDue): Grant | null {
  const own = periodOf(draft, due.account, due);
  const seat = due.seat === null ? null : periodOf(draft, due.seat, due);
  // Its grant would have expired already: the period of an earlier rule that has not been followed by another one.
  if (own.until <= draft.at) return null;
  const left = Math.min(due.amount - own.granted, seat === null ? Infinity : due.amount - seat.granted);
  const missing = fitting(draft, due.account, left);
  if (missing <= 0) return null;
  const isFirst = own.granted === 0;
  const row = makeGrant(draft, {
    id: `${own.id}@${own.from}#${own.granted}`,
    account: due.account,
    kind: 'allowance',
    amount: missing,
    priority: ALLOWANCE_PRIORITY,
    effectiveAt: isFirst && due.from <= draft.at ? due.from : draft.at,
    expiresAt: own.until,
    reason: 'allowance',
    by: 'plan',
    terms: termsOf(own, seat, due),
  });
  draft.changes.allowances.push(after(own, missing));
  if (seat !== null) draft.changes.allowances.push(after(seat, missing));
  if (isFirst) tellCycleTurned(draft, row, own.from, own.until);
  else tellGrantMade(draft, row);
  return row;
}

/** The period that is running counts on to its end, also where the rule of its cycles has changed meanwhile. */
function periodOf(draft: Draft, id: string, due: PeriodDue): Allowance {
  const row = draft.allowance(id);
  return row !== undefined && due.from < row.until ? row : { id, from: due.from, until: due.until, granted: ZERO };
}

function termsOf(own: Allowance, seat: Allowance | null, { rollover }: PeriodDue): GrantTerms {
  return {
    period: `${own.id}@${own.from}`,
    ...(seat === null ? {} : { seat: seat.id, seatPeriod: `${seat.id}@${seat.from}` }),
    ...(rollover === null ? {} : { rollover }),
  };
}

/** As much as the account may hold; the rest is given when there is room. */
function fitting(draft: Draft, account: string, amount: number): Microcredits {
  return microcredits(Math.min(amount, MICROCREDITS_MAX - draft.account(account).balance));
}

function after(row: Allowance, given: Microcredits): Allowance {
  return { ...row, granted: microcredits(row.granted + given) };
}

const ALLOWANCE_PRIORITY = 20;
const LIFETIME_PRIORITY = 30;
