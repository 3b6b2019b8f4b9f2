// `tollgate verify` where no gateway runs: the store is read as it lies there, and nothing is written (rule 21).
import type { Config } from '../config.ts';
import { verifyAll, type Verified } from '../ledger/verify-all.ts';
import { StoreLocked } from '../store/sqlite/lock.ts';
import { openStoppedStore } from '../store/sqlite/stopped-store.ts';
import { CommandError, EXIT } from './exit-code.ts';

/** @throws {CommandError} where the store can not be read, or a gateway has it that does not answer at its address */
export async function verifyStopped(config: Config): Promise<Verified> {
  const unreadable = (error: unknown): never => {
    const message =
      error instanceof StoreLocked
        ? `A gateway has ${config.store} open and does not answer. Say where it listens with --url.`
        : `The ledger can not be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new CommandError(EXIT.noGateway, message, { cause: error });
  };
  const store = await openStoppedStore(config.store).catch(unreadable);
  try {
    // As a gateway would begin that is started now: its clock never runs back behind what is written.
    const at = Math.max(Date.now(), store.lastAt);
    return await verifyAll(store, { at, leaseMs: config.timeouts.lease }).catch(unreadable);
  } finally {
    await store.close();
  }
}
