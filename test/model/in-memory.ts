// The ledger over a store in maps. The way it is opened is passed in, so that a changed copy of the engine can be tried as well.
import type { Ledger, LedgerStore } from '../../gateway/src/ledger/ledger.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import type { Opens } from './play.ts';

export type OpenLedger = (store: LedgerStore, clock: { now: () => number }) => Ledger;

export function inMemory(openLedger: OpenLedger): Opens {
  return (now) => {
    const store = openMemoryStore();
    const ledger = openLedger(store, { now });
    return Promise.resolve({ ledger, rows: () => Promise.resolve(store.rows), close: () => ledger.close() });
  };
}
