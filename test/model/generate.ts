// Random commands that make collisions likely: few accounts, small amounts, ids that come again, holds at the very limit, clock steps
// that land on and beside the ends of leases, grants, cycles and windows.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import type { Command, HoldCommand, RenewCommand, Settlement } from '../../gateway/src/ledger/commands.ts';
import type { BookCall, Books } from './books.ts';
import { availableOf } from './grants.ts';
import { allow, correct, grant, voidOf } from './generate-grants.ts';
import { put } from './generate-records.ts';
import type { Random } from './random.ts';
import type { Look } from './standing.ts';
import { extraLeft, leftOf } from './windows.ts';
import { ACCOUNTS, change, layOut } from './world.ts';
import type { Layout, World } from './world.ts';

/** The clock moves on, then all commands are given to the ledger at once, in this order; then somebody looks. */
export interface Step {
  /** Below zero where the clock jumps back. */
  waitMs: number;
  commands: Command[];
  look?: Look;
  /** The ledger is then closed and opened again. */
  restart?: true;
}

/** Every idempotency key that there can be. */
export const KEYS: [string, ...string[]] = ['x/1', 'x/2', 'y/1'];

const WAITS: [number, ...number[]] = [0, 0, 0, 0, 0, 1, 1, 1, 5, 5, 10, 10, 50, 50, 100, 900, 2_400_000];
const JUMPS: [number, ...number[]] = [-1, -50, -5_000, 86_400_000];
const AWAY: [number, ...number[]] = [1, 5, 10, 10, 50, 100, 1_000, 3_000_000];

/** The next step. The books are only looked at, to aim at what is there. */
export function nextStep(random: Random, world: World, books: Books, now: number, most: number): Step {
  const aimed = random.percent(30);
  const waitMs = random.percent(2) ? random.pick(JUMPS) : aimed ? aimedWait(random, books, now) : random.pick(WAITS);
  if (random.percent(20)) change(random, world);
  const at = now + Math.max(0, waitMs);
  const count = random.percent(70) ? 1 : 1 + random.below(most);
  const commands = Array.from({ length: count }, () => nextCommand(random, world, books, at));
  const opened = commands.find((command) => command.type === 'hold');
  // A call may begin and end in one batch, though its caller has not heard of its hold: a sweep, or a gateway that shuts down.
  if (opened !== undefined && most > 1 && random.percent(20))
    commands.push(ending(random, opened.callId, opened.owner, BigInt(opened.amount)));
  return random.percent(30) ? { waitMs, commands, look: lookOf(payer(random, world, at)) } : { waitMs, commands };
}

function lookOf({ sources, caps, terms }: Layout): Look {
  return { sources, caps, ...(terms === undefined ? {} : { terms }) };
}

/** Until exactly when a lease, a grant, a claim or a period ends, or one millisecond before. */
function aimedWait(random: Random, books: Books, now: number): number {
  const leases = books.calls.filter((call) => call.state === 'open').map((call) => call.leaseUntil);
  const ends = books.grants.flatMap((one) => [one.expiresAt ?? 0, one.effectiveAt]);
  const periods = books.periods.map((period) => period.until);
  const moments = [...leases, ...ends, ...periods, ...books.claims.map((claim) => claim.expiresAt)]
    .filter((at) => at > now)
    .sort((a, b) => a - b);
  const moment = moments[random.below(Math.min(3, moments.length))] ?? now;
  return Math.max(0, moment - now - random.below(2));
}

function nextCommand(random: Random, world: World, books: Books, at: number): Command {
  const chance = random.below(100);
  const nothingOpen = books.calls.every((call) => call.state !== 'open');
  if (chance < 36 || (nothingOpen && chance < 65)) return hold(random, world, books, at);
  if (chance < 60) {
    const call = someCall(random, books);
    return ending(random, call.id, whose(random, call), call.hold);
  }
  if (chance < 67) return { type: 'lapse', callId: someCall(random, books).id };
  if (chance < 73) return renew(random, books);
  if (chance < 82) return grant(random, books, at);
  if (chance < 85) return voidOf(random, books);
  if (chance < 87) return { type: 'expire', account: random.pick(ACCOUNTS_TO_SWEEP) };
  if (chance < 90) return correct(random, books);
  if (chance < 96) return allow(random, payer(random, world, at), at);
  return put(random, books);
}

const [, ...ACCOUNTS_BUT_FIRST] = ACCOUNTS.filter((account) => account !== 'absorbed');
const ACCOUNTS_TO_SWEEP: [string, ...string[]] = ['pool:a', ...ACCOUNTS_BUT_FIRST];

/** Somebody who spends: mostly a person, sometimes a service. */
function payer(random: Random, world: World, at: number): Layout {
  const user = random.percent(75) ? random.pick(['u', 'v', 'w']) : undefined;
  return layOut(random.pick(world), user, at);
}

function hold(random: Random, world: World, books: Books, at: number): HoldCommand {
  // One that was laid out a moment ago, before a cycle turned perhaps.
  const one = payer(random, world, random.percent(8) ? at - random.pick([1, 10, 100]) : at);
  const caps = one.caps.filter(() => random.percent(35));
  for (const cap of caps) if (random.percent(6)) cap.limit = microcredits(random.pick([0, 30, 80, 200]));
  const key = random.percent(30) ? random.pick(KEYS) : undefined;
  const { terms } = one;
  if (terms !== undefined) {
    terms.bypass = random.percent(10);
    terms.until = random.percent(5) ? at + random.pick([-1, 0, 1]) : random.percent(15) ? null : terms.until;
  }
  const amount = amountOf(random, books, { ...one, caps }, at);
  return {
    type: 'hold',
    callId: random.percent(5) ? someId(random, books.calls, 'c') : `c${books.calls.length}.${random.below(1_000)}`,
    amount: microcredits(amount),
    sources: one.sources,
    caps,
    ...(terms === undefined ? {} : { terms }),
    owner: random.pick(['p1', 'p1', 'p2']),
    leaseMs: random.pick(AWAY),
    claim:
      key === undefined
        ? null
        : { id: key, fingerprint: random.pick(['f1', 'f1', 'f2']), keepMs: random.pick([10, 1_000, 3_000_000]) },
    about: about(random, one),
    onLapse: settlement(random, BigInt(amount), 1),
  };
}

/** Often what just fits, or just does not, what is there, what a cap leaves, or something into extra credits. */
function amountOf(random: Random, books: Books, { sources, caps, terms }: Layout, at: number): number {
  const available = Number(availableOf(books, sources, at));
  const extra = Number(extraLeft(books, terms?.extra ?? null));
  if (extra > 0 && random.percent(35)) return available + random.below(extra + 2);
  const room = random.pick([available + extra, available, ...caps.map((cap) => Number(leftOf(books, cap)))]);
  return random.percent(30) ? Math.max(0, room - 1 + random.below(3)) : random.below(50);
}

function about(random: Random, { caps }: Layout): HoldCommand['about'] {
  const workspace = caps.find((cap) => cap.scope.kind === 'workspace')?.scope.id ?? 'a/w1';
  const operation = random.pick(['chat', 'query']);
  return { workspace, key: 'k1', service: 's', operation, reason: 'Chats', cardVersion: 'v1', more: { path: '/x' } };
}

function ending(random: Random, callId: string, owner: string, held: bigint): Command {
  if (random.percent(25)) return { type: 'release', callId, owner, reason: 'refused', ended: {} };
  const answer = random.percent(40) ? { status: 200, headers: [], body: callId } : null;
  return { type: 'settle', callId, owner, settlement: settlement(random, held, 8), answer };
}

/** A charge up to the hold, often all or nothing; now and then past it, in `pastChance` of a hundred cases. */
function settlement(random: Random, held: bigint, pastChance: number): Settlement {
  const most = Number(held);
  const charge = random.percent(pastChance)
    ? most + 1
    : random.pick([0, most, most, most, random.below(most + 1), random.below(most + 1)]);
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
