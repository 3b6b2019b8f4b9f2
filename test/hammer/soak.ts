// A gateway under a steady load for a while: its memory stays where it is, nothing stays open, and no listener piles up.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { readClientLog } from './client-log.ts';
import { compare } from './compare.ts';
import { readBooks } from './ledger-rows.ts';
import { startSteady } from './load-process.ts';
import type { PlanOptions } from './plan.ts';
import { HAMMER_CARD, untilQuiet } from './race.ts';

export interface SoakResult {
  differences: string[];
  calls: number;
  /** Resident memory at the end, in MB, and its slope over the last third, in MB a minute: also caches that fill up and garbage. */
  rssMb: number;
  mbPerMinute: number;
  /** What the heap came down to in the second and in the last third, in MB: what is kept for good shows as the difference. */
  heapFloorsMb: readonly [number, number];
  /** Lines in which Node warns of listeners. */
  listenerWarnings: number;
}

const EVERY_MS = 250;

export async function soak({ forMs, seed }: { forMs: number; seed: number }): Promise<SoakResult> {
  const plan: PlanOptions = { seed, kinds: 'mixed' };
  const kit = await startGateway({ card: HAMMER_CARD, credits: 1_000_000, upstream: ['--pace-ms', '1'], settings: 'log: warn' });
  const log = join(kit.folder, 'client.jsonl');
  const load = await startSteady(kit, 64, 0, { ...plan, log, from: 0 });
  try {
    const samples: Sample[] = [];
    const startedMs = performance.now();
    while (performance.now() - startedMs < forMs) {
      await sleep(EVERY_MS);
      samples.push({ atMs: performance.now() - startedMs, ...(await memoryOf(kit)) });
    }
    await load.stop();
    await untilQuiet(kit);
    const books = await readBooks(kit.storeFile);
    const compared = compare({ plan, client: readClientLog(log), upstream: kit.upstream.log(), books, killed: false });
    const [, middle = [], last = []] = thirds(samples);
    return {
      differences: compared.differences,
      calls: compared.rows,
      rssMb: samples.at(-1)?.rssMb ?? 0,
      mbPerMinute: slope(last) * 60_000,
      heapFloorsMb: [floor(middle), floor(last)],
      listenerWarnings: kit.output().match(/MaxListenersExceededWarning/g)?.length ?? 0,
    };
  } finally {
    load.process.kill('SIGKILL');
    await kit.close();
  }
}

interface Sample {
  atMs: number;
  rssMb: number;
  heapMb: number;
}

async function memoryOf(kit: GatewayKit): Promise<Omit<Sample, 'atMs'>> {
  const text = await (await fetch(`${kit.metricsUrl}/metrics`)).text();
  const mb = (name: string): number => Number(new RegExp(`^${name} ([\\d.e+]+)$`, 'm').exec(text)?.[1]) / 1_048_576;
  return { rssMb: mb('process_resident_memory_bytes'), heapMb: mb('nodejs_heap_size_used_bytes') };
}

function thirds(samples: readonly Sample[]): readonly Sample[][] {
  const size = Math.ceil(samples.length / 3);
  return [0, 1, 2].map((third) => samples.slice(third * size, (third + 1) * size));
}

function floor(samples: readonly Sample[]): number {
  return Math.min(...samples.map(({ heapMb }) => heapMb));
}

/** Of the line through the points that has the least squares, in MB for a millisecond. */
function slope(points: readonly Sample[]): number {
  const count = points.length;
  const meanX = points.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const meanY = points.reduce((sum, { rssMb }) => sum + rssMb, 0) / count;
  const over = points.reduce((sum, { atMs, rssMb }) => sum + (atMs - meanX) * (rssMb - meanY), 0);
  const under = points.reduce((sum, { atMs }) => sum + (atMs - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
