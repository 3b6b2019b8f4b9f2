// The whole ledger once more, as simply as it can be said: what each command does to the books and what it answers. It is written
// from the rules' prose, shares no code with the engine, and is compared with it after every command.
import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../gateway/src/ledger/commands.ts';
import { allow } from './allow.ts';
import { book, emptyBooks } from './books.ts';
import type { BookGrant, BookPart, Books } from './books.ts';
import { lapse, release, renew, settle } from './call.ts';
import { availableOf, draw, expireDue, freeOf, give, grantRow, inDrawOrder, isOver, spend, tellOfGrant } from './grants.ts';
import { hold } from './hold.ts';
import { put } from './put.ts';

export interface Model {
  books: Books;
  /** Does the command at this moment and returns the outcome with bigints for amounts. */
  run: (command: Command, at: number) => object;
}

export function openModel(): Model {
  const books = emptyBooks();
  return { books, run: (command, at) => run(books, command, at) };
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

function run(books: Books, command: Command, at: number): object {
  switch (command.type) {
    case 'grant':
      return grant(books, command, at);
    case 'void':
      return voidGrant(books, command, at);
    case 'allow': {
      const given = allow(books, command.allowance, at);
      return { ok: true, grant: given === undefined ? null : grantRow(books, given.id) };
    }
    case 'hold':
      return hold(books, command, at);
    case 'renew':
      return renew(books, command, at);
    case 'settle':
      return settle(books, command, at);
    case 'release':
      return release(books, command, at);
    case 'lapse':
      return lapse(books, command.callId, at);
    case 'expire':
      return { ok: true, expired: expireDue(books, command.account, at) };
    case 'put':
      return put(books, command, at);
    case 'correct':
    default:
      return correct(books, command, at);
  }
}

function grant(books: Books, command: Of<'grant'>, at: number) {
  const { id, account } = command;
  const old = books.grants.find((one) => one.id === id);
  if (old !== undefined) {
    const repeated = isDeepStrictEqual(contentOf(old), contentOf(command, old.effectiveAt));
    return repeated ? { ok: true, grant: grantRow(books, id), repeated } : { ok: false, refusal: 'grant_mismatch' };
  }
  const content = contentOf(command, at);
  const endsBefore = command.expiresAt !== null && (command.expiresAt <= content.effectiveAt || command.expiresAt <= at);
  if (command.amount <= 0 || endsBefore || !isByHand(command)) return { ok: false, refusal: 'grant_invalid' };
  expireDue(books, account, at);
  const made = give(books, { id, ...content }, at);
  if (command.audit !== undefined) books.audits.push({ ...command.audit, at });
  tellOfGrant(books, 'grant.made', made, at);
  return { ok: true, grant: grantRow(books, id), repeated: false };
}

/** Extra credits are made by the call that needs them; ids like those of allowances are given by the ledger itself. */
function isByHand({ id, account }: { id: string; account: string }): boolean {
  return !account.startsWith('extra:') && !/^(?:extra|lifetime|pool|user|seat):/.test(id);
}

/** What a repeat of a grant's id is compared by. Without an effective date it asks for whatever moment it was made at. */
function contentOf(given: Of<'grant'> | BookGrant, from = 0) {
  const { account, kind, amount, priority, effectiveAt, expiresAt, reason, by, terms = null } = given;
  return { account, kind, amount: BigInt(amount), priority, effectiveAt: effectiveAt ?? from, expiresAt, reason, by, terms };
}

function voidGrant(books: Books, command: Of<'void'>, at: number) {
  const found = books.grants.find((one) => one.id === command.grantId);
  if (found === undefined) return { ok: false, refusal: 'grant_unknown' };
  expireDue(books, found.account, at);
  if (isOver(found, at)) return { ok: false, refusal: 'grant_ended' };
  const free = freeOf(books, found);
  found.voidedAt = at;
  found.ended += free;
  book(books, { account: found.account, kind: 'void', delta: -free, at, callId: null, grantId: found.id, parts: [] });
  if (command.audit !== undefined) books.audits.push({ ...command.audit, at });
  tellOfGrant(books, 'grant.voided', found, at);
  return { ok: true, grant: grantRow(books, found.id), voided: free };
}

function correct(books: Books, command: Of<'correct'>, at: number) {
  const { id, account, callId } = command;
  const { audit, ...rest } = command;
  const content = JSON.stringify(rest);
  const old = books.corrections.get(id);
  if (old !== undefined) {
    return old.content === content
      ? { ok: true, entry: old.entry, repeated: true }
      : { ok: false, refusal: 'correction_mismatch' };
  }
  if (books.grants.some((one) => one.id === id)) return { ok: false, refusal: 'correction_mismatch' };
  if (command.amount === 0 || !isByHand(command)) return { ok: false, refusal: 'correction_invalid' };
  expireDue(books, account, at);
  const available = availableOf(books, [account], at);
  if (-BigInt(command.amount) > available) return { ok: false, refusal: 'insufficient_credits', available };
  const amount = BigInt(command.amount);
  const parts: BookPart[] = [];
  if (amount < 0n) {
    parts.push(...draw(books, inDrawOrder(books, [account]), -amount, (one) => one.effectiveAt <= at && !isOver(one, at), []));
    spend(books, parts);
  } else {
    const promo = promoOf(command, at);
    books.grants.push(promo);
    tellOfGrant(books, 'grant.made', promo, at);
  }
  const entry = book(books, { account, kind: 'correct', delta: amount, at, callId, grantId: id, parts });
  books.corrections.set(id, { content, entry });
  if (audit !== undefined) books.audits.push({ ...audit, at });
  return { ok: true, entry: { ...entry }, repeated: false };
}

/** A correction in the payer's favour is a new grant (rule 5). */
function promoOf({ id, account, amount, reason, by }: Of<'correct'>, at: number): BookGrant {
  const dates = { effectiveAt: at, expiresAt: null, voidedAt: null };
  const sums = { amount: BigInt(amount), spent: 0n, ended: 0n };
  return { id, account, kind: 'promo', priority: 0, ...dates, ...sums, reason, by, terms: null };
}
