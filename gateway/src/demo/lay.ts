// The demo's folder: configuration, rate card and secret, made at the first start and kept from then on.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const CARD = join(import.meta.dirname, '../../templates/demo.yaml');
const OWN_FILES = /^(?:tollgate\..*|rates\.yaml|\w+\.key|upstream\.jsonl|(?:answer|pages)\.json)$/;

/** Writes what is not there yet. The configuration is written anew: ports and the upstream's address are those of this start. */
export function layDemo(folder: string, ports: { gateway: number; metrics: number }, upstream: string): string {
  mkdirSync(folder, { recursive: true });
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
# The demo's pages call from the browser.
cors: { origins: ["${upstream}"] }
upstreams:
  openai: { url: ${upstream}, headers: { authorization: Bearer sk-demo-gateway } }
  anthropic: { url: ${upstream}, headers: { x-api-key: sk-ant-demo } }
  dune: { url: ${upstream}, headers: { x-dune-api-key: dune-demo } }
  records: { url: ${upstream}, headers: { api_key: records-demo } }
`;
}

/** Forgets everything; only the demo's own files, whatever folder this is. */
export function clearDemo(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (OWN_FILES.test(name)) rmSync(join(folder, name));
}

/** The port, or another one where it is taken. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  probe.listen(wanted, '127.0.0.1');
  const taken = await once(probe, 'listening').then(
    () => false,
    () => true,
  );
  if (taken) {
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
  }
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
