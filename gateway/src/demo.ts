// `npm start`: everything to try Tollgate with, without an account anywhere. The demo upstream runs as a process of its own and speaks
// the wire formats of four APIs; the gateway stands in front of it with a pool of 500 credits.
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startTraffic } from './demo-upstream/traffic.ts';
import { readConfig } from './config.ts';
import { openGateway } from './cli/open-gateway.ts';
import { failedStart } from './cli/start.ts';
import { tellError } from './cli/tell-error.ts';
import { untilStopped } from './cli/until-stopped.ts';
import { DEMO_FOLDER, freePort, layDemo, stockDemo } from './demo/lay.ts';
import { demoLines } from './demo/lines.ts';
import { startUpstream } from './demo/upstream.ts';

const { values } = parseArgs({
  options: { traffic: { type: 'boolean', default: false }, reset: { type: 'boolean', default: false } },
});

try {
  await demo();
} catch (error) {
  process.exitCode = tellError(error, false);
}

async function demo(): Promise<void> {
  if (values.reset) rmSync(DEMO_FOLDER, { recursive: true, force: true });
  mkdirSync(DEMO_FOLDER, { recursive: true });
  const ports = { gateway: await freePort(8402), metrics: await freePort(8403) };
  const upstream = await startUpstream(DEMO_FOLDER);
  const ended = new AbortController();
  try {
    const configFile = layDemo(ports, upstream.origin);
    const app = await openGateway(readConfig(configFile, process.env)).catch(failedStart);
    const { url, metricsUrl } = await app.listen().catch(failedStart);
    const stock = await stockDemo(url, { traffic: values.traffic });
    process.stdout.write(`${demoLines({ url, metricsUrl, upstream: upstream.origin, ports, stock, traffic: values.traffic })}\n`);
    const { signal } = ended;
    const traffic = values.traffic
      ? startTraffic({ baseUrl: url, key: stock.trafficKey, seed: 1, perMinute: 60, signal })
      : undefined;
    await untilStopped(process.env);
    ended.abort();
    await traffic;
    await app.close();
  } finally {
    ended.abort();
    await upstream.end();
  }
}
