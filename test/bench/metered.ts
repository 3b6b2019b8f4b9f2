// The gateway as a peer: a real process with the benchmark's card, its store on the disk of this checkout, holds and settles durable.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { CALL_HEADERS, CALL_PATH, type Peer } from './peers.ts';

/** Enough for any run, and within what one grant may be. */
const CREDITS = 100_000_000;
const ROOT = join(import.meta.dirname, '../..');

/**
 * @param nodeArguments for the gateway's process, such as `--cpu-prof`
 * @param card the rate card's text; that of the benchmark unless told
 */
export async function startMetered(nodeArguments: readonly string[] = [], card?: string): Promise<GatewayKit> {
  // Where the system keeps temporary files in memory, a commit would cost nothing; the checkout is on a disk.
  const disk = join(ROOT, 'node_modules/.cache/tollgate-bench');
  mkdirSync(disk, { recursive: true });
  process.env['TMPDIR'] = disk;
  return await startGateway({
    card: card ?? readFileSync(join(import.meta.dirname, 'rates.yaml'), 'utf8'),
    credits: CREDITS,
    settings: 'log: warn\n',
    upstream: ['--counter-only'],
    nodeArguments,
    // With this name in its environment the gateway ends when its parent is gone, however that ended.
    environment: { NODE_ENV: 'production', npm_lifecycle_event: 'bench' },
  });
}

export function meteredPeer(gateway: GatewayKit): Peer {
  return {
    name: 'tollgate',
    what: 'Tollgate: metered, priced by model and tokens, every hold and settle durable (SQLite, synchronous FULL)',
    pid: gateway.pid(),
    url: `${gateway.url}/openai${CALL_PATH}`,
    headers: { ...CALL_HEADERS, authorization: `Bearer ${gateway.spendKey}` },
    stop: async () => void (await gateway.end()),
  };
}
