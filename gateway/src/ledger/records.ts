// Records as one command, or one batch of them, has left them, over the rows that are there; and who is found by which other name.
import type { State } from './ledger.ts';
import type { StoredRecord } from './rows.ts';

type Base = Pick<State, 'record' | 'lookup'>;

export class Records {
  #base: Base;
  /** By kind and id, in the order of their last change. */
  readonly #rows = new Map<string, StoredRecord>();
  /** By kind and other name; null: free. */
  readonly #lookups = new Map<string, string | null>();

  constructor(base: Base) {
    this.#base = base;
  }

  record(kind: string, id: string): StoredRecord | undefined {
    return this.#rows.get(nameOf(kind, id)) ?? this.#base.record(kind, id);
  }

  lookup(kind: string, lookup: string): string | undefined {
    const id = this.#lookups.get(nameOf(kind, lookup));
    return id === undefined ? this.#base.lookup(kind, lookup) : (id ?? undefined);
  }

  /** Another name that it had before is free from now on. */
  set(row: StoredRecord): void {
    const before = this.record(row.kind, row.id)?.lookup ?? null;
    if (before !== null) this.#lookups.set(nameOf(row.kind, before), null);
    if (row.lookup !== null) this.#lookups.set(nameOf(row.kind, row.lookup), row.id);
    const name = nameOf(row.kind, row.id);
    this.#rows.delete(name);
    this.#rows.set(name, row);
  }

  changed(): StoredRecord[] {
    return [...this.#rows.values()];
  }

  rebase(base: Base): void {
    this.#base = base;
  }
}

/** No kind has a space. */
function nameOf(kind: string, name: string): string {
  return `${kind} ${name}`;
}
