// The people and places of this gateway: records by kind, read from the store and written through the ledger's queue, so that a change, its
// audit and what is told of it are one commit (FEATURES H7).
import { LRUCache } from 'lru-cache';
import type { RecordPage, RecordStore } from '../ledger/beside.ts';
import type { Put, PutCommand } from '../ledger/commands.ts';
import type { Changes, Ledger } from '../ledger/ledger.ts';
import type { PutOutcome } from '../ledger/outcomes.ts';
import type { StoredRecord } from '../ledger/rows.ts';
import type { Documents, Kind } from './documents.ts';

/** A document with the version that `If-Match` compares. */
export interface Kept<K extends Kind> {
  body: Documents[K];
  version: number;
  /** Epoch milliseconds of this version. */
  at: number;
}

export interface Directory {
  get<K extends Kind>(kind: K, id: string): Promise<Kept<K> | undefined>;
  byLookup<K extends Kind>(kind: K, lookup: string): Promise<Kept<K> | undefined>;
  /** By id, as the store has them now. */
  list<K extends Kind>(kind: K, page: RecordPage): Promise<readonly Kept<K>[]>;
  /** All or nothing, with its audit and events. */
  write(command: Omit<PutCommand, 'type'>): Promise<PutOutcome>;
  /** Called after each commit, so that what has changed is not read from memory again. */
  committed(changes: Pick<Changes, 'records'>): void;
}

// The organizations and people of a busy gateway; what is not among them costs one read.
const KEPT_MOST = 50_000;
// Another process may have changed it in the same store.
const KEPT_MS = 1_000;

/** @param keptMost documents remembered at most: making room for many takes its time, which a gateway spends once */
export function openDirectory(store: RecordStore, ledger: Ledger, keptMost = KEPT_MOST): Directory {
  const known = new LRUCache<string, Promise<StoredRecord | undefined>>({ max: keptMost, ttl: KEPT_MS });

  function read(id: string, find: () => Promise<StoredRecord | undefined>): Promise<StoredRecord | undefined> {
    const kept = known.get(id);
    if (kept !== undefined) return kept;
    const found = find();
    known.set(id, found);
    found.catch(() => known.delete(id));
    return found;
  }

  return {
    async get(kind, id) {
      return keptOf(await read(`${kind} ${id}`, () => store.record(kind, id)));
    },
    async byLookup(kind, lookup) {
      return keptOf(await read(`${kind} by ${lookup}`, () => store.recordByLookup(kind, lookup)));
    },
    async list(kind, page) {
      return (await store.records(kind, page)).flatMap((row) => keptOf<typeof kind>(row) ?? []);
    },
    async write(command) {
      const outcome = await ledger.run({ type: 'put', ...command });
      // What was written here is read here from then on; and where another process was first, what is remembered is not the newest.
      known.clear();
      return outcome;
    },
    committed({ records }) {
      // Whoever was found by another name may be found by it no more: forgetting all is the simple way to be right.
      if (records.length > 0) known.clear();
    },
  };
}

/** What a write says of one document. `expects` as in `Put`. */
export function putOf<K extends Kind>(
  kind: K,
  id: string,
  organization: string,
  body: Documents[K] | null,
  { expects = null, lookup = null }: { expects?: number | null; lookup?: string | null } = {},
): Put {
  return { kind, id, organization, lookup, body: body as Put['body'], expects };
}

function keptOf<K extends Kind>(row: StoredRecord | undefined): Kept<K> | undefined {
  if (row === undefined || row.body === null) return undefined;
  return { body: row.body as unknown as Documents[K], version: row.version, at: row.at };
}
