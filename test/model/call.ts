// The life of a call in the model after its hold: renew, and its one end by settle, release or lapse (rules 3 to 8, 10, 17 and 22).
import type { ReleaseCommand, RenewCommand, SettleCommand, Settlement } from '../../gateway/src/ledger/commands.ts';
import { book, sum } from './books.ts';
import type { BookCall, BookGrant, Books } from './books.ts';
import { availableOf, draw, expireDue, freeOf, inDrawOrder, isOver, spend } from './grants.ts';
import { tellCrossings } from './windows.ts';

export function renew(books: Books, command: RenewCommand, at: number) {
  const mine = (id: string) =>
    books.calls.find((call) => call.id === id && call.state === 'open' && call.owner === command.owner);
  const renewed = command.callIds.filter((id) => mine(id) !== undefined);
  if (renewed.some((id) => BigInt(command.onLapse?.charge ?? 0) > (mine(id)?.hold ?? 0n))) return { bug: true };
  for (const call of renewed.map(mine)) {
    // A job has a deadline in place of a lease (rule 17): keeping the process's leases alive does not move it.
    if (call === undefined || (call.job !== null && command.job === null)) continue;
    call.leaseUntil = at + command.leaseMs;
    call.job = command.job ?? call.job;
    call.onLapse = command.onLapse ?? call.onLapse;
  }
  return { ok: true, renewed, gone: command.callIds.filter((id) => !renewed.includes(id)) };
}

export function settle(books: Books, command: SettleCommand, at: number) {
  const call = books.calls.find((one) => one.id === command.callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'settled') return { ok: true, call: { ...call }, repeated: true };
  if (call.state === 'lapsed') books.late.push({ callId: call.id, at, settlement: command.settlement });
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (call.owner !== command.owner && call.job === null) return { ok: false, refusal: 'not_owner' };
  if (BigInt(command.settlement.charge) > call.hold) return { ok: false, refusal: 'charge_above_hold' };
  charge(books, call, command.settlement, 'settled', at);
  const claim = books.claims.find((one) => one.id === call.claim && one.callId === call.id);
  if (claim !== undefined && command.answer !== null) books.answers.set(claim.id, command.answer);
  return { ok: true, call: { ...call }, repeated: false };
}

/**
 * Ends an open call with a charge (rules 4 to 6): from its own hold and what is free by then, the rest back to where it came from. Extra
 * credits come last, and only those that were made for this call.
 */
function charge(books: Books, call: BookCall, settlement: Settlement, state: 'settled' | 'lapsed', at: number): void {
  for (const account of accountsOf(call)) expireDue(books, account, at);
  const may = (one: BookGrant) => one.effectiveAt <= call.heldAt && !isOver(one, at);
  const payers = [...inDrawOrder(books, call.sources), ...ownExtra(books, call)];
  const parts = draw(books, payers, BigInt(settlement.charge), may, call.parts);
  spend(books, parts);
  for (const account of accountsOf(call)) {
    const own = parts.filter((part) => part.account === account);
    const taken = sum(own.map((part) => part.amount));
    if (taken > 0n) book(books, { account, kind: 'charge', delta: -taken, at, callId: call.id, grantId: null, parts: own });
  }
  const absorbed = BigInt(settlement.absorbed);
  end(
    books,
    call,
    {
      state,
      charge: BigInt(settlement.charge),
      chargedParts: parts,
      free: BigInt(settlement.free),
      absorbed,
      ended: settlement.ended,
    },
    at,
  );
  const entry = { account: 'absorbed', kind: 'absorb', delta: absorbed, at, callId: call.id } as const;
  if (absorbed > 0n) book(books, { ...entry, grantId: null, parts: [] });
  tellCrossings(books, call, at);
  const { workspace, key, service, operation, reason } = call.about;
  const hour = call.heldAt - (call.heldAt % 3_600_000);
  const { charge: charged, free, absorbed: past } = settlement;
  books.rollups.push({ hour, workspace, key, service, operation, reason, calls: 1, charge: charged, free, absorbed: past });
  for (const claim of books.claims) if (claim.id === call.claim && claim.callId === call.id) claim.done = true;
}

/** Its sources in draw order, and the account of extra credits where it was held of one. */
function accountsOf(call: BookCall): string[] {
  return [...new Set([...call.sources, ...call.parts.map((part) => part.account)])];
}

function ownExtra(books: Books, call: BookCall): BookGrant[] {
  const id = `extra:${call.id}`;
  return call.parts.some((part) => part.grant === id) ? books.grants.filter((one) => one.id === id) : [];
}

/**
 * Closes the hold. What comes back to a grant that has ended meanwhile ends too (rule 5): it is free in a grant that is over. What comes
 * back of extra credits is not given out again.
 */
function end(
  books: Books,
  call: BookCall,
  how: Pick<BookCall, 'state' | 'charge' | 'chargedParts' | 'free' | 'absorbed' | 'ended'>,
  at: number,
) {
  Object.assign(call, how, { endedAt: at });
  for (const account of accountsOf(call)) expireDue(books, account, at);
  for (const grant of ownExtra(books, call)) {
    const free = freeOf(books, grant);
    if (free === 0n) continue;
    grant.ended += free;
    grant.voidedAt = at;
    book(books, { account: grant.account, kind: 'void', delta: -free, at, callId: null, grantId: grant.id, parts: [] });
  }
  call.availableAfter = availableOf(books, call.sources, at);
}

export function release(books: Books, command: ReleaseCommand, at: number) {
  const call = books.calls.find((one) => one.id === command.callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'released') return { ok: true, call: { ...call }, repeated: true };
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (call.owner !== command.owner && call.job === null) return { ok: false, refusal: 'not_owner' };
  for (const account of accountsOf(call)) expireDue(books, account, at);
  const ended = { ...command.ended, reason: command.reason };
  end(books, call, { state: 'released', charge: null, chargedParts: [], free: 0n, absorbed: 0n, ended }, at);
  books.claims = books.claims.filter((one) => one.id !== call.claim || one.callId !== call.id);
  return { ok: true, call: { ...call }, repeated: false };
}

export function lapse(books: Books, callId: string, at: number) {
  const call = books.calls.find((one) => one.id === callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'lapsed') return { ok: true, call: { ...call }, repeated: true };
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (at < call.leaseUntil) return { ok: false, refusal: 'lease_alive' };
  charge(books, call, call.onLapse, 'lapsed', at);
  return { ok: true, call: { ...call }, repeated: false };
}
