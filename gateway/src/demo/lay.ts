// The demo's folder: configuration, rate card, secret and keys, made at the first start and kept from then on.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { clientOf } from '../cli/gateway-client.ts';

const CARD = join(import.meta.dirname, '../../templates/demo.yaml');
const POOL_CREDITS = 500;
// Enough for a few days of traffic, which then has its own refusals.
const TRAFFIC_CREDITS = 100_000;

export interface Stock {
  /** File of the key to try calls with. */
  keyFile: string;
  trafficKey: string;
}

/** Writes what is not there yet. The configuration is written anew: ports and the upstream's address are those of this start. */
export function layDemo(folder: string, ports: { gateway: number; metrics: number }, upstream: string): string {
  const card = join(folder, 'rates.yaml');
  const secret = join(folder, 'tollgate.secret');
  const config = join(folder, 'tollgate.yaml');
  if (!existsSync(card)) copyFileSync(CARD, card);
  if (!existsSync(secret)) writeFileSync(secret, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  writeFileSync(config, configText(ports, upstream));
  return config;
}

function configText(ports: { gateway: number; metrics: number }, upstream: string): string {
  return `# Written anew at each start of the demo. The rate card beside it is yours to change.
listen: 127.0.0.1:${ports.gateway}
metrics: 127.0.0.1:${ports.metrics}
secret_file: tollgate.secret
log: warn
timeouts: { shutdown: 5s }
upstreams:
  openai: { url: ${upstream}, headers: { authorization: Bearer sk-demo-gateway } }
  anthropic: { url: ${upstream}, headers: { x-api-key: sk-ant-demo } }
  dune: { url: ${upstream}, headers: { x-dune-api-key: dune-demo } }
  records: { url: ${upstream}, headers: { api_key: records-demo } }
`;
}

/**
 * Makes keys and grants; what was made before stays as it is. With traffic the pool is full for long, and so the key to try calls with
 * is another one, whose cap ends after as many credits as the pool has otherwise.
 */
export async function stockDemo(folder: string, url: string, { traffic }: { traffic: boolean }): Promise<Stock> {
  const client = clientOf(url, readFileSync(join(folder, 'tollgate.key'), 'utf8').trim(), async () => {});
  const key = async (id: string, more: object = {}): Promise<string> => {
    const file = join(folder, `${id}.key`);
    if (existsSync(file)) return file;
    // A key whose text was lost is of no use to anyone: the next of its line takes over.
    const { text } = await client.ask<{ text: string | null }>('POST', 'keys', { id, scope: 'spend', ...more });
    const told = text ?? (await client.ask<{ text: string }>('POST', `keys/${id}/rotate`, {})).text;
    writeFileSync(file, `${told}\n`, { mode: 0o600 });
    return file;
  };
  // Each start begins with the same credits, so that what is printed then happens.
  const { available } = await client.ask<{ available: number }>('GET', 'balance');
  const missing = Math.round((POOL_CREDITS - available) * 1e6) / 1e6;
  const id = `demo-${Date.now()}`;
  if (missing > 0) await client.ask('POST', 'grants', { id, amount: missing, reason: 'the credits of a start of the demo' });
  const tryFile = traffic ? await key('capped', { caps: [{ window: 'hour', limit: POOL_CREDITS }] }) : await key('spend');
  if (!traffic) return { keyFile: tryFile, trafficKey: '' };
  const trafficFile = await key('traffic', { workspace: 'traffic' });
  await client.ask('POST', 'grants', { id: 'traffic', amount: TRAFFIC_CREDITS, reason: 'traffic of the demo' });
  return { keyFile: tryFile, trafficKey: readFileSync(trafficFile, 'utf8').trim() };
}

/** The port, or another one where it is taken. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  probe.listen(wanted, '127.0.0.1');
  const taken = await Promise.race([once(probe, 'listening').then(() => false), once(probe, 'error').then(() => true)]);
  if (taken) probe.listen(0, '127.0.0.1');
  if (taken) await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
