// What buying leans on, and how a document is changed while others change it too.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { Ledger } from '../ledger/ledger.ts';
import type { Audit } from '../ledger/rows.ts';
import type { ExtraStore } from '../ledger/beside.ts';
import type { Log } from '../log.ts';
import type { Directory } from '../people/directory.ts';
import type { Payments } from './payments.ts';

export interface BuyingParts {
  directory: Directory;
  ledger: Ledger;
  payments: Payments;
  /** The rate card in force, whose packages and plans are sold. */
  card: () => RateCard;
  extra: ExtraStore;
  log: Pick<Log, 'warn' | 'error'>;
}

/** On whose word something is done: a key's, a payments adapter's, or the gateway's own. */
export type Who = Pick<Audit, 'by' | 'user' | 'from'>;

export const GATEWAY: Who = { by: 'gateway', user: null, from: '' };

// Somebody else wrote first, each time: with so many tries something else is wrong.
const TRIES_MOST = 20;

/** Reads, decides and writes again where somebody else wrote in between. */
export async function untilWritten<T>(attempt: () => Promise<T | 'changed'>): Promise<T> {
  for (let tries = 0; tries < TRIES_MOST; tries += 1) {
    const done = await attempt();
    if (done !== 'changed') return done;
  }
  throw new Error(`a document was changed by others ${TRIES_MOST} times in a row`);
}

/** What fails is told, and tried again with the next look: nobody waits for it here. */
export async function quietly({ log }: Pick<BuyingParts, 'log'>, what: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.warn({ error: String(error) }, `${what}; it is tried again`);
  }
}
