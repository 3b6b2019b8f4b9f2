// Speaks to the gateway over HTTP, with its operate key. Where none runs, the gateway is opened in this process on a port of its own and
// asked in the same way: one path, so that a command does the same whether a gateway runs or not.
import { readConfig, type Config, type Environment } from '../config.ts';
import { readKeyFile } from '../keys/operate-key.ts';
import type { CommonOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';

export interface GatewayClient {
  /**
   * Asks `/tollgate/v1/<path>`. A text is sent as it is, anything else as JSON.
   * @throws {CommandError} with the gateway's own words where it refuses; exit code 3 where the ledger does not answer
   */
  ask<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
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
  // Loaded only here: with a running gateway a command needs neither store nor rate card, and answers sooner.
  const { openHere } = await import('./open-here.ts');
  const { url: here, close } = await openHere(config, url);
  return clientOf(here, operateKey(config), close);
}

export function clientOf(url: string, key: string, close: () => Promise<void>): GatewayClient {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const isText = typeof body === 'string';
    const headers = { authorization: `Bearer ${key}`, 'content-type': isText ? 'text/csv' : 'application/json' };
    const request = { method, headers, ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }) };
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
export async function answersAt(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const said = (await answer.json()) as { status?: unknown; reasons?: unknown };
    return typeof said.status === 'string' && Array.isArray(said.reasons);
  } catch {
    return false;
  }
}

/** A gateway that listens everywhere is reached over loopback. */
export function addressOf({ listen: { host, port } }: Config): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

function operateKey({ key_file: file }: Config): string {
  const key = readKeyFile(file);
  if (key === undefined)
    throw new CommandError(EXIT.found, `${file} is not there: the gateway writes its operate key into it when it starts.`);
  return key;
}
