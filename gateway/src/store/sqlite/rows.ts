// The rows that the process keeps in memory, because it owns the file: what recent commands touched, as of the last durable batch.
import { ABSORBED } from '../../ledger/entry.ts';
import { placeGrant } from '../../ledger/overlay.ts';
import type {
  Account,
  Call,
  CapWindow,
  Changes,
  Claim,
  Command,
  Entry,
  Grant,
  State,
  SettleCommand,
  ReleaseCommand,
  LapseCommand,
} from '../../ledger/ledger.ts';
import { RecentIds } from './recent.ts';

/** Rows by id. A key with `undefined` is known to be absent on the disk; a key that is missing is not known. */
export class Rows implements State {
  readonly accounts = new Map<string, Account | undefined>();
  /** Live grants in burn order, for each account in `accounts`. */
  readonly grantLists = new Map<string, Grant[]>();
  /** The grants in the lists, and others that a command named. */
  readonly grantsById = new Map<string, Grant | undefined>();
  /** Open calls, and ended ones that the commands of this batch name. */
  readonly calls = new Map<string, { seq: number; call: Call } | undefined>();
  readonly windows = new Map<string, CapWindow | undefined>();
  readonly claims = new Map<string, Claim | undefined>();
  readonly corrections = new Map<string, Entry | undefined>();
  /** Ended calls, and others that are only looked at, are dropped after their batch. */
  readonly passing = new Set<string>();
  readonly recent: RecentIds;

  constructor(recentCalls: number) {
    this.recent = new RecentIds(recentCalls);
  }

  account(id: string): Account | undefined {
    return this.accounts.get(id);
  }

  grant(id: string): Grant | undefined {
    return this.grantsById.get(id);
  }

  grants(account: string): readonly Grant[] {
    return this.grantLists.get(account) ?? [];
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

  /** Makes room before a batch: what only the last one looked at goes, and everything where too much is kept. */
  trim(): void {
    for (const id of this.passing) this.calls.delete(id);
    this.passing.clear();
    this.corrections.clear();
    const most = Math.max(this.accounts.size, this.grantsById.size, this.calls.size, this.windows.size, this.claims.size);
    if (most > ROWS_MOST) this.forget();
  }

  forget(): void {
    for (const map of [this.accounts, this.grantLists, this.grantsById, this.calls, this.windows, this.claims]) map.clear();
  }

  /** The first thing to read for these commands: what they name themselves. */
  missingNamed(commands: readonly Command[], readAllIds: boolean): Named {
    const named: Named = { calls: new Set(), grants: new Set(), corrections: new Set() };
    for (const command of commands) {
      for (const id of callIdsOf(command, (held) => readAllIds || this.recent.has(held))) {
        if (!this.calls.has(id)) named.calls.add(id);
      }
      const grant =
        command.type === 'void'
          ? command.grantId
          : command.type === 'grant' || command.type === 'correct'
            ? command.id
            : undefined;
      if (grant !== undefined && !this.grantsById.has(grant)) named.grants.add(grant);
      if (command.type === 'correct') named.corrections.add(command.id);
    }
    return named;
  }

  /** The second thing: what the named rows lead to. */
  missingTouched(commands: readonly Command[]): Touched {
    const touched: Touched = { accounts: new Set(), windows: new Set(), claims: new Set() };
    for (const command of commands) {
      for (const id of this.#accountsOf(command)) if (!this.accounts.has(id)) touched.accounts.add(id);
      for (const id of this.#windowsOf(command)) if (!this.windows.has(id)) touched.windows.add(id);
      const claim = command.type === 'hold' ? command.claim?.id : this.#endingCall(command)?.claim;
      if (claim !== undefined && claim !== null && !this.claims.has(claim)) touched.claims.add(claim);
    }
    return touched;
  }

  /** Lays a durable batch over the rows. `seqOf` gives the place of a call that is new in it. */
  take(changes: Changes, seqOf: (id: string) => number): void {
    for (const row of changes.accounts) this.#takeAccount(row);
    for (const row of changes.grants) {
      this.grantsById.set(row.id, row);
      const list = this.grantLists.get(row.account);
      if (list !== undefined) placeGrant(list, row);
    }
    for (const call of changes.calls) {
      if (call.state === 'open') this.calls.set(call.id, { seq: seqOf(call.id), call });
      else this.calls.delete(call.id);
      this.recent.add(call.id);
    }
    for (const row of changes.windows) this.windows.set(row.id, row);
    for (const id of changes.claimsGone) this.claims.set(id, undefined);
    for (const row of changes.claims) this.claims.set(row.id, row);
  }

  #takeAccount(row: Account): void {
    this.accounts.set(row.id, row);
    if (!this.grantLists.has(row.id)) this.grantLists.set(row.id, []);
  }

  #accountsOf(command: Command): readonly string[] {
    if (command.type === 'hold') return command.sources;
    if (command.type === 'grant' || command.type === 'correct' || command.type === 'expire') return [command.account];
    if (command.type === 'void') {
      const grant = this.grantsById.get(command.grantId);
      return grant === undefined ? [] : [grant.account];
    }
    // What is absorbed goes to the operator's own account.
    const call = this.#endingCall(command);
    return call === undefined ? [] : [...call.sources, ABSORBED];
  }

  #windowsOf(command: Command): readonly string[] {
    return command.type === 'hold'
      ? command.caps.map((cap) => `${cap.id}@${cap.from}`)
      : (this.#endingCall(command)?.windows ?? []);
  }

  #endingCall(command: Command): Call | undefined {
    if (!isEnd(command)) return undefined;
    const call = this.calls.get(command.callId)?.call;
    return call?.state === 'open' ? call : undefined;
  }
}

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

/** The ids whose rows a command looks at. That of a hold is new nearly always, and then there is nothing to read. */
function callIdsOf(command: Command, mayRepeat: (id: string) => boolean): readonly string[] {
  if (command.type === 'hold') return mayRepeat(command.callId) ? [command.callId] : [];
  if (command.type === 'renew') return command.callIds;
  return isEnd(command) ? [command.callId] : [];
}

function isEnd(command: Command): command is SettleCommand | ReleaseCommand | LapseCommand {
  return command.type === 'settle' || command.type === 'release' || command.type === 'lapse';
}

// A few hundred bytes each: some tens of megabytes at most.
const ROWS_MOST = 100_000;
