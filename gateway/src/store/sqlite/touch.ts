// Which rows a batch of commands needs that memory does not have.
import { ABSORBED } from '../../ledger/entry.ts';
import { windowId } from '../../ledger/caps.ts';
import type { AllowanceDue, Command, HoldCommand, LapseCommand, ReleaseCommand, SettleCommand } from '../../ledger/commands.ts';
import type { Call } from '../../ledger/rows.ts';
import { lookupKey, recordKey, type Rows } from './rows.ts';

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
  allowances: Set<string>;
  /** Keys as in `Rows`, with kind and id or other name. */
  records: Map<string, readonly [kind: string, id: string]>;
  lookups: Map<string, readonly [kind: string, lookup: string]>;
}

/** The first thing to read for these commands: what they name themselves. */
export function missingNamed(rows: Rows, commands: readonly Command[], readAllIds: boolean): Named {
  const named: Named = { calls: new Set(), grants: new Set(), corrections: new Set() };
  const nameGrant = (id: string): void => {
    if (!rows.grantsNamed.has(id)) named.grants.add(id);
  };
  for (const command of commands) {
    if (command.type === 'hold') {
      // The id of a hold is new nearly always, and then there is nothing to read.
      const { callId } = command;
      if ((readAllIds || rows.recentIds.has(callId)) && !rows.calls.has(callId)) named.calls.add(callId);
      for (const due of command.terms?.allowances ?? []) if (due.kind === 'lifetime') nameGrant(lifetimeGrant(due.identity));
    } else if (isEnd(command)) {
      if (!rows.calls.has(command.callId)) named.calls.add(command.callId);
    } else if (command.type === 'renew') {
      for (const id of command.callIds) if (!rows.calls.has(id)) named.calls.add(id);
    } else if (command.type === 'allow') {
      if (command.allowance.kind === 'lifetime') nameGrant(lifetimeGrant(command.allowance.identity));
    } else if (command.type === 'void') {
      nameGrant(command.grantId);
    } else if (command.type === 'grant' || command.type === 'correct') {
      nameGrant(command.id);
      if (command.type === 'correct' && !rows.corrections.has(command.id)) named.corrections.add(command.id);
    }
  }
  return named;
}

/** The second thing: what the named rows lead to, and what leads nowhere. */
export function missingTouched(rows: Rows, commands: readonly Command[]): Touched {
  const touch = new Touch(rows);
  for (const command of commands) {
    if (command.type === 'hold') touch.hold(command);
    else if (isEnd(command)) {
      const call = rows.calls.get(command.callId)?.call;
      if (call?.state === 'open') touch.call(call);
    } else if (command.type === 'void') {
      const grant = rows.grantsNamed.get(command.grantId);
      if (grant !== undefined) touch.account(grant.account);
    } else if (command.type === 'put') {
      for (const put of command.puts) touch.record(put);
    } else if (command.type === 'allow') touch.allowance(command.allowance);
    else if (command.type !== 'renew') touch.account(command.account);
  }
  return touch.found;
}

class Touch {
  readonly found: Touched = {
    accounts: new Set(),
    windows: new Set(),
    claims: new Set(),
    allowances: new Set(),
    records: new Map(),
    lookups: new Map(),
  };
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  hold({ sources, caps, claim, terms }: HoldCommand): void {
    for (const id of sources) this.account(id);
    for (const cap of caps) this.#window(windowId(cap));
    if (claim !== null) this.#claim(claim.id);
    // It may end in the same batch, or in one that is decided while this one is written, and then has no row yet that leads there.
    this.account(ABSORBED);
    if (terms === undefined) return;
    for (const due of terms.allowances) this.allowance(due);
    if (terms.extra === null) return;
    const { account, from } = terms.extra;
    this.account(account);
    this.#window(`${account}@${from}`);
  }

  call(call: Call): void {
    for (const id of call.sources) this.account(id);
    // Extra credits are not among the sources, and come last.
    const last = call.parts.at(-1)?.account;
    if (last !== undefined && !call.sources.includes(last)) this.account(last);
    // What is absorbed goes to the operator's own account.
    this.account(ABSORBED);
    for (const id of call.windows) this.#window(id);
    if (call.claim !== null) this.#claim(call.claim);
  }

  allowance(due: AllowanceDue): void {
    this.account(due.account);
    if (due.kind === 'lifetime') return;
    this.#allowance(due.account);
    if (due.seat !== null) this.#allowance(due.seat);
  }

  record({ kind, id, lookup }: { kind: string; id: string; lookup: string | null }): void {
    const key = recordKey(kind, id);
    if (!this.#rows.records.has(key)) this.found.records.set(key, [kind, id]);
    if (lookup === null) return;
    const other = lookupKey(kind, lookup);
    if (!this.#rows.lookups.has(other)) this.found.lookups.set(other, [kind, lookup]);
  }

  account(id: string): void {
    if (!this.#rows.accounts.has(id)) this.found.accounts.add(id);
  }

  #window(id: string): void {
    if (!this.#rows.windows.has(id)) this.found.windows.add(id);
  }

  #claim(id: string): void {
    if (!this.#rows.claims.has(id)) this.found.claims.add(id);
  }

  #allowance(id: string): void {
    if (!this.#rows.allowances.has(id)) this.found.allowances.add(id);
  }
}

/** A lifetime allowance is once per identity (rule 18): its grant's id says so. */
function lifetimeGrant(identity: string): string {
  return `lifetime:${identity}`;
}

function isEnd(command: Command): command is SettleCommand | ReleaseCommand | LapseCommand {
  return command.type === 'settle' || command.type === 'release' || command.type === 'lapse';
}
