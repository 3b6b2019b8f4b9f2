// Allowances in the model (rule 18): one per account and seat in each period, topped up to the best of what was due in it, once.
import type { AllowanceDue } from '../../gateway/src/ledger/commands.ts';
import { least, organizationOfAccount, sum, tell } from './books.ts';
import type { BookGrant, BookPeriod, Books } from './books.ts';
import { expireDue, give, tellOfGrant } from './grants.ts';

/** Gives what is due and missing, after what is over has ended. Returns the grant, if any. */
export function allow(books: Books, due: AllowanceDue, at: number): BookGrant | undefined {
  expireDue(books, due.account, at);
  return due.kind === 'lifetime' ? allowOnce(books, due, at) : allowPeriod(books, due, at);
}

/** Once per identity, whichever account it is. */
function allowOnce(books: Books, due: Extract<AllowanceDue, { kind: 'lifetime' }>, at: number): BookGrant | undefined {
  const id = `lifetime:${due.identity}`;
  if (books.grants.some((one) => one.id === id)) return undefined;
  expireDue(books, due.account, at);
  const words = { reason: 'lifetime allowance', by: 'plan', terms: null };
  const amount = BigInt(due.amount);
  const dates = { effectiveAt: at, expiresAt: null };
  const grant = give(books, { id, account: due.account, kind: 'lifetime', amount, priority: 30, ...dates, ...words }, at);
  tellOfGrant(books, 'grant.made', grant, at);
  return grant;
}

function allowPeriod(books: Books, due: Extract<AllowanceDue, { kind: 'allowance' }>, at: number): BookGrant | undefined {
  const { account, seat } = due;
  const period = periodOf(books, account, due);
  const seatPeriod = seat === null ? undefined : periodOf(books, seat, due);
  const before = grantedIn(books, period);
  const missingOfAccount = BigInt(due.amount) - before;
  const missing =
    seatPeriod === undefined ? missingOfAccount : least(missingOfAccount, BigInt(due.amount) - grantedIn(books, seatPeriod));
  if (missing <= 0n || period.until <= at) return undefined;
  const periods = seatPeriod === undefined ? [period] : [period, seatPeriod];
  for (const one of periods) keep(books, one);
  books.given.push({ periods: periods.map(nameOf), amount: missing });
  const { rollover } = due;
  const ofSeat = seat === null || seatPeriod === undefined ? {} : { seat, seatPeriod: nameOf(seatPeriod) };
  const terms = { period: nameOf(period), ...ofSeat, ...(rollover === null ? {} : { rollover }) };
  const grant = give(
    books,
    {
      id: `${nameOf(period)}#${before}`,
      account,
      kind: 'allowance',
      amount: missing,
      priority: 20,
      effectiveAt: before === 0n && due.from <= at ? due.from : at,
      expiresAt: period.until,
      reason: 'allowance',
      by: 'plan',
      terms,
    },
    at,
  );
  if (before > 0n) tellOfGrant(books, 'grant.made', grant, at);
  else {
    const organization = organizationOfAccount(account);
    tell(books, { id: `cycle:${nameOf(period)}`, type: 'cycle.turned', organization, workspace: null, at, data: {} });
  }
  return grant;
}

/** The period that it is in already, while that reaches past the beginning of what is due; else a new one. */
function periodOf(books: Books, id: string, due: { from: number; until: number }): BookPeriod {
  const known = books.periods.find((one) => one.id === id);
  return known !== undefined && due.from < known.until ? known : { id, from: due.from, until: due.until };
}

function keep(books: Books, period: BookPeriod): void {
  books.periods = [...books.periods.filter((one) => one.id !== period.id), period];
}

/** What was given in a period, of an account or a seat. */
export function grantedIn(books: Books, period: BookPeriod): bigint {
  return sum(books.given.filter((one) => one.periods.includes(nameOf(period))).map((one) => one.amount));
}

function nameOf({ id, from }: BookPeriod): string {
  return `${id}@${from}`;
}
