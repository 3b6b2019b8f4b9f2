// Opens the gateway in this process, on a port of its own, for one command where no gateway runs.
import { StoreLocked } from '../store/sqlite/lock.ts';
import { StoreBehindMark } from '../store/sqlite/mark.ts';
import { CardError } from '../cards.ts';
import { ConfigError, type Config } from '../config.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { openGateway } from './open-gateway.ts';

/** Opens the store in this process; refused where another one has it and does not answer. */
export async function openHere(config: Config, url: string): Promise<{ url: string; close: () => Promise<void> }> {
  const free = { host: '127.0.0.1', port: 0 };
  const app = await openGateway({ ...config, listen: free, metrics: free, log: 'error' }).catch((error: unknown): never => {
    if (error instanceof StoreLocked) {
      throw new CommandError(
        EXIT.noGateway,
        `A gateway has ${config.store} open, and none answers at ${url}. Say where it listens with --url.`,
        { cause: error },
      );
    }
    if (error instanceof StoreBehindMark) throw new CommandError(EXIT.noGateway, error.message, { cause: error });
    if (error instanceof CardError || error instanceof ConfigError) throw error;
    throw new CommandError(
      EXIT.noGateway,
      `The ledger can not be opened: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  });
  const { url: here } = await app.listen();
  return { url: here, close: () => app.close() };
}
