// `npm start`: everything to try Tollgate with, without an account anywhere. The demo upstream runs as a process of its own and speaks
// the wire formats of four APIs; the gateway stands in front of it with a pool of 500 credits.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTraffic } from './demo-upstream/traffic.ts';
import { readConfig } from './config.ts';
import { openGateway } from './cli/open-gateway.ts';
import { failedStart } from './cli/start.ts';
import { tellError } from './cli/tell-error.ts';
import { untilStopped } from './cli/until-stopped.ts';
import { clearDemo, freePort, layDemo } from './demo/lay.ts';
import { stockBrowser } from './demo/browser.ts';
import { demoLines } from './demo/lines.ts';
import { stockDemo } from './demo/stock.ts';
import { startUpstream, type UpstreamProcess } from './demo/upstream.ts';

const TRAFFIC_PER_MINUTE = 60;

const { values } = parseArgs({
  options: {
    traffic: { type: 'boolean', default: false },
    reset: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(import.meta.dirname, '../../.demo') },
  },
});

try {
  await demo();
} catch (error) {
  process.exitCode = tellError(error, false);
}

async function demo(): Promise<void> {
  const { folder, reset } = values;
  if (reset) clearDemo(folder);
  const ports = { gateway: await freePort(8402), metrics: await freePort(8403) };
  const upstream = await startUpstream(folder, await freePort(8404));
  try {
    const app = await openGateway(readConfig(layDemo(folder, ports, upstream.origin), process.env)).catch(failedStart);
    try {
      await runDemo(folder, upstream, await app.listen().catch(failedStart));
    } finally {
      await app.close();
    }
  } finally {
    await upstream.end();
  }
}

async function runDemo(
  folder: string,
  upstream: UpstreamProcess,
  { url, metricsUrl }: { url: string; metricsUrl: string },
): Promise<void> {
  const { traffic } = values;
  const stock = await stockDemo(folder, url, traffic);
  const browser = await stockBrowser(folder, url, upstream.origin, stock);
  process.stdout.write(`${demoLines({ folder, url, metricsUrl, upstream: upstream.origin, stock, browser, traffic })}\n`);
  const ended = new AbortController();
  const { signal } = ended;
  const running = traffic
    ? startTraffic({ baseUrl: url, key: stock.trafficKey, seed: 1, perMinute: TRAFFIC_PER_MINUTE, signal })
    : undefined;
  await untilStopped(process.env);
  ended.abort();
  await running;
}
