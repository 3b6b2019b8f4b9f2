// A bill is for what the windows counted that enforced the limit, and waits for what is still held. Where the grants say otherwise it is not written.
import { microcredits } from '@tollgate/shared/credits';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { expect, test } from 'vitest';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import { billExtra } from '../../gateway/src/payments/bill.ts';
import { openManualPayments } from '../../gateway/src/payments/manual.ts';
import { openDirectory, putOf } from '../../gateway/src/people/directory.ts';
import { newOrganization } from '../../gateway/src/people/first-organization.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import { recordsIn } from './memory-records.ts';
import { PLANS } from './plans.ts';

const AT = Date.parse('2026-02-10T12:00:00Z');
const JANUARY = `extra:acme@${Date.parse('2026-01-01T00:00:00Z')}`;
const SERVICES = 'services: { work: { path: /work, upstream: x, operations: [{ id: a, match: GET /a, price: [{ rate: 1 }] }] } }';

test.each([
  ['as many as were counted', 5, 5, 0, [JANUARY], []],
  ['fewer than were counted', 4, 5, 0, [], ['extra credits do not add up and are not billed']],
  ['more than were counted', 6, 5, 0, [], ['extra credits do not add up and are not billed']],
  ['some that are still held', 5, 5, 1, [], []],
])('%s', async (_, drawn, counted, held, orders, errors) => {
  const store = openMemoryStore();
  const ledger = openLedger(store, { now: () => AT });
  const records = recordsIn(
    store,
    () => false,
    () => 0,
  );
  const directory = openDirectory(records, ledger, 100);
  const organization = newOrganization({ id: 'acme', name: 'acme', kind: 'company', timeZone: 'UTC' });
  await directory.write({ puts: [putOf('organization', 'acme', 'acme', organization)], audits: [], events: [] });
  const fee = { perCredit: '0.3', currency: 'USD' };
  const extra = {
    extraWindows: () => Promise.resolve([{ id: JANUARY, spent: credits(counted), held: credits(held) }]),
    extraDrawn: () => Promise.resolve([{ fee, spent: credits(drawn), held: credits(0) }]),
  };
  const said: string[] = [];
  const log = { warn: () => undefined, error: (...words: unknown[]) => void said.push(String(words[1])) };
  await billExtra({ directory, ledger, payments: openManualPayments(), card: cardOf, extra, log }, 'acme');
  expect((await directory.list('order', {})).map(({ body }) => body.id)).toEqual(orders);
  expect(said).toEqual(errors);
  await ledger.close();
});

function credits(amount: number): ReturnType<typeof microcredits> {
  return microcredits(amount * 1_000_000);
}

const loaded = loadRateCard(`card: bills\n${SERVICES}\n${PLANS}`, { file: 'bills.yaml', version: 'v1' });

function cardOf() {
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.card;
}
