// The demo upstream as a process of its own: prints one line, `{"listening": <port>}`, and ends on SIGTERM or with its parent.
import { parseArgs } from 'node:util';
import { startDemoUpstream } from './demo-upstream.ts';

const PARENT_CHECK_MS = 500;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    log: { type: 'string' },
    'pace-ms': { type: 'string', default: '15' },
    'open-log': { type: 'boolean', default: false },
    'counter-only': { type: 'boolean', default: false },
    pages: { type: 'string' },
  },
});

const upstream = await startDemoUpstream({
  port: Number(values.port),
  seed: Number(values.seed),
  paceMs: Number(values['pace-ms']),
  openLog: values['open-log'],
  counterOnly: values['counter-only'],
  ...(values.log === undefined ? {} : { log: values.log }),
  ...(values.pages === undefined ? {} : { pages: values.pages }),
});
console.log(JSON.stringify({ listening: upstream.port }));

const parent = process.ppid;
// A parent that was killed can not end its children; they see that they have another one.
const watch = setInterval(() => {
  if (process.ppid !== parent) void end();
}, PARENT_CHECK_MS);
process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());

async function end(): Promise<void> {
  clearInterval(watch);
  await upstream.close();
}
