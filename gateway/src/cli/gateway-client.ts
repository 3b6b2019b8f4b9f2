// Speaks to the gateway over HTTP, with its operate key. Where none runs, the gateway is opened in this process on a port of its own and
// asked in the same way: one path, so that a command does the same whether a gateway runs or not.
import { StoreLocked } from '../store/sqlite/lock.ts';
import { StoreBehindMark } from '../store/sqlite/mark.ts';
import { CardError } from '../cards.ts';
import { readConfig, ConfigError, type Config, type Environment } from '../config.ts';
import { readKeyFile } from '../keys/operate-key.ts';
import type { CommonOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { openGateway } from './open-gateway.ts';

export interface GatewayClient {
  /**
   * Asks `/tollgate/v1/<path>`.
   * @throws {CommandError} with the gateway's own words where it refuses; exit code 3 where the ledger does not answer
   */
  ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

// A gateway on this machine answers at once or not at all; one that is busy still has this long.
const ANSWERS_WITHIN_MS = 5_000;

/** Runs `use` with a client and closes it. */
export async function withClient(
  options: CommonOptions,
  environment: Environment,
  use: (client: GatewayClient) => Promise<void>,
): Promise<void> {
  const client = await connect(options, environment);
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

async function connect(options: CommonOptions, environment: Environment): Promise<GatewayClient> {
  const config = readConfig(options.config, environment);
  const url = options.url ?? addressOf(config);
  if (await answersAt(url)) return clientOf(url, operateKey(config), async () => {});
  if (options.url !== undefined) throw new CommandError(EXIT.noGateway, `No gateway answers at ${url}.`);
  return openHere(config, url);
}

/** Opens the store in this process; refused where another one has it and does not answer. */
async function openHere(config: Config, url: string): Promise<GatewayClient> {
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
  return clientOf(here, operateKey(config), () => app.close());
}

export function clientOf(url: string, key: string, close: () => Promise<void>): GatewayClient {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers: Record<string, string> = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}/tollgate/v1/${path}`, request).catch((error: unknown): never => {
      throw new CommandError(EXIT.noGateway, `The gateway at ${url} went away.`, { cause: error });
    });
    const said = (await answer.json()) as T & { code?: string; message?: string };
    if (answer.ok) return said;
    const code = answer.status === 503 ? EXIT.noGateway : EXIT.found;
    throw new CommandError(code, said.message ?? `The gateway answered ${answer.status}.`, { body: said });
  };
  return { ask, close };
}

/** Whether a Tollgate answers there; another program's answer is none. */
async function answersAt(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const said = (await answer.json()) as { status?: unknown; reasons?: unknown };
    return typeof said.status === 'string' && Array.isArray(said.reasons);
  } catch {
    return false;
  }
}

/** A gateway that listens everywhere is reached over loopback. */
function addressOf({ listen: { host, port } }: Config): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

function operateKey({ key_file: file }: Config): string {
  const key = readKeyFile(file);
  if (key === undefined)
    throw new CommandError(EXIT.found, `${file} is not there: the gateway writes its operate key into it when it starts.`);
  return key;
}
