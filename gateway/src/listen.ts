// Opening and closing of the two listeners.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';

export interface Listening {
  url: string;
  metricsUrl: string;
}

// Connections that wait to be taken; the kernel caps it at its own limit. Past Node's 511 a burst is dropped and comes again a second later.
const BACKLOG = 4_096;

/** Opens the gateway's listener and the one for metrics. Port 0 takes a free one. */
export async function listen(server: Server, metrics: Server, config: Config): Promise<Listening> {
  const urls = [];
  for (const [made, { host, port }] of [
    [server, config.listen],
    [metrics, config.metrics],
  ] as const) {
    made.listen({ port, host, backlog: BACKLOG });
    await once(made, 'listening');
    const { address, family, port: taken } = made.address() as AddressInfo;
    urls.push(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
  }
  const [url, metricsUrl] = urls as [string, string];
  return { url, metricsUrl };
}

const IDLE_CHECK_MS = 50;

/** Calls under way may end; past the time they are broken off, and their holds end by what is known of them. */
export async function closeServer(server: Server, withinMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // A connection becomes idle when its call ends, and would then be kept open for the client's next one.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const timer = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
}
