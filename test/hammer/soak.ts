// A gateway under a steady load for a while: its memory stays where it is, nothing stays open, and no listener piles up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../kit/gateway.ts';
import { readClientLog } from './client-log.ts';
import { compare } from './compare.ts';
import { readBooks } from './ledger-rows.ts';
import { startSteady } from './load-process.ts';
import type { PlanOptions } from './plan.ts';
import { HAMMER_CARD, untilQuiet } from './race.ts';

export interface SoakResult {
  differences: string[];
  calls: number;
  /** Resident memory at the end, in MB, and how it grew over the second half, in MB for a thousand calls and for a minute. */
  rssMb: number;
  mbPerThousandCalls: number;
  mbPerMinute: number;
  /** Lines in which Node warns of listeners. */
  listenerWarnings: number;
}

const EVERY_MS = 500;

export async function soak({ forMs, seed }: { forMs: number; seed: number }): Promise<SoakResult> {
  const plan: PlanOptions = { seed, kinds: 'mixed' };
  const kit = await startGateway({ card: HAMMER_CARD, credits: 1_000_000, upstream: ['--pace-ms', '1'], settings: 'log: warn' });
  const log = join(kit.folder, 'client.jsonl');
  const load = await startSteady(kit, 64, 0, { ...plan, log, from: 0 });
  try {
    const samples: [atMs: number, mb: number][] = [];
    const startedMs = performance.now();
    while (performance.now() - startedMs < forMs) {
      await sleep(EVERY_MS);
      samples.push([performance.now() - startedMs, rssMbOf(kit.pid())]);
    }
    await load.stop();
    await untilQuiet(kit);
    const books = await readBooks(kit.storeFile);
    const compared = compare({ plan, client: readClientLog(log), upstream: kit.upstream.log(), books, killed: false });
    const late = samples.filter(([atMs]) => atMs > forMs / 2);
    const mbPerMinute = slope(late) * 60_000;
    return {
      differences: compared.differences,
      calls: compared.rows,
      rssMb: samples.at(-1)?.[1] ?? 0,
      mbPerMinute,
      mbPerThousandCalls: (mbPerMinute / 60_000) * (forMs / compared.rows) * 1_000,
      listenerWarnings: kit.output().match(/MaxListenersExceededWarning/g)?.length ?? 0,
    };
  } finally {
    load.process.kill('SIGKILL');
    await kit.close();
  }
}

function rssMbOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
}

/** Of the line through the points that has the least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
