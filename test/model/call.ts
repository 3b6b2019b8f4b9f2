// The life of a call in the model: hold, renew, and its one end by settle, release or lapse (rules 1 to 8, 10, 17 and 22).
// Where a caller asks for what can not be (a charge at the lapse above the hold), the answer is `bug`: that command alone fails.
import type {
  CapCheck,
  HoldCommand,
  ReleaseCommand,
  RenewCommand,
  SettleCommand,
  Settlement,
} from '../../gateway/src/ledger/commands.ts';
import { availableOf, book, draw, expireDue, isOver, sum } from './books.ts';
import type { BookCall, BookGrant, Books } from './books.ts';

export function hold(books: Books, command: HoldCommand, at: number) {
  const { callId, sources, caps } = command;
  if (command.onLapse.charge > command.amount) return { bug: true };
  if (books.calls.some((call) => call.id === callId)) return { ok: false, refusal: 'call_repeated', callId };
  const claim = books.claims.find((one) => one.id === command.claim?.id && one.expiresAt > at);
  if (claim !== undefined && command.claim !== null) {
    const refusal =
      claim.fingerprint !== command.claim.fingerprint ? 'claim_mismatch' : claim.done ? 'claim_done' : 'claim_running';
    return { ok: false, refusal, callId: claim.callId };
  }
  for (const account of sources) expireDue(books, account, at);
  const refused = leastRoom(books, command, at);
  if (refused !== null) return refused;
  const availableBefore = availableOf(books, sources, at);
  const parts = draw(books, sources, BigInt(command.amount), (one) => one.effectiveAt <= at && !isOver(one, at), []);
  if (command.claim !== null) {
    const { id, fingerprint, keepMs } = command.claim;
    books.claims = books.claims.filter((one) => one.id !== id);
    books.answers.delete(id);
    books.claims.push({ id, callId, fingerprint, expiresAt: at + keepMs, done: false });
  }
  const call: BookCall = {
    id: callId,
    state: 'open',
    heldAt: at,
    hold: BigInt(command.amount),
    parts,
    sources,
    owner: command.owner,
    leaseUntil: at + command.leaseMs,
    job: null,
    claim: command.claim?.id ?? null,
    claimUntil: command.claim === null ? null : at + command.claim.keepMs,
    about: command.about,
    onLapse: command.onLapse,
    charge: null,
    chargedParts: [],
    free: 0n,
    absorbed: 0n,
    endedAt: null,
    ended: null,
    windows: caps.map(windowOf),
    availableBefore,
    availableAfter: null,
  };
  books.calls.push(call);
  const standings = caps.map((cap) => ({
    id: cap.id,
    window: cap.window,
    limit: cap.limit,
    used: usedOf(books, cap),
    resetsAt: cap.until,
  }));
  return { ok: true, call: { ...call }, available: availableOf(books, sources, at), caps: standings };
}

/** Accounts and caps decided together (rule 1): the refusal of what leaves least (a cap before the account), or null where all fits. */
function leastRoom(books: Books, command: HoldCommand, at: number) {
  const later = books.grants.filter((one) => command.sources.includes(one.account) && one.effectiveAt > at && !isOver(one, at));
  const soonest = later.map((one) => one.effectiveAt).sort((a, b) => a - b)[0] ?? null;
  const pool = command.sources.find((source) => source.startsWith('pool:')) ?? command.sources[0] ?? '';
  const id = pool.replace(/^pool:/, '');
  const account = {
    scope: { kind: 'organization', id, cap: null },
    room: availableOf(books, command.sources, at),
    resetsAt: soonest,
  };
  const scopes = command.caps.map((cap) => {
    const left = BigInt(cap.limit) - usedOf(books, cap);
    return { scope: { ...cap.scope, cap: cap.id }, room: left < 0n ? 0n : left, resetsAt: cap.until };
  });
  const [tightest] = [...scopes, account].sort((a, b) => Number(a.room - b.room));
  if (command.amount === 0 || tightest === undefined || tightest.room >= BigInt(command.amount)) return null;
  const { scope, room, resetsAt } = tightest;
  return { ok: false, refusal: 'insufficient_credits', scope, needed: command.amount, available: room, resetsAt };
}

function windowOf(cap: CapCheck): string {
  return `${cap.id}@${cap.from}`;
}

/** What a window has seen: the holds of its open calls and the charges of its ended ones. */
function usedOf(books: Books, cap: CapCheck): bigint {
  const calls = books.calls.filter((call) => call.windows.includes(windowOf(cap)));
  return sum(calls.map((call) => (call.state === 'open' ? call.hold : (call.charge ?? 0n))));
}

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

/** Ends an open call with a charge (rules 4 to 6): from its own hold and what is free by then, the rest back to where it came from. */
function charge(books: Books, call: BookCall, settlement: Settlement, state: 'settled' | 'lapsed', at: number): void {
  for (const account of call.sources) expireDue(books, account, at);
  const may = (one: BookGrant) => one.effectiveAt <= call.heldAt && !isOver(one, at);
  const parts = draw(books, call.sources, BigInt(settlement.charge), may, call.parts);
  for (const part of parts) {
    for (const one of books.grants) if (one.id === part.grant) one.spent += part.amount;
  }
  for (const account of call.sources) {
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
  const { workspace, key, service, operation, reason } = call.about;
  const hour = call.heldAt - (call.heldAt % 3_600_000);
  const { charge: charged, free, absorbed: past } = settlement;
  books.rollups.push({ hour, workspace, key, service, operation, reason, calls: 1, charge: charged, free, absorbed: past });
  for (const claim of books.claims) if (claim.id === call.claim && claim.callId === call.id) claim.done = true;
}

/** Closes the hold. What comes back to a grant that has ended meanwhile ends too (rule 5): it is free in a grant that is over. */
function end(
  books: Books,
  call: BookCall,
  how: Pick<BookCall, 'state' | 'charge' | 'chargedParts' | 'free' | 'absorbed' | 'ended'>,
  at: number,
) {
  Object.assign(call, how, { endedAt: at });
  for (const account of call.sources) expireDue(books, account, at);
  call.availableAfter = availableOf(books, call.sources, at);
}

export function release(books: Books, command: ReleaseCommand, at: number) {
  const call = books.calls.find((one) => one.id === command.callId);
  if (call === undefined) return { ok: false, refusal: 'call_unknown' };
  if (call.state === 'released') return { ok: true, call: { ...call }, repeated: true };
  if (call.state !== 'open') return { ok: false, refusal: 'call_ended', state: call.state };
  if (call.owner !== command.owner && call.job === null) return { ok: false, refusal: 'not_owner' };
  for (const account of call.sources) expireDue(books, account, at);
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
