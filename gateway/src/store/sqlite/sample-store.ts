// An empty store for tests, and commands for it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { openLedger } from '../../ledger/commit.ts';
import type { HoldCommand, Settlement } from '../../ledger/commands.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { openSqliteStore, type SqliteOptions, type SqliteStore } from './sqlite-store.ts';

export const HOUR_MS = 3_600_000;
export const START = 1_763_600_400_000;

export interface Sample {
  file: string;
  store: SqliteStore;
  ledger: Ledger;
  clock: { now: number };
  /** Closes ledger and store; the file stays. */
  close(): Promise<void>;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** An empty store in a folder of its own. */
export async function emptyStore(): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-store-'));
  const file = join(folder, 'ledger.db');
  return { ...(await reopen(file)), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Opens a file again, with a clock of its own. */
export async function reopen(file: string, options: Partial<SqliteOptions> = {}): Promise<Omit<Sample, 'remove'>> {
  const clock = { now: START };
  const store = await openSqliteStore(file, { now: () => clock.now, ...options });
  const ledger = openLedger(store, { now: () => clock.now });
  const close = async (): Promise<void> => {
    await ledger.close();
    await store.close();
  };
  return { file, store, ledger, clock, close };
}

export function grantOf(id: string, account: string, amount: number, expiresAt: number | null = null) {
  const content = {
    kind: 'top-up',
    amount: microcredits(amount),
    priority: 1,
    effectiveAt: null,
    expiresAt,
    reason: 'sample',
    by: 'op',
  } as const;
  return { type: 'grant', id, account, ...content } as const;
}

export function holdOf(callId: string, amount: number, change: Partial<HoldCommand> = {}): HoldCommand {
  const onLapse = settlementOf(amount, { end: 'unknown' });
  return {
    type: 'hold',
    callId,
    amount: microcredits(amount),
    sources: ['pool:a'],
    caps: [],
    owner: 'p1',
    leaseMs: 30_000,
    claim: null,
    about: {
      workspace: 'main',
      key: 'k1',
      service: 'chat',
      operation: 'chat.complete',
      reason: 'Chats',
      cardVersion: 'v1',
      more: { path: '/x' },
    },
    onLapse,
    ...change,
  };
}

export function settlementOf(charge: number, ended: Record<string, unknown> = {}): Settlement {
  return { charge: microcredits(charge), free: ZERO, absorbed: ZERO, ended };
}
