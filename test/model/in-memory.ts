// The ledger over a store in maps. The way it is opened is passed in, so that a changed copy of the engine can be tried as well.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Changes, Ledger, LedgerStore } from '../../gateway/src/ledger/ledger.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import type { MemoryStore } from '../kit/memory-store.ts';
import { brokenRule } from './invariants.ts';
import { difference, rowsOfStore } from './plain.ts';
import type { Opens, Subject } from './play.ts';

export type OpenLedger = (
  store: LedgerStore,
  options: { now: () => number; startAt?: number; batchMost?: number; committed?: (changes: Changes) => void },
) => Ledger;

export function inMemory(openLedger: OpenLedger): Opens {
  return (now) => Promise.resolve(subjectOf((store) => openLedger(store, { now, startAt: lastAt(store) }), openMemoryStore()));
}

/**
 * Writes take a while and batches are small, so that batches are decided on top of those that are still being written. What is told of each
 * batch must add up to the same rows.
 */
export function inMemoryOverlapping(openLedger: OpenLedger): Opens {
  return (now) => {
    const told = openMemoryStore();
    const committed = (changes: Changes) => void told.write(changes);
    const open = (store: MemoryStore) => openLedger(slow(store), { now, startAt: lastAt(store), batchMost: 5, committed });
    return Promise.resolve(subjectOf(open, openMemoryStore(), told));
  };
}

function subjectOf(open: (store: MemoryStore) => Ledger, store: MemoryStore, told?: MemoryStore): Subject {
  const ledger = open(store);
  return {
    ledger,
    store,
    rows: () => {
      const differs = told === undefined ? undefined : difference(rowsOfStore(store.rows), rowsOfStore(told.rows), 'told');
      return differs === undefined ? Promise.resolve(store.rows) : Promise.reject(new Error(differs));
    },
    broken: () => Promise.resolve(brokenRule(store.rows)),
    restart: async () => {
      await ledger.close();
      return subjectOf(open, store, told);
    },
    close: () => ledger.close(),
  };
}

function slow(store: MemoryStore): LedgerStore {
  return {
    ...store,
    write: async (changes) => {
      await nextTurn();
      await store.write(changes);
    },
  };
}

/** The newest moment that a row tells of, as a store gives it to the ledger that is opened over it. */
function lastAt({ rows }: MemoryStore): number {
  const moments = [...rows.entries, ...rows.audits, ...rows.events.values()].map((row) => row.at);
  return Math.max(0, ...moments, ...[...rows.calls.values()].map((call) => call.heldAt));
}
