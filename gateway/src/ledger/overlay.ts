// The rows as the commands of one batch have left them, over the rows that the store gave. Later commands of the batch see what
// earlier ones did; at the end it is what the store writes: the last row of each, entries and roll-ups added up.
import { add } from '@tollgate/shared/credits';
import { insertInOrder, isLive } from './burn-order.ts';
import type { Changes, State } from './ledger.ts';
import { Records } from './records.ts';
import type {
  Account,
  Allowance,
  Audit,
  Call,
  CapWindow,
  Claim,
  Entry,
  Grant,
  LedgerEvent,
  RollupDelta,
  StoredRecord,
} from './rows.ts';
import { bucketOf } from './roll-up.ts';

export class Overlay implements State {
  #base: State;
  readonly #accounts = new Map<string, Account>();
  readonly #grants = new Map<string, Grant>();
  /** Live grants in burn order, of the accounts whose grants have changed. */
  readonly #grantLists = new Map<string, Grant[]>();
  readonly #calls = new Map<string, Call>();
  readonly #windows = new Map<string, CapWindow>();
  /** Null: gone. */
  readonly #claims = new Map<string, Claim | null>();
  readonly #rollups = new Map<string, RollupDelta>();
  readonly #entries: Entry[] = [];
  /** By claim: one that changes hands within the batch keeps its last answer. */
  readonly #answers = new Map<string, Changes['answers'][number]>();
  readonly #late: Changes['late'] = [];
  readonly #allowances = new Map<string, Allowance>();
  readonly #records: Records;
  readonly #audits: (Audit & { at: number })[] = [];
  /** By id: the same id is the same event. */
  readonly #events = new Map<string, LedgerEvent>();

  constructor(base: State) {
    this.#base = base;
    this.#records = new Records(base);
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id) ?? this.#base.account(id);
  }

  grant(id: string): Grant | undefined {
    return this.#grants.get(id) ?? this.#base.grant(id);
  }

  grants(account: string): readonly Grant[] {
    return this.#grantLists.get(account) ?? this.#base.grants(account);
  }

  call(id: string): Call | undefined {
    return this.#calls.get(id) ?? this.#base.call(id);
  }

  window(id: string): CapWindow | undefined {
    return this.#windows.get(id) ?? this.#base.window(id);
  }

  claim(id: string): Claim | undefined {
    const claim = this.#claims.get(id);
    return claim === undefined ? this.#base.claim(id) : (claim ?? undefined);
  }

  correction(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.kind === 'correct' && entry.grantId === id) ?? this.#base.correction(id);
  }

  allowance(id: string): Allowance | undefined {
    return this.#allowances.get(id) ?? this.#base.allowance(id);
  }

  record(kind: string, id: string): StoredRecord | undefined {
    return this.#records.record(kind, id);
  }

  lookup(kind: string, lookup: string): string | undefined {
    return this.#records.lookup(kind, lookup);
  }

  /** The batch below this one is durable, so that the rows of the store show what it did. */
  rebase(base: State): void {
    this.#base = base;
    this.#records.rebase(base);
  }

  /** Lays the changes of one command over the rows. */
  take(changes: Changes): void {
    for (const row of changes.accounts) this.#accounts.set(row.id, row);
    for (const row of changes.grants) this.#takeGrant(row);
    for (const row of changes.calls) this.#calls.set(row.id, row);
    for (const row of changes.windows) this.#windows.set(row.id, row);
    for (const id of changes.claimsGone) this.#claims.set(id, null);
    for (const row of changes.claims) this.#claims.set(row.id, row);
    for (const row of changes.entries) this.#entries.push(row);
    for (const row of changes.rollups) this.#takeRollup(row);
    for (const row of changes.answers) this.#answers.set(row.claim, row);
    for (const row of changes.late) this.#late.push(row);
    for (const row of changes.allowances) this.#allowances.set(row.id, row);
    for (const row of changes.records) this.#records.set(row);
    for (const row of changes.audits) this.#audits.push(row);
    for (const row of changes.events) if (!this.#events.has(row.id)) this.#events.set(row.id, row);
  }

  /** Everything the batch does, to be written at once; undefined where it does nothing. */
  merged(): Changes | undefined {
    const claims = [...this.#claims];
    const changes: Changes = {
      accounts: [...this.#accounts.values()],
      grants: [...this.#grants.values()],
      calls: [...this.#calls.values()],
      windows: [...this.#windows.values()],
      claims: claims.flatMap(([, claim]) => claim ?? []),
      claimsGone: claims.flatMap(([id, claim]) => (claim === null ? id : [])),
      // An answer whose claim went on to another call in the same batch, or is gone with it, is kept by nobody.
      answers: [...this.#answers.values()].filter(({ claim }) => (this.#claims.get(claim)?.answer ?? '') !== ''),
      entries: this.#entries,
      rollups: [...this.#rollups.values()],
      late: this.#late,
      allowances: [...this.#allowances.values()],
      records: this.#records.changed(),
      audits: this.#audits,
      events: [...this.#events.values()],
    };
    return Object.values(changes).some((rows) => rows.length > 0) ? changes : undefined;
  }

  #takeGrant(row: Grant): void {
    this.#grants.set(row.id, row);
    let list = this.#grantLists.get(row.account);
    if (list === undefined) {
      list = [...this.#base.grants(row.account)];
      this.#grantLists.set(row.account, list);
    }
    placeGrant(list, row);
  }

  #takeRollup(row: RollupDelta): void {
    const bucket = bucketOf(row);
    const sum = this.#rollups.get(bucket);
    if (sum === undefined) {
      this.#rollups.set(bucket, { ...row });
      return;
    }
    sum.calls += row.calls;
    sum.charge = add(sum.charge, row.charge);
    sum.free = add(sum.free, row.free);
    sum.absorbed = add(sum.absorbed, row.absorbed);
  }
}

/** Puts a changed grant into an account's list of live grants, which stays in burn order. A grant never changes its place. */
export function placeGrant(list: Grant[], row: Grant): void {
  const index = list.findIndex((other) => other.id === row.id);
  if (!isLive(row)) {
    if (index >= 0) list.splice(index, 1);
  } else if (index >= 0) {
    list[index] = row;
  } else {
    insertInOrder(list, row);
  }
}
