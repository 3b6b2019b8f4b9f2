// Records of a store in memory, as a directory reads them; a read can be made to fail.
import type { RecordStore } from '../../gateway/src/ledger/beside.ts';
import type { StoredRecord } from '../../gateway/src/ledger/rows.ts';
import type { MemoryStore } from '../kit/memory-store.ts';

/** @param waits how many steps a read takes, in which others come in between */
export function recordsIn({ rows }: MemoryStore, fails: () => boolean, waits: () => number): RecordStore {
  const read = async <T>(find: () => T): Promise<T> => {
    for (let steps = waits(); steps > 0; steps -= 1) await Promise.resolve();
    if (fails()) throw Object.assign(new Error('the disk did not answer'), { code: 'SQLITE_IOERR' });
    return find();
  };
  const isThere = ({ body }: StoredRecord): boolean => body !== null;
  return {
    record: (kind, id) => read(() => rows.records.get(`${kind} ${id}`)),
    recordByLookup: (kind, lookup) =>
      read(() => [...rows.records.values()].find((row) => row.kind === kind && row.lookup === lookup)),
    records: (kind, { organization, prefix = '', after = '', limit = Infinity }) =>
      read(() =>
        [...rows.records.values()]
          .filter((row) => row.kind === kind && isThere(row) && row.id.startsWith(prefix) && row.id > after)
          .filter((row) => organization === undefined || row.organization === organization)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit),
      ),
  };
}
