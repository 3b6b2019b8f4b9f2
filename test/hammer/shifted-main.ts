// A gateway process whose time of day is another one, so that midnight is seconds away: it is `--at` (epoch milliseconds) when it listens,
// and runs on from there. Leases and timeouts run by real time, as always.
import { parseArgs } from 'node:util';
import { openGateway } from '../../gateway/src/cli/open-gateway.ts';
import { untilStopped } from '../../gateway/src/cli/until-stopped.ts';
import { readConfig } from '../../gateway/src/config.ts';

const { values } = parseArgs({
  options: { config: { type: 'string', default: 'tollgate.yaml' }, at: { type: 'string', default: '0' } },
});
const at = Number(values.at);
// How long it takes to start is not known: until then it is a minute before.
const STARTS_MS = 60_000;
let shiftMs = at - STARTS_MS - Date.now();
const app = await openGateway(readConfig(values.config, process.env), { now: () => Date.now() + shiftMs });
const { url, metricsUrl: metrics } = await app.listen();
shiftMs = at - Date.now();
process.stdout.write(`${JSON.stringify({ url, metrics, shiftMs })}\n`);
await untilStopped(process.env);
await app.close();
