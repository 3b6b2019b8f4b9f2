// The whole ledger once more, as simply as it can be said: what each command does to the books and what it answers. It is written
// from the rules' prose, shares no code with the engine, and is compared with it after every command.
import type { Command } from '../../gateway/src/ledger/commands.ts';
import { availableOf, book, draw, emptyBooks, expireDue, freeOf, heldOf, isOver } from './books.ts';
import type { BookPart, Books } from './books.ts';
import { hold, lapse, release, renew, settle } from './call.ts';

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
    case 'correct':
    default:
      return correct(books, command, at);
  }
}

function grant(books: Books, command: Of<'grant'>, at: number) {
  const { type: _, ...content } = command;
  const old = books.grants.find((one) => one.id === command.id);
  if (old !== undefined) {
    const same = { ...content, effectiveAt: command.effectiveAt ?? old.effectiveAt, amount: BigInt(command.amount) };
    const repeated = Object.entries(same).every(([name, value]) =>
      Object.entries(old).some(([n, v]) => n === name && v === value),
    );
    return repeated ? { ok: true, grant: grantRow(books, old.id), repeated } : { ok: false, refusal: 'grant_mismatch' };
  }
  const effectiveAt = command.effectiveAt ?? at;
  const endsBefore = command.expiresAt !== null && (command.expiresAt <= effectiveAt || command.expiresAt <= at);
  if (command.amount <= 0 || endsBefore) return { ok: false, refusal: 'grant_invalid' };
  expireDue(books, command.account, at);
  addGrant(books, { ...content, effectiveAt });
  const entry = { account: command.account, kind: 'grant', delta: BigInt(command.amount), at, callId: null } as const;
  book(books, { ...entry, grantId: command.id, parts: [] });
  return { ok: true, grant: grantRow(books, command.id), repeated: false };
}

function addGrant(books: Books, command: Omit<Of<'grant'>, 'type'> & { effectiveAt: number }): void {
  books.grants.push({ ...command, amount: BigInt(command.amount), voidedAt: null, spent: 0n, ended: 0n });
}

function grantRow(books: Books, id: string) {
  const found = books.grants.find((one) => one.id === id);
  return { ...found, held: heldOf(books, id) };
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
  return { ok: true, grant: grantRow(books, found.id), voided: free };
}

function correct(books: Books, command: Of<'correct'>, at: number) {
  const { id, account, callId } = command;
  const content = JSON.stringify(command);
  const old = books.corrections.get(id);
  if (old !== undefined) {
    return old.content === content
      ? { ok: true, entry: old.entry, repeated: true }
      : { ok: false, refusal: 'correction_mismatch' };
  }
  if (books.grants.some((one) => one.id === id)) return { ok: false, refusal: 'correction_mismatch' };
  if (command.amount === 0) return { ok: false, refusal: 'correction_invalid' };
  expireDue(books, account, at);
  const available = availableOf(books, [account], at);
  if (-BigInt(command.amount) > available) return { ok: false, refusal: 'insufficient_credits', available };
  const parts: BookPart[] = [];
  if (command.amount > 0) {
    const { amount, reason, by } = command;
    addGrant(books, { id, account, amount, reason, by, kind: 'promo', priority: 0, effectiveAt: at, expiresAt: null });
  } else parts.push(...draw(books, [account], -BigInt(command.amount), (one) => one.effectiveAt <= at && !isOver(one, at), []));
  for (const part of command.amount > 0 ? [] : parts) {
    for (const one of books.grants) if (one.id === part.grant) one.spent += part.amount;
  }
  const entry = book(books, { account, kind: 'correct', delta: BigInt(command.amount), at, callId, grantId: id, parts });
  books.corrections.set(id, { content, entry });
  return { ok: true, entry: { ...entry }, repeated: false };
}
