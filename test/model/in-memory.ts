// The ledger over a store in maps. The way it is opened is passed in, so that a changed copy of the engine can be tried as well.
import type { Ledger, LedgerStore } from '../../gateway/src/ledger/ledger.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import type { MemoryStore } from '../kit/memory-store.ts';
import { brokenRule } from './invariants.ts';
import type { Opens, Subject } from './play.ts';

export type OpenLedger = (store: LedgerStore, options: { now: () => number; startAt?: number }) => Ledger;

export function inMemory(openLedger: OpenLedger): Opens {
  return (now) => Promise.resolve(subjectOf(openLedger, openMemoryStore(), now));
}

function subjectOf(openLedger: OpenLedger, store: MemoryStore, now: () => number): Subject {
  const ledger = openLedger(store, { now, startAt: lastAt(store) });
  return {
    ledger,
    store,
    rows: () => Promise.resolve(store.rows),
    broken: () => Promise.resolve(brokenRule(store.rows)),
    restart: async () => {
      await ledger.close();
      return subjectOf(openLedger, store, now);
    },
    close: () => ledger.close(),
  };
}

/** The newest moment that a row tells of, as a store gives it to the ledger that is opened over it. */
function lastAt({ rows }: MemoryStore): number {
  const moments = [...rows.entries, ...rows.audits, ...rows.events.values()].map((row) => row.at);
  return Math.max(0, ...moments, ...[...rows.calls.values()].map((call) => call.heldAt));
}
