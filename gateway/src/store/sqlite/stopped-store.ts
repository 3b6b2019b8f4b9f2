// A store that no gateway has open, for verify: it is only read. Opening it as a gateway does would end what time has ended and see to the
// operate key, and so write over what verify is to find (rule 21).
import { connect, type Connection } from './connection.ts';
import { countersOf } from './counters.ts';
import { lockStore } from './lock.ts';
import { checkSchema } from './migrate.ts';
import { whatIsLost } from './lost.ts';
import { readPeriods } from './records.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';

export interface StoppedStore extends Snapshot {
  /** The least that the ledger's clock would start at, epoch milliseconds: what it has forgotten by then it has forgotten. */
  lastAt: number;
}

/**
 * Opens the store for reading, as the only process that has it open. What it has lost since its mark is among its findings.
 * @throws {StoreLocked} where another process has it open; {StoreTooOld} where it has to be started first; the driver's error where it can not be read at all
 */
export async function openStoppedStore(file: string): Promise<StoppedStore> {
  const lock = await lockStore(file);
  const opened: Connection[] = [lock];
  const close = async (): Promise<void> => {
    for (const connection of opened.toReversed()) await connection.close();
  };
  try {
    const connection = await connect(file, 'read', 0);
    opened.push(connection);
    await checkSchema(connection, file);
    await connection.run('BEGIN');
    const { entry, hash, tallies } = await countersOf(connection);
    const lost = await whatIsLost(file, connection, { commits: tallies.commits.rows, entry, hash });
    const snapshot = await snapshotOf(connection);
    const lastAt = await readPeriods(connection).lastAt();
    const findings = async () => {
      const found = await snapshot.findings();
      return lost === undefined
        ? found
        : [{ table: 'entries', id: String(entry), problem: `behind the high-water mark: ${lost}` }, ...found];
    };
    return { ...snapshot, lastAt, findings, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
