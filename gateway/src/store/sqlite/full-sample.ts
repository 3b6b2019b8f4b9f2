// A store with some of everything in it, for tests: open, settled, released, lapsed and parked calls, every kind of entry, caps, claims
// with and without an answer, late settles, plans and people, cards and owned ids. Always the same.
import { microcredits } from '@tollgate/shared/credits';
import type { Ledger } from '../../ledger/ledger.ts';
import { planRows } from './sample-plans.ts';
import { emptyStore, grantOf, holdOf, HOUR_MS, settlementOf, START, type Sample } from './sample-store.ts';

/** Some hundred calls. */
export async function sampleStore(): Promise<Sample> {
  const sample = await emptyStore();
  const { ledger, clock } = sample;
  await giveGrants(ledger);
  for (let index = 0; index < 300; index += 1) {
    clock.now += 50_000;
    await oneCall(ledger, index);
  }
  await ledger.run({ type: 'void', grantId: 'voided', reason: 'given by mistake', by: 'op' });
  await ledger.run({
    type: 'correct',
    id: 'cor-1',
    account: 'pool:a',
    amount: microcredits(-5),
    callId: 'c-004',
    reason: 'typo',
    by: 'op',
  });
  await ledger.run({
    type: 'correct',
    id: 'cor-2',
    account: 'pool:b',
    amount: microcredits(7),
    callId: null,
    reason: 'sorry',
    by: 'op',
  });
  await ledger.run({ type: 'expire', account: 'pool:b' });
  await administrativeRows(sample);
  await planRows(sample);
  return sample;
}

async function giveGrants(ledger: Ledger): Promise<void> {
  await ledger.run(grantOf('g1', 'pool:a', 4_000));
  await ledger.run(grantOf('g2', 'pool:a', 1_000_000));
  await ledger.run(grantOf('soon', 'pool:b', 500, START + HOUR_MS));
  await ledger.run(grantOf('g3', 'pool:b', 1_000_000, START + 1_000 * HOUR_MS));
  await ledger.run(grantOf('voided', 'pool:b', 333));
}

/** The kind of call goes with its number, so that there are many of each. */
async function oneCall(ledger: Ledger, index: number): Promise<void> {
  const callId = `c-${String(index).padStart(3, '0')}`;
  const cap = { id: 'cap', scope: { kind: 'key', id: 'k1' }, window: 'hour', limit: microcredits(1_000_000) };
  const from = ledger.now() - (ledger.now() % HOUR_MS);
  await ledger.run(
    holdOf(callId, 100 + index, {
      leaseMs: HOUR_MS,
      sources: index % 3 === 0 ? ['pool:b', 'pool:a'] : ['pool:a'],
      caps: index % 2 === 0 ? [{ ...cap, from, until: from + HOUR_MS }] : [],
      claim: index % 5 === 0 ? { id: `main/chat/${callId}`, fingerprint: `f${index}`, keepMs: 24 * HOUR_MS } : null,
    }),
  );
  const end = { callId, owner: 'p1' };
  const kind = index % 10;
  if (index > 290 && kind === 3) return;
  if (index > 250 && kind === 4) {
    const onLapse = settlementOf(10, { end: 'deadline' });
    await ledger.run({ type: 'renew', callIds: [callId], owner: 'p1', leaseMs: HOUR_MS * 5, job: `job-${index}`, onLapse });
  } else if (kind === 7) {
    await ledger.run({ type: 'release', ...end, reason: 'refused', ended: index % 20 === 7 ? { counted: true } : {} });
  } else {
    const settlement = {
      ...settlementOf(index % 4 === 1 ? 0 : 50 + index, { flags: kind === 8 ? ['bound_broken'] : [] }),
      free: microcredits(index % 2),
    };
    const absorbed = microcredits(kind === 8 ? 3 : 0);
    const answer = index % 25 === 0 ? { status: 200, headers: [['content-type', 'text/plain'] as const], body: 'aGk=' } : null;
    await ledger.run({ type: 'settle', ...end, settlement: { ...settlement, absorbed }, answer });
  }
}

async function administrativeRows({ ledger, store, clock }: Sample): Promise<void> {
  await ledger.run(holdOf('late-1', 40, { leaseMs: 1_000 }));
  clock.now += 1_000;
  await ledger.run({ type: 'lapse', callId: 'late-1' });
  await ledger.run({ type: 'settle', callId: 'late-1', owner: 'p1', settlement: settlementOf(20, { late: true }), answer: null });
  await store.putCard({ version: 'v1', text: 'card: acme', file: 'rates.yaml', loadedAt: START });
  await store.claimOwned('dune', 'exec-1', 'main', 'c-000', START);
  await store.putResume('query.execute', START);
}
