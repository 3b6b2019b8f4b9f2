// What a sample store has of plans: allowances with seats and rollover, extra credits, caps that only watch, people and places with their
// audit, events and deliveries.
import { microcredits } from '@tollgate/shared/credits';
import type { CapCheck, Terms } from '../../ledger/commands.ts';
import type { Audit } from '../../ledger/rows.ts';
import { holdOf, HOUR_MS, settlementOf, START, type Sample } from './sample-store.ts';

const DAY_MS = 24 * HOUR_MS;

/** Some credits in a cycle, for the seat that they sit in, and extra credits past them. */
export function termsOf({ from, until }: { from: number; until: number }): Terms {
  const rollover = { most: microcredits(50), expiresAt: until + DAY_MS };
  const extra = { account: 'extra:a', limit: microcredits(1_000), from, until, fee: { perCredit: '0.002', currency: 'USD' } };
  const allowance = {
    kind: 'allowance',
    account: 'user:a/ann',
    seat: 'seat:a/s1',
    amount: microcredits(300),
    from,
    until,
  } as const;
  const lifetime = { kind: 'lifetime', account: 'user:a/ann', identity: 'ann', amount: microcredits(20) } as const;
  return { allowances: [{ ...allowance, rollover }, lifetime], extra, bypass: false, resetsAt: until, until };
}

export function auditOf(action: string, id: string, change: Partial<Audit> = {}): Audit {
  const subject = { kind: 'seat', id };
  const who = { by: 'k1', user: 'ann', from: '192.0.2.7', organization: 'a' };
  return { ...who, action, subject, before: null, after: { type: 'pro' }, reason: '', ...change };
}

/** Two calls past the allowance, one of them still open; and an allowance that nobody used and that rolls over. */
async function callsWithPlan({ ledger, store, clock }: Sample): Promise<void> {
  const cap: CapCheck = {
    id: 'cap:soft',
    scope: { kind: 'user', id: 'ann' },
    window: 'lifetime',
    from: 0,
    until: null,
    limit: microcredits(100),
    mode: 'soft',
  };
  const cycle = { from: START, until: ledger.now() + 1_000 };
  const terms = termsOf(cycle);
  const held = { sources: ['user:a/ann'], caps: [cap], terms, leaseMs: 1_000 * HOUR_MS };
  await ledger.run(holdOf('p-1', 400, held));
  await ledger.run({ type: 'settle', callId: 'p-1', owner: 'p1', settlement: settlementOf(350), answer: null });
  await ledger.run(holdOf('p-2', 30, held));
  const next = { kind: 'allowance', account: 'pool:c', seat: null, amount: microcredits(80), rollover: null } as const;
  await ledger.run({ type: 'allow', allowance: { ...next, ...cycle } });
  for (const due of termsOf(cycle).allowances) {
    if (due.kind === 'allowance')
      await ledger.run({ type: 'allow', allowance: { ...due, account: 'user:a/ben', seat: 'seat:a/s2' } });
  }
  clock.now = cycle.until;
  await ledger.run({ type: 'expire', account: 'user:a/ben' });
  await ledger.run({ type: 'allow', allowance: { ...next, from: cycle.until, until: cycle.until + DAY_MS } });
  const grants = await store.grantsOf('user:a/ben');
  if (!grants.some(({ kind }) => kind === 'rollover')) throw new Error('The sample has nothing that rolled over.');
}

/** Records that were made, changed, renamed and ended, with their audit, and events on their way. */
async function peopleAndPlaces({ ledger, store }: Sample): Promise<void> {
  const seat = (id: string, user: string | null, expects: number) => {
    const lookup = user === null ? null : `a/${user}`;
    return { kind: 'seat', id, organization: 'a', lookup, body: { id, type: 'pro', user }, expects } as const;
  };
  const events = [{ id: 'seat:1', type: 'seat.changed', organization: 'a', workspace: 'a/main', data: { seat: 'a/s1' } }];
  await ledger.run({
    type: 'put',
    puts: [seat('a/s1', 'ann', 0), seat('a/s2', null, 0)],
    audits: [auditOf('seat.make', 'a/s1')],
    events,
  });
  const swapped = [seat('a/s1', null, 1), seat('a/s2', 'ann', 1)];
  const before = { type: 'free', n: [1, 2.5, 'x'] };
  await ledger.run({ type: 'put', puts: swapped, audits: [auditOf('seat.change', 'a/s1', { before })], events });
  const gone = { ...seat('a/s1', null, 2), body: null };
  const refused = auditOf('payment.refuse', 'evt', {
    by: 'stripe',
    user: null,
    organization: null,
    after: 'forged',
    reason: 'signature',
  });
  await ledger.run({ type: 'put', puts: [gone], audits: [refused, auditOf('seat.end', 'a/s1')], events: [] });
  const delivery = { webhook: 'w1', attempts: 0, lastAt: null, lastStatus: null, lastError: '' } as const;
  const numbers = (await store.events({ after: 0, limit: 3 })).map(({ number }) => number);
  const waiting = numbers.map((event) => {
    return { ...delivery, id: `${String(event).padStart(12, '0')}.w1`, event, state: 'waiting', nextAt: START } as const;
  });
  await store.fanOut(waiting, numbers.at(-1) ?? 0);
  const [first, second] = waiting;
  if (first === undefined || second === undefined) throw new Error('The sample has too few events.');
  await store.putDelivery({ ...first, state: 'delivered', attempts: 1, nextAt: null, lastAt: START, lastStatus: 204 });
  await store.putDelivery({ ...second, state: 'dead', attempts: 9, nextAt: null, lastAt: START, lastError: 'refused' });
}

export async function planRows(sample: Sample): Promise<void> {
  await callsWithPlan(sample);
  await peopleAndPlaces(sample);
}
