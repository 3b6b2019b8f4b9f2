// The rows that the process keeps in memory, because it owns the file: what recent commands touched, as of the last durable batch.
import { ABSORBED } from '../../ledger/entry.ts';
import { placeGrant } from '../../ledger/overlay.ts';
import { windowId } from '../../ledger/caps.ts';
import type { Command, LapseCommand, ReleaseCommand, SettleCommand } from '../../ledger/commands.ts';
import type { Changes, State } from '../../ledger/ledger.ts';
import type { Account, Call, CapWindow, Claim, Entry, Grant } from '../../ledger/rows.ts';
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

  /** Makes room before a batch. */
  age(): void {
    for (const kept of this.#all()) kept.age();
  }

  forget(): void {
    for (const kept of this.#all()) kept.clear();
  }

  /** The first thing to read for these commands: what they name themselves. */
  missingNamed(commands: readonly Command[], readAllIds: boolean): Named {
    const named: Named = { calls: new Set(), grants: new Set(), corrections: new Set() };
    for (const command of commands) {
      if (command.type === 'hold') {
        // The id of a hold is new nearly always, and then there is nothing to read.
        const { callId } = command;
        if ((readAllIds || this.recentIds.has(callId)) && !this.calls.has(callId)) named.calls.add(callId);
      } else if (isEnd(command)) {
        if (!this.calls.has(command.callId)) named.calls.add(command.callId);
      } else if (command.type === 'renew') {
        for (const id of command.callIds) if (!this.calls.has(id)) named.calls.add(id);
      } else if (command.type !== 'expire') {
        const grant = command.type === 'void' ? command.grantId : command.id;
        if (!this.grantsNamed.has(grant)) named.grants.add(grant);
        if (command.type === 'correct' && !this.corrections.has(command.id)) named.corrections.add(command.id);
      }
    }
    return named;
  }

  /** The second thing: what the named rows lead to. */
  missingTouched(commands: readonly Command[]): Touched {
    const touched: Touched = { accounts: new Set(), windows: new Set(), claims: new Set() };
    for (const command of commands) {
      if (command.type === 'hold') {
        for (const id of command.sources) this.#touchAccount(touched, id);
        for (const cap of command.caps) this.#touchWindow(touched, windowId(cap));
        if (command.claim !== null) this.#touchClaim(touched, command.claim.id);
      } else if (isEnd(command)) {
        const call = this.calls.get(command.callId)?.call;
        if (call?.state === 'open') this.#touchCall(touched, call);
      } else if (command.type === 'void') {
        const grant = this.grantsNamed.get(command.grantId);
        if (grant !== undefined) this.#touchAccount(touched, grant.account);
      } else if (command.type !== 'renew') {
        this.#touchAccount(touched, command.account);
      }
    }
    return touched;
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
  }

  #touchCall(touched: Touched, call: Call): void {
    for (const id of call.sources) this.#touchAccount(touched, id);
    // What is absorbed goes to the operator's own account.
    this.#touchAccount(touched, ABSORBED);
    for (const id of call.windows) this.#touchWindow(touched, id);
    if (call.claim !== null) this.#touchClaim(touched, call.claim);
  }

  #touchAccount(touched: Touched, id: string): void {
    if (!this.accounts.has(id)) touched.accounts.add(id);
  }

  #touchWindow(touched: Touched, id: string): void {
    if (!this.windows.has(id)) touched.windows.add(id);
  }

  #touchClaim(touched: Touched, id: string): void {
    if (!this.claims.has(id)) touched.claims.add(id);
  }

  #all(): readonly Pick<Kept<unknown>, 'age' | 'clear'>[] {
    return [this.accounts, this.calls, this.windows, this.claims, this.grantsNamed, this.corrections, this.recentIds];
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

/** Ids of rows to read. */
export interface Named {
  calls: Set<string>;
  grants: Set<string>;
  corrections: Set<string>;
}

export interface Touched {
  accounts: Set<string>;
  windows: Set<string>;
  claims: Set<string>;
}

function isEnd(command: Command): command is SettleCommand | ReleaseCommand | LapseCommand {
  return command.type === 'settle' || command.type === 'release' || command.type === 'lapse';
}

// A few hundred bytes each: some tens of megabytes at most.
const ROWS_MOST = 50_000;
