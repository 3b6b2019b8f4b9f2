// A hold in the model: everything that may refuse it, in its order, and what is set aside (rules 1, 2, 18, 19 and 22).
// Where a caller asks for what can not be (a charge at the lapse above the hold), the answer is `bug`: that command alone fails.
import type { CapCheck, HoldCommand } from '../../gateway/src/ledger/commands.ts';
import { allow } from './allow.ts';
import { least } from './books.ts';
import type { BookCall, BookPart, Books } from './books.ts';
import { availableOf, draw, expireDue, give, inDrawOrder, isOver } from './grants.ts';
import { extraLeft, extraWindowOf, leftOf, usedOf, windowOf } from './windows.ts';

export function hold(books: Books, command: HoldCommand, at: number) {
  const { callId, sources, caps, terms } = command;
  if (command.onLapse.charge > command.amount) return { bug: true };
  if (books.calls.some((call) => call.id === callId)) return { ok: false, refusal: 'call_repeated', callId };
  const claim = books.claims.find((one) => one.id === command.claim?.id && one.expiresAt > at);
  if (claim !== undefined && command.claim !== null) {
    const refusal =
      claim.fingerprint !== command.claim.fingerprint ? 'claim_mismatch' : claim.done ? 'claim_done' : 'claim_running';
    return { ok: false, refusal, callId: claim.callId };
  }
  if (terms !== undefined && terms.until !== null && at >= terms.until) return { ok: false, refusal: 'terms_passed', at };
  turn(books, command, at);
  const refused = leastRoom(books, command, at);
  if (refused !== null) return refused;
  const passed = caps.flatMap((cap) => passedOf(books, command, cap));
  const availableBefore = availableOf(books, sources, at);
  const ofSources = least(BigInt(command.amount), availableBefore);
  const parts = draw(books, inDrawOrder(books, sources), ofSources, (one) => one.effectiveAt <= at && !isOver(one, at), []);
  const extra = extraPart(books, command, BigInt(command.amount) - ofSources, at);
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
    parts: [...parts, ...extra.parts],
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
    windows: [...caps.map(windowOf), ...extra.windows],
    limits: [...caps.map((cap) => cap.limit), ...extra.limits],
    availableBefore,
    availableAfter: null,
    passed,
  };
  books.calls.push(call);
  const standings = caps.map((cap) => standingOfCap(books, cap));
  return { ok: true, call: { ...call }, available: availableOf(books, sources, at), caps: standings };
}

/** What time has done to the sources since: what is over ends, and what is due is given. It stays, also where the hold is refused. */
export function turn(books: Books, { sources, terms }: Pick<HoldCommand, 'sources' | 'terms'>, at: number): void {
  for (const account of sources) expireDue(books, account, at);
  if (terms?.extra) expireDue(books, terms.extra.account, at);
  for (const due of terms?.allowances ?? []) allow(books, due, at);
}

export function standingOfCap(books: Books, cap: CapCheck) {
  const { id, window, limit, until: resetsAt, mode = 'hard' } = cap;
  return { id, window, limit, used: usedOf(books, windowOf(cap)), resetsAt, mode };
}

/** Accounts and caps decided together (rule 1): the refusal of what leaves least (a cap before the accounts), or null where all fits. */
function leastRoom(books: Books, command: HoldCommand, at: number) {
  const { amount: needed, caps, terms } = command;
  const binding = caps.filter((cap) => (cap.mode ?? 'hard') === 'hard' && terms?.bypass !== true);
  const scopes = binding.map((cap) => {
    return { scope: { ...cap.scope, cap: cap.id }, room: leftOf(books, cap), resetsAt: cap.until };
  });
  const [tightest] = [...scopes, roomOfAccounts(books, command, at)].sort((a, b) => Number(a.room - b.room));
  if (needed === 0 || tightest === undefined || tightest.room >= BigInt(needed)) return null;
  const { scope, room, resetsAt } = tightest;
  return { ok: false, refusal: 'insufficient_credits', scope, needed, available: room, resetsAt };
}

function roomOfAccounts(books: Books, { sources, terms, about }: HoldCommand, at: number) {
  const later = books.grants.filter((one) => sources.includes(one.account) && one.effectiveAt > at && !isOver(one, at));
  const moments = [...later.map((one) => one.effectiveAt), ...(terms?.resetsAt == null ? [] : [terms.resetsAt])];
  const cap = (terms?.extra?.limit ?? 0) > 0 ? 'extra' : terms?.resetsAt == null ? null : 'cycle';
  const [only] = sources;
  const alone = sources.length === 1 && only?.startsWith('user:') === true;
  const pool = sources.find((source) => source.startsWith('pool:')) ?? only;
  const organization = about.workspace.split('/')[0] ?? '';
  return {
    scope: { kind: alone ? 'user' : 'organization', id: pool?.slice(pool.indexOf(':') + 1) ?? organization, cap },
    room: availableOf(books, sources, at) + extraLeft(books, terms?.extra ?? null),
    resetsAt: moments.sort((a, b) => a - b)[0] ?? null,
  };
}

/** Caps that would not have let it pass, but do. One that only watches is never among them. */
function passedOf(books: Books, { amount, terms }: HoldCommand, cap: CapCheck): BookCall['passed'] {
  const mode = cap.mode ?? 'hard';
  if (mode === 'watch' || leftOf(books, cap) >= BigInt(amount)) return [];
  if (mode !== 'hard') return [{ cap: cap.id, mode }];
  return terms?.bypass === true ? [{ cap: cap.id, mode: 'bypass' }] : [];
}

/** What the sources do not have comes from extra credits, made on the spot for this one call. */
function extraPart(books: Books, { callId, about, terms }: HoldCommand, missing: bigint, at: number) {
  if (missing === 0n || !terms?.extra) return { parts: [], windows: [], limits: [] };
  const { account, limit, fee } = terms.extra;
  const dates = { effectiveAt: at, expiresAt: null };
  const words = { reason: 'extra credits', by: about.key, terms: { fee } };
  const id = `extra:${callId}`;
  give(books, { id, account, kind: 'top-up', amount: missing, priority: 0, ...dates, ...words }, at);
  const part: BookPart = { account, grant: id, amount: missing };
  return { parts: [part], windows: [extraWindowOf(terms.extra)], limits: [limit] };
}
