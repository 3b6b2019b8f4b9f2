// One gigabyte down and one up through a priced route, with stalled peers beside it: the gateway's memory must not feel it.
//   node test/bench/big.ts              writes its section of docs/benchmarks.md
//   node test/bench/big.ts --quick      a tenth of it; writes nothing
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { GatewayKit } from '../kit/gateway.ts';
import { startMetered } from './metered.ts';
import { machine, writeSection } from './section.ts';
import { download, patternDigest, slowUpload, stallDownload, upload, type Transfer } from './transfer.ts';

const MB = 1_000_000;
const GROWTH_MOST_MB = 20;
const WARM_BYTES = 200 * MB;
const SAMPLE_EVERY_MS = 50;
/** The slow upstream takes 200 kB a second: it is still at it when the rest has passed. */
const SLOW_BYTES_PER_SECOND = 200_000;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const bytes = values.quick ? 100 * MB : 1000 * MB;
const gateway = await startMetered();
try {
  const text = await pass(gateway);
  console.log(text);
  if (!values.quick) writeSection('One gigabyte each way', text);
} finally {
  await gateway.close();
}

async function pass(kit: GatewayKit): Promise<string> {
  const { url, spendKey: key } = kit;
  const to = (path: string): { url: string; key: string } => ({ url: `${url}/openai${path}`, key });
  await download(to(`/plain/bytes?n=${WARM_BYTES}`));
  await upload(to('/v1/sink'), WARM_BYTES);

  const before = residentMb(kit.pid());
  const memory = watch(kit.pid());
  const endings = [
    await stallDownload(to(`/plain/bytes?n=${bytes}`)),
    slowUpload(to(`/v1/sink?demo_fault=slow-read=${SLOW_BYTES_PER_SECOND}`), bytes),
  ];
  const startedAt = performance.now();
  const down = await download(to(`/plain/bytes?n=${bytes}`));
  const downAt = performance.now();
  const up = await upload(to('/v1/sink'), bytes);
  const upAt = performance.now();
  for (const end of endings) end();
  const most = await memory.stop();

  const expected = patternDigest(bytes);
  assertWhole('down', down, expected);
  assertWhole('up', up, expected);
  // 0.01 credits for each megabyte.
  await assertCharged(kit, down, bytes / MB / 100);
  await assertCharged(kit, up, bytes / MB / 100);
  const growth = most - before;
  if (growth >= GROWTH_MOST_MB) throw new Error(`memory grew by ${growth.toFixed(1)} MB, from ${before.toFixed(1)} MB`);
  const rate = (ms: number): string => `${Math.round(bytes / MB / (ms / 1000)).toLocaleString('en')} MB/s`;
  const size = (bytes / MB).toLocaleString('en');
  const [first, top] = [before.toFixed(0), most.toFixed(0)];
  return `
${machine()}. \`node test/bench/big.ts\`

${size} MB down (${rate(downAt - startedAt)}), then as much up (${rate(upAt - downAt)}), each priced by its bytes, what comes down bounded by
a cut, and charged to the microcredit; SHA-256 is the same at both ends. All the while a second client has stopped reading its
download after the first piece, and a second upload goes to an upstream that reads ${SLOW_BYTES_PER_SECOND / 1000} kB a second.

Resident memory of the gateway's process, looked at every ${SAMPLE_EVERY_MS} ms: ${first} MB before (after ${WARM_BYTES / MB} MB each way to warm
it), ${top} MB at the most. It grew by **${growth.toFixed(1)} MB**; the promise is less than ${GROWTH_MOST_MB} MB.`;
}

function assertWhole(what: string, transfer: Transfer, sha256: string): void {
  if (transfer.status !== 200 || transfer.bytes !== bytes || transfer.sha256 !== sha256) {
    throw new Error(`${what}: ${JSON.stringify(transfer)}, expected ${bytes} bytes with ${sha256}`);
  }
}

async function assertCharged(kit: GatewayKit, { callId }: Transfer, credits: number): Promise<void> {
  const { status, body } = await kit.api('GET', `calls/${callId}?wait=5s`);
  if (status !== 200 || body.cost !== credits)
    throw new Error(`call ${callId} should have cost ${credits}: ${JSON.stringify(body)}`);
}

/** Looks at the memory of a process until it is stopped. @returns the most it was, in MB */
function watch(pid: number): { stop(): Promise<number> } {
  let most = 0;
  const stopped = new AbortController();
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      most = Math.max(most, residentMb(pid));
      await pause(SAMPLE_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await watching;
      return most;
    },
  };
}

/** @throws where there is no /proc: this measurement is for Linux */
function residentMb(pid: number): number {
  const kb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
  return (kb * 1024) / MB;
}
