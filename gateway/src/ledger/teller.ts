// Runs commands one after the other on rows in memory, for examples in tests: the engine without a store.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { apply } from './engine.ts';
import type { Command, GrantCommand, HoldCommand, Settlement } from './commands.ts';
import type { Changes, State } from './ledger.ts';
import type { OutcomeOf } from './outcomes.ts';
import { Overlay } from './overlay.ts';

export interface Teller extends State {
  /** The clock; a test moves it. */
  at: number;
  /** What the last command did. */
  last: Changes | undefined;
  run<C extends Command>(command: C): OutcomeOf<C>;
}

export function openTeller(): Teller {
  const rows = new Overlay({
    account: () => undefined,
    grant: () => undefined,
    grants: () => [],
    call: () => undefined,
    window: () => undefined,
    claim: () => undefined,
    correction: () => undefined,
    allowance: () => undefined,
    record: () => undefined,
    lookup: () => undefined,
  });
  return {
    at: 1_000,
    last: undefined,
    account: (id) => rows.account(id),
    grant: (id) => rows.grant(id),
    grants: (id) => rows.grants(id),
    call: (id) => rows.call(id),
    window: (id) => rows.window(id),
    claim: (id) => rows.claim(id),
    correction: (id) => rows.correction(id),
    allowance: (id) => rows.allowance(id),
    record: (kind, id) => rows.record(kind, id),
    lookup: (kind, lookup) => rows.lookup(kind, lookup),
    run(command) {
      const { outcome, changes } = apply(rows, command, this.at);
      rows.take(changes);
      this.last = changes;
      return outcome;
    },
  };
}

export function grantFor(id: string, account: string, amount: number, change: Partial<GrantCommand> = {}): GrantCommand {
  const content = { kind: 'top-up', amount: microcredits(amount), priority: 0, effectiveAt: null, expiresAt: null } as const;
  return { type: 'grant', id, account, ...content, reason: 'test', by: 'op', ...change };
}

export function holdFor(callId: string, amount: number, change: Partial<HoldCommand> = {}): HoldCommand {
  return {
    type: 'hold',
    callId,
    amount: microcredits(amount),
    sources: ['pool:a'],
    caps: [],
    owner: 'p1',
    leaseMs: 100,
    claim: null,
    about: { workspace: 'w', key: 'k', service: 's', operation: 'o', reason: 'r', cardVersion: 'v', more: {} },
    onLapse: settlementFor(amount),
    ...change,
  };
}

export function settlementFor(charge: number, change: Partial<Settlement> = {}): Settlement {
  return { charge: microcredits(charge), free: ZERO, absorbed: ZERO, ended: {}, ...change };
}

export function settleFor(callId: string, charge: number, change: Partial<Settlement> = {}) {
  return { type: 'settle', callId, owner: 'p1', settlement: settlementFor(charge, change), answer: null } as const;
}

export function releaseFor(callId: string) {
  return { type: 'release', callId, owner: 'p1', reason: 'refused', ended: {} } as const;
}
