// One gigabyte down and one up through a priced route, with stalled peers beside it: the gateway's memory must not feel it.
// What counts is the most that the gateway's process has resident while the gigabytes pass, above what it had after a small pass that
// warmed it up.
//   node test/bench/big.ts              writes its section of docs/benchmarks.md
//   node test/bench/big.ts --quick      a tenth of it; writes nothing
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { GatewayKit } from '../kit/gateway.ts';
import { startMetered } from './metered.ts';
import { machine, writeSection } from './section.ts';
import { download, patternDigest, slowUpload, stallDownload, upload, type Transfer, type Way } from './transfer.ts';

const MB = 1_000_000;
const GROWTH_MOST_MB = 20;
const WARM_BYTES = 50 * MB;
const SAMPLE_EVERY_MS = 50;
/** The slow upstream takes 200 kB a second: it is still at it when the rest has passed. */
const SLOW_BYTES_PER_SECOND = 200_000;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const passBytes = values.quick ? 100 * MB : 1000 * MB;
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
  const to = (path: string): Way => ({ url: `${url}/openai${path}`, key });
  await bothWays(kit, to, WARM_BYTES);
  const warm = residentMb(kit.pid());
  const endings = [
    await stallDownload(to(`/plain/bytes?n=${passBytes}`)),
    slowUpload(to(`/v1/sink?demo_fault=slow-read=${SLOW_BYTES_PER_SECOND}`), passBytes),
  ];
  const passed = await bothWays(kit, to, passBytes);
  for (const end of endings) end();
  const growth = passed.mostMb - warm;
  const found = `${warm.toFixed(0)} MB before, at most ${passed.mostMb.toFixed(0)} MB`;
  if (growth >= GROWTH_MOST_MB) throw new Error(`memory grew: ${found}`);
  const rate = (ms: number): string => `${Math.round(passBytes / MB / (ms / 1000)).toLocaleString('en')} MB/s`;
  const size = (passBytes / MB).toLocaleString('en');
  return `
${machine()}. \`node test/bench/big.ts\`

${size} MB down (${rate(passed.downMs)}), then as much up (${rate(passed.upMs)}), what comes down priced by its bytes with a bound
that a cut keeps, what goes up at a fixed price; SHA-256 is the same at both ends and the charges are exact. Beside them another client
has stopped reading its download after the first piece, and another upload goes to an upstream that reads
${SLOW_BYTES_PER_SECOND / 1000} kB a second. The process was warmed up with ${WARM_BYTES / MB} MB each way.

Resident memory of the gateway's process, looked at every ${SAMPLE_EVERY_MS} ms: ${found}. It grew by
**${Math.max(0, growth).toFixed(1)} MB**; the promise is less than ${GROWTH_MOST_MB} MB.`;
}

interface Passed {
  downMs: number;
  upMs: number;
  /** Resident memory at its highest. */
  mostMb: number;
}

/** @throws where a byte or a charge is wrong */
async function bothWays(kit: GatewayKit, to: (path: string) => Way, bytes: number): Promise<Passed> {
  const expected = patternDigest(bytes);
  const memory = watch(kit.pid());
  const startedAt = performance.now();
  const down = await download(to(`/plain/bytes?n=${bytes}`));
  const downAt = performance.now();
  const up = await upload(to('/v1/sink'), bytes);
  const upMs = performance.now() - downAt;
  const mostMb = await memory.stop();
  assertWhole('down', down, bytes, expected);
  assertWhole('up', up, bytes, expected);
  // As rates.yaml says: 0.01 credits for each megabyte down, 10 for an upload.
  await assertCharged(kit, down, bytes / MB / 100);
  await assertCharged(kit, up, 10);
  return { downMs: downAt - startedAt, upMs, mostMb };
}

function assertWhole(what: string, transfer: Transfer, bytes: number, expected: string): void {
  if (transfer.status !== 200 || transfer.bytes !== bytes || transfer.sha256 !== expected) {
    throw new Error(`${what}: ${JSON.stringify(transfer)}, expected ${bytes} bytes with ${expected}`);
  }
}

async function assertCharged(kit: GatewayKit, { callId }: Transfer, credits: number): Promise<void> {
  const { status, body } = await kit.api('GET', `calls/${callId}?wait=5s`);
  if (status !== 200 || body.charge !== credits)
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
