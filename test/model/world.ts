// The people whom a random history is about: two organizations with a plan each, users who change seats, plans that are toggled, cycles
// that are moved. It only lays out what a hold carries; what comes of it is the ledger's and the model's to say.
import { microcredits } from '@tollgate/shared/credits';
import type { AllowanceDue, CapCheck, Terms } from '../../gateway/src/ledger/commands.ts';
import type { Random } from './random.ts';

interface SeatShape {
  allowance: number;
  lifetime: number;
  draw: readonly string[];
}

interface PlanShape {
  pool: number;
  /** By type; `''` alone where the plan has no seats. */
  seats: Readonly<Record<string, SeatShape>>;
  draw: readonly string[];
  /** Undefined: no extra credits at all. */
  extra: number | undefined;
  rollover: { most: number; cycles: number | null } | undefined;
}

const ALL = ['individual', 'pool', 'extra'];
const PLANS: readonly [PlanShape, ...PlanShape[]] = [
  {
    pool: 150,
    seats: {
      free: { allowance: 0, lifetime: 60, draw: ['individual'] },
      pro: { allowance: 80, lifetime: 0, draw: ALL },
      max: { allowance: 200, lifetime: 0, draw: ALL },
    },
    draw: ['pool', 'extra'],
    extra: 40,
    rollover: undefined,
  },
  {
    pool: 300,
    seats: {
      pro: { allowance: 60, lifetime: 0, draw: ['pool', 'individual'] },
      max: { allowance: 90, lifetime: 20, draw: ALL },
    },
    draw: ['pool'],
    extra: 25,
    rollover: { most: 50, cycles: 2 },
  },
  {
    pool: 0,
    seats: { '': { allowance: 100, lifetime: 0, draw: ['individual', 'extra'] } },
    draw: ['extra'],
    extra: 10,
    rollover: { most: 70, cycles: null },
  },
  { pool: 120, seats: { '': { allowance: 0, lifetime: 30, draw: ALL } }, draw: ['pool', 'extra'], extra: 0, rollover: undefined },
];

const CYCLES: [number, ...number[]] = [60, 700, 5_000, 5_000_000];
const USERS = ['u', 'v', 'w'] as const;
export const ORGANIZATIONS = ['a', 'b'] as const;
/** Every account that there can be. */
export const ACCOUNTS = [
  ...ORGANIZATIONS.flatMap((id) => [`pool:${id}`, `extra:${id}`, ...USERS.map((user) => `user:${id}/${user}`)]),
  'absorbed',
];
/** Every allowance that there can be. */
export const ALLOWANCES = [...ACCOUNTS, ...ORGANIZATIONS.flatMap((id) => [`seat:${id}/s1`, `seat:${id}/s2`])];

export interface Organization {
  id: string;
  plan: PlanShape | undefined;
  cycleMs: number;
  /** Where its cycles begin, counted from 0. */
  shiftMs: number;
  /** Who sits in s1 and s2, and in a seat of which type. */
  seats: Record<'s1' | 's2', { user: string; type: string }>;
  extraLimit: number | undefined;
}

export type World = readonly [Organization, ...Organization[]];

export function newWorld(random: Random): World {
  const [first, ...rest] = ORGANIZATIONS.map((id): Organization => {
    const plan = random.percent(85) ? random.pick(PLANS) : undefined;
    const seats = { s1: { user: 'u', type: typeIn(random, plan) }, s2: { user: 'v', type: typeIn(random, plan) } };
    return { id, plan, cycleMs: random.pick(CYCLES), shiftMs: random.below(50), seats, extraLimit: plan?.extra };
  });
  if (first === undefined) throw new Error('there is no organization');
  return [first, ...rest];
}

/** Something that an admin would do, now and then. */
export function change(random: Random, world: World): void {
  const one = random.pick(world);
  const seat = one.seats[random.pick<'s1' | 's2'>(['s1', 's2'])];
  const chance = random.below(100);
  if (chance < 40) seat.user = random.pick(USERS);
  else if (chance < 70) seat.type = typeIn(random, one.plan);
  else if (chance < 85) {
    one.plan = random.percent(85) ? random.pick(PLANS) : undefined;
    one.extraLimit = one.plan?.extra;
    for (const each of Object.values(one.seats)) each.type = typeIn(random, one.plan);
  } else if (chance < 93 && one.extraLimit !== undefined) one.extraLimit = random.pick([0, 10, 40, 100]);
  // Cycles that overlap those before them: nothing may be given twice for it.
  else if (chance < 97) one.shiftMs = random.below(one.cycleMs);
  else one.cycleMs = random.pick(CYCLES);
}

function typeIn(random: Random, plan: PlanShape | undefined): string {
  const [first = '', ...rest] = Object.keys(plan?.seats ?? {});
  return random.pick([first, ...rest]);
}

/** What a hold carries for a payer at a moment. */
export interface Layout {
  sources: string[];
  caps: CapCheck[];
  terms: Terms | undefined;
}

export function layOut(one: Organization, user: string | undefined, at: number): Layout {
  const { id, plan } = one;
  const cycle = spanAt(one.cycleMs, at, one.shiftMs);
  const [seat, { type }] = Object.entries(one.seats).find(([, each]) => each.user === user) ?? [undefined, { type: undefined }];
  const shape = plan?.seats[''] === undefined ? plan?.seats[type ?? 'nobody'] : plan.seats[''];
  const seated = user === undefined ? undefined : shape;
  const draw = plan === undefined ? ['pool'] : (seated?.draw ?? plan.draw);
  const account = `user:${id}/${user}`;
  const sources = draw.flatMap((name) => {
    if (name === 'pool') return [`pool:${id}`];
    return name === 'individual' && user !== undefined ? [account] : [];
  });
  const rollover = rolloverOf(plan, cycle);
  const allowances: AllowanceDue[] = [];
  if (seated !== undefined && seated.allowance > 0) {
    const from = plan?.seats[''] === undefined && seat !== undefined ? `seat:${id}/${seat}` : null;
    allowances.push({ kind: 'allowance', account, seat: from, amount: microcredits(seated.allowance), ...cycle, rollover });
  }
  if (seated !== undefined && seated.lifetime > 0)
    allowances.push({ kind: 'lifetime', account, identity: `i-${user}`, amount: microcredits(seated.lifetime) });
  if (plan !== undefined && plan.pool > 0)
    allowances.push({
      kind: 'allowance',
      account: `pool:${id}`,
      seat: null,
      amount: microcredits(plan.pool),
      ...cycle,
      rollover,
    });
  const comes = allowances.some((due) => due.kind === 'allowance' && sources.includes(due.account));
  const extra = {
    account: `extra:${id}`,
    limit: microcredits(one.extraLimit ?? 0),
    ...cycle,
    fee: { perCredit: '0.002', currency: 'USD' },
  };
  const terms = {
    allowances,
    extra: draw.includes('extra') && one.extraLimit !== undefined ? extra : null,
    bypass: false,
    resetsAt: comes ? cycle.until : null,
    until: cycle.until,
  };
  return { sources, caps: capsOf(one, user, at, cycle), terms: plan === undefined ? undefined : terms };
}

function rolloverOf(plan: PlanShape | undefined, cycle: { from: number; until: number }) {
  if (plan?.rollover === undefined) return null;
  const { most, cycles } = plan.rollover;
  const expiresAt = cycles === null ? null : cycle.until + cycles * (cycle.until - cycle.from);
  return { most: microcredits(most), expiresAt };
}

function capsOf(
  { id, plan }: Organization,
  user: string | undefined,
  at: number,
  cycle: { from: number; until: number },
): CapCheck[] {
  const cap = (name: string, kind: string, whom: string, window: string, limit: number, span: Span, mode: CapCheck['mode']) => {
    const given = mode === undefined ? {} : { mode };
    return { id: name, scope: { kind, id: whom }, window, ...span, limit: microcredits(limit), ...given };
  };
  const name = `${id}/${user}`;
  return [
    cap(`minute:${id}`, 'key', 'k1', 'hour', 60, spanAt(100, at), undefined),
    cap(`second:${id}`, 'workspace', `${id}/w1`, 'day', 150, spanAt(1_000, at), 'hard'),
    cap(`ever:${id}`, 'key', 'k1', 'lifetime', 500, { from: 0, until: null }, undefined),
    cap(`cycle:${name}`, 'user', name, 'cycle', 120, cycle, 'soft'),
    cap(`shadow:${id}`, 'operation', 'chat', 'day', 40, spanAt(1_000, at), 'shadow'),
    cap(`watch:pool:${id}`, 'organization', id, 'cycle', plan?.pool ?? 0, cycle, 'watch'),
    cap(`watch:user:${name}`, 'user', name, 'cycle', 80, cycle, 'watch'),
  ];
}

interface Span {
  from: number;
  until: number | null;
}

/** The span of this length that a moment falls in. */
function spanAt(lengthMs: number, at: number, shiftMs = 0): { from: number; until: number } {
  const from = at - ((at - shiftMs) % lengthMs);
  return { from, until: from + lengthMs };
}
