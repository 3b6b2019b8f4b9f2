// Random commands that make collisions likely: few accounts, small amounts, ids that come again, holds at the very limit, clock steps
// that land on and beside the ends of leases, grants and windows.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import type { CapCheck, Command, HoldCommand, RenewCommand, Settlement } from '../../gateway/src/ledger/commands.ts';
import type { GrantKind } from '../../gateway/src/ledger/rows.ts';
import { availableOf } from './books.ts';
import type { BookCall, Books } from './books.ts';
import type { Random } from './random.ts';

/** The clock moves on, then all commands are given to the ledger at once, in this order. */
export interface Step {
  waitMs: number;
  commands: Command[];
}

/** Every account and every idempotency key that there can be. */
export const ACCOUNTS = ['pool:a', 'pool:b', 'user:u', 'absorbed'];
export const KEYS: [string, ...string[]] = ['x/1', 'x/2', 'y/1'];

const SOURCES: [string[], ...string[][]] = [
  ['pool:a'],
  ['pool:a'],
  ['user:u', 'pool:a'],
  ['pool:b', 'user:u', 'pool:a'],
  ['pool:b'],
];
const WAITS: [number, ...number[]] = [0, 0, 0, 0, 1, 1, 1, 5, 5, 10, 10, 50, 50, 100, 900, 2_400_000];
const AWAY: [number, ...number[]] = [1, 5, 10, 10, 50, 100, 1_000, 3_000_000];

/** The next step. The books are only looked at, to aim at what is there. */
export function nextStep(random: Random, books: Books, now: number, most: number): Step {
  const waitMs = random.percent(30) ? aimedWait(random, books, now) : random.pick(WAITS);
  const count = random.percent(70) ? 1 : 1 + random.below(most);
  const commands = Array.from({ length: count }, () => nextCommand(random, books, now + waitMs));
  const opened = commands.find((command) => command.type === 'hold');
  // A call may begin and end in one batch, though its caller has not heard of its hold: a sweep, or a gateway that shuts down.
  if (opened !== undefined && most > 1 && random.percent(20))
    commands.push(ending(random, opened.callId, opened.owner, BigInt(opened.amount)));
  return { waitMs, commands };
}

function ending(random: Random, callId: string, owner: string, held: bigint): Command {
  if (random.percent(28)) return { type: 'release', callId, owner, reason: 'refused', ended: {} };
  const answer = random.percent(40) ? { status: 200, headers: [], body: callId } : null;
  return { type: 'settle', callId, owner, settlement: settlement(random, held, 8), answer };
}

/** Until exactly when a lease, a grant or a claim ends, or one millisecond before. */
function aimedWait(random: Random, books: Books, now: number): number {
  const leases = books.calls.filter((call) => call.state === 'open').map((call) => call.leaseUntil);
  const ends = books.grants.flatMap((one) => [one.expiresAt ?? 0, one.effectiveAt]);
  const moments = [...leases, ...ends, ...books.claims.map((claim) => claim.expiresAt)]
    .filter((at) => at > now)
    .sort((a, b) => a - b);
  const moment = moments[random.below(Math.min(3, moments.length))] ?? now;
  return Math.max(0, moment - now - random.below(2));
}

function nextCommand(random: Random, books: Books, at: number): Command {
  const chance = random.below(100);
  const nothingOpen = books.calls.every((call) => call.state !== 'open');
  if (chance < 36 || (nothingOpen && chance < 75)) return hold(random, books, at);
  if (chance < 64) {
    const call = someCall(random, books);
    return ending(random, call.id, whose(random, call), call.hold);
  }
  if (chance < 74) return { type: 'lapse', callId: someCall(random, books).id };
  if (chance < 81) return renew(random, books);
  if (chance < 92) return grant(random, books, at);
  if (chance < 94) return { type: 'void', grantId: someId(random, books.grants, 'g'), reason: 'mistake', by: 'op' };
  if (chance < 96) return { type: 'expire', account: random.pick(['pool:a', 'pool:b', 'user:u']) };
  return correct(random, books);
}

function hold(random: Random, books: Books, at: number): HoldCommand {
  const sources = random.pick(SOURCES);
  const amount = random.percent(25) ? nearLimit(random, Number(availableOf(books, sources, at))) : random.below(50);
  const caps = [cap('minute', 'w1', 100, 60, at), cap('second', 'w1', 1_000, 150, at), cap('ever', 'k1', null, 500, at)];
  const key = random.percent(35) ? random.pick(KEYS) : undefined;
  return {
    type: 'hold',
    callId: random.percent(5) ? someId(random, books.calls, 'c') : `c${books.calls.length}.${random.below(1_000)}`,
    amount: microcredits(amount),
    sources,
    caps: caps.filter(() => random.percent(35)),
    owner: random.pick(['p1', 'p1', 'p2']),
    leaseMs: random.pick(AWAY),
    claim:
      key === undefined
        ? null
        : { id: key, fingerprint: random.pick(['f1', 'f1', 'f2']), keepMs: random.pick([10, 1_000, 3_000_000]) },
    about: about(random),
    onLapse: settlement(random, BigInt(amount), 1),
  };
}

function nearLimit(random: Random, available: number): number {
  return Math.max(0, available - 1 + random.below(3));
}

function cap(id: string, scope: string, windowMs: number | null, limit: number, at: number): CapCheck {
  const from = windowMs === null ? 0 : at - (at % windowMs);
  const until = windowMs === null ? null : from + windowMs;
  const window = windowMs === null ? 'lifetime' : id;
  return { id, scope: { kind: 'workspace', id: scope }, window, from, until, limit: microcredits(limit) };
}

function about(random: Random): HoldCommand['about'] {
  const operation = random.pick(['chat', 'query']);
  return { workspace: 'w1', key: 'k1', service: 's', operation, reason: 'Chats', cardVersion: 'v1', more: { path: '/x' } };
}

/** A charge up to the hold, often all or nothing; now and then past it, in `pastChance` of a hundred cases. */
function settlement(random: Random, held: bigint, pastChance: number): Settlement {
  const most = Number(held);
  const charge = random.percent(pastChance)
    ? most + 1
    : random.pick([0, most, most, random.below(most + 1), random.below(most + 1)]);
  const absorbed = random.percent(10) ? microcredits(1 + random.below(9)) : ZERO;
  return { charge: microcredits(charge), free: microcredits(random.below(3)), absorbed, ended: { flags: [random.below(5)] } };
}

function renew(random: Random, books: Books): RenewCommand {
  const calls = [someCall(random, books), someCall(random, books)];
  const callIds = [...new Set(calls.map((call) => call.id))].slice(0, 1 + random.below(2));
  const job = callIds.length === 1 && random.percent(40) ? 'job1' : null;
  const onLapse = job !== null && random.percent(50) ? settlement(random, calls[0]?.hold ?? 0n, 3) : null;
  return { type: 'renew', callIds, owner: random.pick(['p1', 'p1', 'p2']), leaseMs: random.pick(AWAY), job, onLapse };
}

function grant(random: Random, books: Books, at: number): Command {
  const old = books.grants[random.below(books.grants.length * 8)];
  const effectiveAt = random.percent(60) ? null : at + random.pick([-20, 0, 1, 10, 50, 900]);
  const expiresAt = random.percent(40) ? null : at + random.pick(AWAY) - (random.percent(10) ? 20 : 0);
  const { id, account, amount, ...rest } = old ?? {
    id: `g${books.grants.length}.${random.below(1_000)}`,
    account: null,
    amount: 0n,
  };
  const content = {
    account: account ?? random.pick(['pool:a', 'pool:a', 'pool:b', 'user:u']),
    effectiveAt,
    expiresAt,
    kind: random.pick<GrantKind>(['top-up', 'promo']),
    priority: random.below(3),
    reason: 'bought',
    by: 'op',
  };
  const again = old === undefined || random.percent(50) ? content : { ...content, ...pickContent(rest) };
  const fresh = random.percent(4) ? random.pick([0, -5]) : 1 + random.below(300);
  return { type: 'grant', id, ...again, amount: microcredits(old === undefined || random.percent(10) ? fresh : Number(amount)) };
}

function pickContent(from: Partial<Books['grants'][0]>): Partial<Books['grants'][0]> {
  const { kind, priority, effectiveAt, expiresAt, reason, by } = from;
  const content = { kind, priority, effectiveAt, expiresAt, reason, by };
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}

function correct(random: Random, books: Books): Command {
  const known = [...books.corrections.keys()];
  const taken = random.percent(3) ? books.grants[0]?.id : undefined;
  const id = known[random.below(known.length * 2)] ?? taken ?? `k${known.length}.${random.below(1_000)}`;
  const amount = microcredits(random.percent(5) ? 0 : random.below(80) - 50);
  const command = {
    type: 'correct',
    id,
    account: random.pick(['pool:a', 'user:u']),
    amount,
    callId: null,
    reason: 'mend',
    by: 'op',
  } as const;
  const content = books.corrections.get(id)?.content;
  return content !== undefined && random.percent(60) ? JSON.parse(content) : command;
}

/** Mostly one of the open calls, sometimes one that ended, rarely one that never was. */
function someCall(random: Random, books: Books): Pick<BookCall, 'id' | 'owner' | 'hold'> {
  const open = books.calls.filter((call) => call.state === 'open');
  const from = open.length > 0 && random.percent(85) ? open : books.calls.slice(-20);
  return from[random.below(from.length)] ?? { id: 'nobody', owner: 'p1', hold: 5n };
}

function someId(random: Random, rows: readonly { id: string }[], prefix: string): string {
  return rows[random.below(rows.length)]?.id ?? `${prefix}0`;
}

function whose(random: Random, call: Pick<BookCall, 'owner'>): string {
  return random.percent(92) ? call.owner : random.pick(['p1', 'p2', 'p3']);
}
