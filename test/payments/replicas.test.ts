// Two gateways over one store notice the same low pool, at the same moment and again: one package is bought, not two.
import { microcredits } from '@tollgate/shared/credits';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { expect, test } from 'vitest';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import { openBuying, type Buying } from '../../gateway/src/payments/buying.ts';
import type { Payments } from '../../gateway/src/payments/payments.ts';
import { openDirectory, putOf } from '../../gateway/src/people/directory.ts';
import { newOrganization } from '../../gateway/src/people/first-organization.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import { randomFrom } from '../model/random.ts';
import { recordsIn } from './memory-records.ts';
import { PLANS } from './plans.ts';

const CREDIT = 1_000_000;
const AT = Date.parse('2026-01-31T12:00:00Z');
const SERVICES = 'services: { work: { path: /work, upstream: x, operations: [{ id: a, match: GET /a, price: [{ rate: 1 }] }] } }';

test('who counts the same purchases makes the same one', async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { orders, charged, pool } = await twoGateways(seed);
    expect([seed, orders, charged, pool]).toEqual([seed, 1, 1, 110 * CREDIT]);
  }
});

async function twoGateways(seed: number): Promise<{ orders: number; charged: number; pool: number }> {
  const random = randomFrom(seed);
  const store = openMemoryStore();
  const ledger = openLedger(store, { now: () => AT });
  // Asked twice for one order, it charges once: that is its part.
  const charged = new Set<string>();
  const account: Payments = {
    adapter: 'stripe',
    charging: 'stripe',
    checkout: () => Promise.reject(new Error('nobody pays in a checkout here')),
    charge: async ({ id }) => {
      charged.add(id);
      for (let steps = random.below(6); steps > 0; steps -= 1) await Promise.resolve();
      return { state: 'paid', reference: `pay_${id}` };
    },
    setUp: () => Promise.reject(new Error('nobody saves a card here')),
    endMethod: () => Promise.resolve(),
    read: () => Promise.reject(new Error('nobody sends messages here')),
  };
  const gateways = [1, 2].map((): Buying => {
    // Most reads are quick, and some last as long as a whole purchase of the other gateway.
    const waits = (): number => (random.percent(20) ? random.below(400) : random.below(3));
    const directory = openDirectory(
      recordsIn(store, () => false, waits),
      ledger,
      100,
    );
    const extra = { extraWindows: () => Promise.resolve([]), extraDrawn: () => Promise.resolve([]) };
    const log = { warn: (facts: object) => expect(facts).toBeUndefined(), error: () => undefined };
    return openBuying({ directory, ledger, payments: account, card: cardOf, extra, log }, 1e9);
  });
  const [first] = gateways;
  if (first === undefined) throw new Error('no gateway');
  const autoPurchase = {
    package: 'small',
    threshold: microcredits(100 * CREDIT),
    mostPerCycle: 1_000,
    coolDownMs: 0,
    paused: null,
  };
  const paymentMethod = { adapter: 'stripe', reference: 'cus_1/pm_1', label: 'a card' } as const;
  const organization = {
    ...newOrganization({ id: 'acme', name: 'acme', kind: 'company', timeZone: 'UTC' }),
    autoPurchase,
    paymentMethod,
  };
  await first.directory.write({ puts: [putOf('organization', 'acme', 'acme', organization)], audits: [], events: [] });
  const left = { id: 'left', account: 'pool:acme', kind: 'top-up', amount: microcredits(60 * CREDIT), priority: 0 } as const;
  await ledger.run({ type: 'grant', ...left, effectiveAt: null, expiresAt: null, reason: '', by: 'test' });
  // Each as a process that was just started and reads everything, or as one that was told of the pool.
  for (const gateway of gateways) gateway.committed({ accounts: [], windows: [], records: [...store.rows.records.values()] });
  await Promise.all(gateways.flatMap((gateway) => [gateway.look(), gateway.look()]));
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await ledger.close();
  const orders = [...store.rows.records.values()].filter(({ kind }) => kind === 'order').length;
  return { orders, charged: charged.size, pool: store.rows.accounts.get('pool:acme')?.balance ?? 0 };
}

const loaded = loadRateCard(`card: replicas\n${SERVICES}\n${PLANS}`, { file: 'replicas.yaml', version: 'v1' });

function cardOf() {
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.card;
}
