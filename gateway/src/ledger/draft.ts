// What one command has read and changed so far. Rows are copied before their first change, so the state stays as it was.
import { ZERO } from '@tollgate/shared/credits';
import { insertInOrder } from './burn-order.ts';
import type { Changes, State } from './ledger.ts';
import { Records } from './records.ts';
import type { Account, Allowance, Call, CapWindow, Claim, Entry, Grant, StoredRecord } from './rows.ts';

export class Draft {
  readonly at: number;
  readonly changes: Changes = noChanges();
  readonly #state: State;
  /** The live grants of accounts where one has changed. An account or two, so that a list is quicker than a map. */
  readonly #lists: { account: string; grants: Grant[] }[] = [];
  /** Made when a record is asked for, which is not by calls. */
  #records: Records | undefined;

  /** `at`: the ledger's clock for this command, epoch milliseconds. */
  constructor(state: State, at: number) {
    this.#state = state;
    this.at = at;
  }

  account(id: string): Account {
    return this.changes.accounts.find((row) => row.id === id) ?? this.#state.account(id) ?? emptyAccount(id);
  }

  /** A copy that may be changed, and that is part of the changes from now on; so with the other edits. */
  editAccount(id: string): Account {
    const edited = this.changes.accounts.find((row) => row.id === id);
    if (edited !== undefined) return edited;
    const row = { ...(this.#state.account(id) ?? emptyAccount(id)) };
    this.changes.accounts.push(row);
    return row;
  }

  grant(id: string): Grant | undefined {
    return this.changes.grants.find((row) => row.id === id) ?? this.#state.grant(id);
  }

  /** The account's live grants as this command has left them, in burn order. One that is added meanwhile is not in this list. */
  grants(account: string): readonly Grant[] {
    return this.#listOf(account)?.grants ?? this.#state.grants(account);
  }

  liveGrant(account: string, id: string): Grant {
    const row = this.grants(account).find((one) => one.id === id);
    if (row === undefined) throw new Error(`grant ${id} of ${account} is not in the state`);
    return row;
  }

  editGrant(row: Grant): Grant {
    const edited = this.changes.grants.find((one) => one.id === row.id);
    if (edited !== undefined) return edited;
    const copy = { ...row };
    this.changes.grants.push(copy);
    let list = this.#listOf(row.account);
    if (list === undefined) {
      list = { account: row.account, grants: [...this.#state.grants(row.account)] };
      this.#lists.push(list);
    }
    const index = list.grants.findIndex((one) => one.id === row.id);
    if (index >= 0) list.grants[index] = copy;
    return copy;
  }

  addGrant(row: Grant): void {
    this.changes.grants.push(row);
    const { account } = row;
    const grants = [...this.grants(account)];
    insertInOrder(grants, row);
    const list = this.#listOf(account);
    if (list === undefined) this.#lists.push({ account, grants });
    else list.grants = grants;
  }

  allowance(id: string): Allowance | undefined {
    return this.changes.allowances.find((row) => row.id === id) ?? this.#state.allowance(id);
  }

  call(id: string): Call | undefined {
    return this.changes.calls.findLast((row) => row.id === id) ?? this.#state.call(id);
  }

  window(id: string): CapWindow {
    return this.changes.windows.find((row) => row.id === id) ?? this.#state.window(id) ?? emptyWindow(id);
  }

  editWindow(id: string): CapWindow {
    const edited = this.changes.windows.find((row) => row.id === id);
    if (edited !== undefined) return edited;
    const row = { ...(this.#state.window(id) ?? emptyWindow(id)) };
    this.changes.windows.push(row);
    return row;
  }

  claim(id: string): Claim | undefined {
    return this.#state.claim(id);
  }

  correction(id: string): Entry | undefined {
    return this.#state.correction(id);
  }

  record(kind: string, id: string): StoredRecord | undefined {
    return this.#recordsHere().record(kind, id);
  }

  lookup(kind: string, lookup: string): string | undefined {
    return this.#recordsHere().lookup(kind, lookup);
  }

  setRecord(row: StoredRecord): void {
    this.#recordsHere().set(row);
    this.changes.records.push(row);
  }

  #listOf(account: string): { account: string; grants: Grant[] } | undefined {
    return this.#lists.find((list) => list.account === account);
  }

  #recordsHere(): Records {
    this.#records ??= new Records(this.#state);
    return this.#records;
  }
}

export function noChanges(): Changes {
  return {
    accounts: [],
    grants: [],
    calls: [],
    windows: [],
    claims: [],
    claimsGone: [],
    answers: [],
    entries: [],
    rollups: [],
    late: [],
    allowances: [],
    records: [],
    audits: [],
    events: [],
  };
}

function emptyAccount(id: string): Account {
  return { id, balance: ZERO, held: ZERO, entries: 0, chain: '' };
}

function emptyWindow(id: string): CapWindow {
  return { id, spent: ZERO, held: ZERO };
}
