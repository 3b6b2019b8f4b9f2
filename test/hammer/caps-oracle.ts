// Whether each cap held, by what the upstream saw and what callers were told. Costs are the oracle's own; of the ledger's file only the order
// and the moments of the holds are taken, and those moments must lie between what the callers noted.
import type { Noted } from './callers.ts';
import type { CapsBooks, CapsRow } from './caps-rows.ts';
import { CREDIT, type Scene } from './caps-scene.ts';
import { expectedCharge, expectedHold, type UpstreamEnd } from './oracle.ts';
import { plannedCall, type PlanOptions } from './plan.ts';

export interface CapsWitnesses {
  scene: Scene;
  plan: PlanOptions;
  noted: readonly Noted[];
  upstream: readonly Readonly<Record<string, unknown>>[];
  books: CapsBooks;
  /** When the day, and with it the cycle, turned. */
  midnight: number;
  /** Credits granted by hand to the pool, with what they could pay for: calls of the first day, of the second, or of either. */
  byHand: readonly { amount: number; days: readonly Day[] }[];
}

export type Day = 'first' | 'second';

const DAY_MS = 86_400_000;

/** One call as the oracle knows it; amounts in microcredits. */
interface Seen {
  who: string;
  day: Day;
  hold: number;
  charge: number;
  extra: number;
}

export interface Held {
  differences: string[];
  /** What was charged, by who and day, in microcredits. */
  spent: ReadonlyMap<string, number>;
}

export function checkCaps(witnesses: CapsWitnesses): Held {
  const { scene } = witnesses;
  const { seen, differences } = seenIn(witnesses);
  const limits: readonly (readonly [string, number, (one: Seen) => boolean])[] = [
    ...[...new Set(seen.map(({ who }) => who))]
      .filter((who) => who !== 'batch')
      .map((who) => [`the cap of ${who}`, scene.perUser, (one: Seen) => one.who === who] as const),
    ['the cap of the key of u1', scene.perKey, (one) => one.who === 'u1'],
  ];
  for (const day of ['first', 'second'] as const) {
    const today = seen.filter((one) => one.day === day);
    for (const [name, limit, counts] of limits) {
      const over = firstOver(today.filter(counts), limit * CREDIT);
      if (over !== undefined) differences.push(`${name} of ${limit} was passed on the ${day} day: ${over}`);
    }
    const extra = sum(today.map((one) => one.extra));
    if (extra > scene.extra * CREDIT)
      differences.push(`${extra} were drawn as extra credits on the ${day} day, of ${scene.extra}`);
    differences.push(...overSupply(witnesses, today, day), ...overGiven(witnesses, day));
  }
  return { differences, spent: spentBy(seen) };
}

/** The calls that the upstream saw, in the order of their holds, each priced by the oracle. */
function seenIn({ plan, noted, upstream, books, midnight }: CapsWitnesses): { seen: Seen[]; differences: string[] } {
  const differences: string[] = [];
  const ends = new Map<number, UpstreamEnd>();
  for (const line of upstream) {
    if (line['phase'] === 'ended')
      ends.set(Number(line['callId']), { status: line['status'] as number | null, usage: line['usage'] });
  }
  const notes = new Map(noted.map((note) => [note.n, note]));
  const seen = books.rows.flatMap((row): Seen[] => {
    const note = row.n === null ? undefined : notes.get(row.n);
    const end = row.n === null ? undefined : ends.get(row.n);
    if (row.n === null || note === undefined || end === undefined) {
      differences.push(`call ${row.id} was not made by a caller, or not seen to its end by the upstream`);
      return [];
    }
    differences.push(...checkNote(row, note));
    const call = plannedCall(row.n, plan);
    const day = row.heldAt < midnight ? 'first' : 'second';
    const extra = books.extra.get(row.id) ?? 0;
    return [{ who: note.who, day, hold: expectedHold(call), charge: expectedCharge(call, end) ?? 0, extra }];
  });
  return { seen, differences };
}

/** The same machine's clock: what the ledger says of the moment of a hold can not be far from what its caller noted. */
function checkNote(row: CapsRow, { n, who, sentAt, toldAt }: Noted): string[] {
  const found: string[] = [];
  if (row.key !== `k-${who}`) found.push(`call number ${n} of ${who} was held for ${row.key}`);
  if (row.heldAt < sentAt || row.heldAt > toldAt)
    found.push(`call number ${n} was held at ${row.heldAt}, and sent and answered at ${sentAt} and ${toldAt}`);
  return found;
}

/** At each hold, what was charged to the calls held before it and the most that this one can cost have to fit. */
function firstOver(calls: readonly Seen[], limit: number): string | undefined {
  let charged = 0;
  for (const { hold, charge } of calls) {
    if (charged + hold > limit) return `${charged} had been charged when ${hold} were held`;
    charged += charge;
  }
  return undefined;
}

/** What people spend past their own allowances, and services at all, comes from the pool, from grants by hand and from extra credits. */
function overSupply({ scene, byHand }: CapsWitnesses, today: readonly Seen[], day: Day): string[] {
  const own = allowancesOf(scene);
  const shared = sum(
    own.map(({ users, amount }) => {
      const spent = sum(today.filter(({ who }) => users.includes(who)).map(({ charge }) => charge));
      return Math.max(0, spent - amount * CREDIT);
    }),
  );
  const hands = sum(byHand.filter(({ days }) => days.includes(day)).map(({ amount }) => amount));
  const most = (scene.pool + scene.extra + hands) * CREDIT;
  return shared > most ? [`${shared} were spent past allowances on the ${day} day, of ${most} that there were`] : [];
}

/** Seats that change hands or type give no more than they may, and no less: by the grants themselves, used or not. */
function overGiven({ scene, books, midnight }: CapsWitnesses, day: Day): string[] {
  const ends = day === 'first' ? midnight : midnight + DAY_MS;
  const given = (account: string): number =>
    sum(books.allowances.filter((one) => one.account === account && one.expiresAt === ends).map(({ amount }) => amount));
  const own = allowancesOf(scene).map(({ users, amount, least = amount }) => {
    return { name: users.join(' and '), got: sum(users.map((user) => given(`user:main/${user}`))), amount, least };
  });
  return [...own, { name: 'the pool', got: given('pool:main'), amount: scene.pool, least: scene.pool }]
    .filter(({ got, amount, least }) => got > amount * CREDIT || got < least * CREDIT)
    .map(({ name, got, amount }) => `${name} got ${got} on the ${day} day, of an allowance of ${amount}`);
}

/**
 * Who has which allowance on either day, by the changes of caps.ts: u3 moves up on the first day and is topped up to the better seat, once,
 * and keeps it in the second, in which it moves down again; the seat of u4 goes to u7 and gives no more than its type for it. On a busy
 * machine a change may come after midnight.
 */
function allowancesOf({ seats: { pro, max } }: Scene): readonly { users: readonly string[]; amount: number; least?: number }[] {
  return [
    { users: ['u1'], amount: pro },
    { users: ['u2'], amount: pro },
    { users: ['u3'], amount: max, least: pro },
    { users: ['u4', 'u7'], amount: pro },
    { users: ['u5'], amount: max },
    { users: ['u6'], amount: max },
    { users: ['batch'], amount: 0 },
  ];
}

function spentBy(seen: readonly Seen[]): Map<string, number> {
  const spent = new Map<string, number>();
  for (const { who, day, charge } of seen) spent.set(`${who} ${day}`, (spent.get(`${who} ${day}`) ?? 0) + charge);
  return spent;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
