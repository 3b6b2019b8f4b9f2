// The rows that the process keeps in memory, because it owns the file: what recent commands touched, as of the last durable batch.
import { placeGrant } from '../../ledger/overlay.ts';
import type { Changes, State } from '../../ledger/ledger.ts';
import type { Account, Allowance, Call, CapWindow, Claim, Entry, Grant, StoredRecord } from '../../ledger/rows.ts';
import { Kept } from './kept.ts';

/** Rows by id. One that is `undefined` is known to be absent on the disk; one that is missing is not known. */
export class Rows implements State {
  readonly accounts = new Kept<KeptAccount>(ROWS_MOST);
  /** Open calls, and ended ones that a command named. */
  readonly calls = new Kept<{ seq: number; call: Call } | undefined>(ROWS_MOST);
  readonly windows = new Kept<CapWindow | undefined>(ROWS_MOST);
  readonly claims = new Kept<Claim | undefined>(ROWS_MOST);
  /** Grants and corrections that a command named. */
  readonly grantsNamed = new Kept<Grant | undefined>(ROWS_MOST);
  readonly corrections = new Kept<Entry | undefined>(ROWS_MOST);
  readonly allowances = new Kept<Allowance | undefined>(ROWS_MOST);
  /** Records that a command named, by kind and id, also those that are gone; and ids by kind and other name. */
  readonly records = new Kept<StoredRecord | undefined>(RECORDS_MOST);
  readonly lookups = new Kept<string | undefined>(RECORDS_MOST);
  /**
   * Ids of the newest calls, so that a hold with an id that was used before is known without asking the disk for every hold. Older
   * repeats are refused by the table's UNIQUE constraint.
   */
  readonly recentIds: Kept<true>;

  constructor(recentCalls: number) {
    this.recentIds = new Kept(recentCalls);
  }

  account(id: string): Account | undefined {
    return this.accounts.get(id)?.account;
  }

  grant(id: string): Grant | undefined {
    return this.grantsNamed.get(id);
  }

  grants(account: string): readonly Grant[] {
    return this.accounts.get(account)?.grants ?? [];
  }

  call(id: string): Call | undefined {
    return this.calls.get(id)?.call;
  }

  window(id: string): CapWindow | undefined {
    return this.windows.get(id);
  }

  claim(id: string): Claim | undefined {
    return this.claims.get(id);
  }

  correction(id: string): Entry | undefined {
    return this.corrections.get(id);
  }

  allowance(id: string): Allowance | undefined {
    return this.allowances.get(id);
  }

  record(kind: string, id: string): StoredRecord | undefined {
    return this.records.get(recordKey(kind, id));
  }

  lookup(kind: string, lookup: string): string | undefined {
    return this.lookups.get(lookupKey(kind, lookup));
  }

  /** Makes room before a batch. */
  age(): void {
    for (const kept of this.#all()) kept.age();
  }

  forget(): void {
    for (const kept of this.#all()) kept.clear();
  }

  /** Lays a durable batch over the rows. */
  take(changes: Changes, { seqs, lasts }: Places): void {
    for (const row of changes.accounts) {
      const kept = this.accounts.get(row.id);
      if (kept === undefined) continue;
      kept.account = row;
      kept.last = lasts.get(row.id) ?? kept.last;
    }
    for (const row of changes.grants) {
      if (this.grantsNamed.has(row.id)) this.grantsNamed.set(row.id, row);
      const kept = this.accounts.get(row.account);
      if (kept !== undefined) placeGrant(kept.grants, row);
    }
    for (const call of changes.calls) {
      if (call.state === 'open') this.calls.set(call.id, { seq: seqs.get(call.id) ?? 0, call });
      else this.calls.delete(call.id);
      this.recentIds.set(call.id, true);
    }
    for (const row of changes.windows) this.windows.set(row.id, row);
    for (const id of changes.claimsGone) this.claims.set(id, undefined);
    for (const row of changes.claims) this.claims.set(row.id, row);
    for (const entry of changes.entries) {
      if (entry.kind === 'correct' && entry.grantId !== null) this.corrections.set(entry.grantId, entry);
    }
    for (const row of changes.allowances) this.allowances.set(row.id, row);
    if (changes.records.length > 0) this.#takeRecords(changes.records);
  }

  /** A name may have gone from one of them to another. */
  #takeRecords(records: readonly StoredRecord[]): void {
    for (const { kind, id } of records) {
      const lookup = this.record(kind, id)?.lookup ?? null;
      if (lookup !== null) this.lookups.set(lookupKey(kind, lookup), undefined);
    }
    for (const record of records) {
      this.records.set(recordKey(record.kind, record.id), record);
      if (record.lookup !== null) this.lookups.set(lookupKey(record.kind, record.lookup), record.id);
    }
  }

  #all(): readonly Pick<Kept<unknown>, 'age' | 'clear'>[] {
    const money = [this.accounts, this.calls, this.windows, this.claims, this.grantsNamed, this.corrections, this.recentIds];
    return [...money, this.allowances, this.records, this.lookups];
  }
}

export interface KeptAccount {
  account: Account | undefined;
  /** The id of its last entry. */
  last: number | null;
  /** Its live grants in burn order. */
  grants: Grant[];
}

/** Where a batch has put things: calls by id, the last entries of accounts. */
export interface Places {
  seqs: ReadonlyMap<string, number>;
  lasts: ReadonlyMap<string, number>;
}

export function recordKey(kind: string, id: string): string {
  return `${kind} ${id}`;
}

export function lookupKey(kind: string, lookup: string): string {
  return `${kind} ${lookup}`;
}

// A few hundred bytes each: some tens of megabytes at most.
const ROWS_MOST = 50_000;
// Longer rows, which are only asked for to be changed.
const RECORDS_MOST = 10_000;
