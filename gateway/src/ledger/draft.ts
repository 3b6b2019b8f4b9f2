// What one command has read and changed so far. Rows are copied before their first change, so the state stays as it was.
import { ZERO } from '@tollgate/shared/credits';
import type { Changes, State } from './ledger.ts';
import type { Account, Call, CapWindow, Claim, Entry, Grant } from './rows.ts';

export class Draft {
  readonly at: number;
  readonly changes: Changes = noChanges();
  readonly #state: State;

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

  /** The account's live grants as this command has left them, in burn order. */
  grants(account: string): readonly Grant[] {
    const rows = this.#state.grants(account);
    if (this.changes.grants.length === 0) return rows;
    return rows.map((row) => this.changes.grants.find((edited) => edited.id === row.id) ?? row);
  }

  /** Only of a live grant. */
  editGrant(account: string, id: string): Grant {
    const edited = this.changes.grants.find((row) => row.id === id);
    if (edited !== undefined) return edited;
    const stored = this.#state.grants(account).find((row) => row.id === id);
    if (stored === undefined) throw new Error(`grant ${id} of ${account} is not in the state`);
    const row = { ...stored };
    this.changes.grants.push(row);
    return row;
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
  };
}

function emptyAccount(id: string): Account {
  return { id, balance: ZERO, held: ZERO, entries: 0, chain: '' };
}

function emptyWindow(id: string): CapWindow {
  return { id, spent: ZERO, held: ZERO };
}
