// The ledger over a store in maps. The way it is opened is passed in, so that a changed copy of the engine can be tried as well.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger, LedgerStore } from '../../gateway/src/ledger/ledger.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import type { MemoryStore } from '../kit/memory-store.ts';
import { brokenRule } from './invariants.ts';
import type { Opens, Subject } from './play.ts';

export type OpenLedger = (store: LedgerStore, options: { now: () => number; startAt?: number; batchMost?: number }) => Ledger;

export interface InMemoryOptions {
  /** Writes take a while and batches are small, so that batches are decided on top of those that are still being written. */
  overlaps?: boolean;
}

export function inMemory(openLedger: OpenLedger, options: InMemoryOptions = {}): Opens {
  return (now) => Promise.resolve(subjectOf(openLedger, openMemoryStore(), now, options));
}

function subjectOf(openLedger: OpenLedger, store: MemoryStore, now: () => number, options: InMemoryOptions): Subject {
  const open = { now, startAt: lastAt(store) };
  const ledger = options.overlaps === true ? openLedger(slow(store), { ...open, batchMost: 5 }) : openLedger(store, open);
  return {
    ledger,
    store,
    rows: () => Promise.resolve(store.rows),
    broken: () => Promise.resolve(brokenRule(store.rows)),
    restart: async () => {
      await ledger.close();
      return subjectOf(openLedger, store, now, options);
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
