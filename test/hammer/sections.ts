// The sections of `npm run hammer`, each a stream of figures with what it found.
import { setTimeout as sleep } from 'node:timers/promises';
import { flipBits } from '../faults/bit-flips.ts';
import { drain } from '../faults/drain.ts';
import { startFullStore } from '../faults/full-store.ts';
import { keepStore } from '../faults/kept-store.ts';
import { outage, type Outage } from '../faults/outage.ts';
import { failingFlushes, fileLimit, lockedOut, readOnlyFiles, smallDisk } from '../faults/outages.ts';
import { stepLoop } from '../faults/step-loop.ts';
import { tamperEvery } from '../faults/tamper-every.ts';
import { columnsOf } from '../faults/tamper.ts';
import { hammerCaps } from './caps.ts';
import { killLoop } from './kill-loop.ts';
import { race, type RaceResult } from './race.ts';
import { soak } from './soak.ts';

export interface Amounts {
  seeds: number;
  kills: number;
  calls: number;
}

export interface Told {
  figures: string;
  /** What must not be. */
  found: readonly string[];
}

export type Section = (amounts: Amounts) => AsyncGenerator<Told>;

export const SECTIONS: Readonly<Record<string, Section>> = { races, caps, steps, kills, tampering, outages, drains };

const READY_WITHIN_MS = 2_000;

async function* races({ seeds, calls }: Amounts): AsyncGenerator<Told> {
  const small = await race({ calls: 20, credits: 500, plan: { seed: 1, kinds: 'dear' } });
  yield raced('20 calls of 75 against 500', small, 6);
  const large = await race({ calls, credits: 7_500, plan: { seed: 1, kinds: 'dear' } });
  yield raced(`${calls} calls of 75 against 7,500`, large, Math.min(100, calls));
  for (let seed = 1; seed <= seeds; seed += 1) {
    // Credits for about half of them, so that every seed both admits and refuses.
    const random = await race({ calls, credits: calls / 5, plan: { seed, kinds: 'mixed' } });
    yield raced(`${calls} random calls, seed ${seed}`, random, undefined);
  }
}

function raced(
  name: string,
  { differences, admitted, refused, seen, rows, charged, seconds }: RaceResult,
  exactly: number | undefined,
): Told {
  const figures = `${name}: ${seen} seen by the upstream, ${rows} rows, ${refused} refused, ${charged} microcredits, ${seconds.toFixed(1)} s`;
  const wrong = exactly !== undefined && [admitted, seen, rows].some((count) => count !== exactly);
  return {
    figures,
    found: [...differences, ...(wrong ? [`${admitted} admitted, ${seen} seen, ${rows} rows; expected ${exactly}`] : [])],
  };
}

// Each goes over a midnight, half a minute with its start and its end.
const MIDNIGHTS_MOST = 5;

async function* caps({ seeds }: Amounts): AsyncGenerator<Told> {
  for (let seed = 1; seed <= Math.min(seeds, MIDNIGHTS_MOST); seed += 1) {
    const { differences, calls, admitted, refused, extra } = await hammerCaps({
      seed,
      callers: 200,
      eachSideMs: 8_000,
      scale: seed,
    });
    const reached = [...refused].map(([scope, count]) => `${scope} ${count}`).join(', ');
    const figures = `200 callers over a midnight, seed ${seed}: ${admitted} of ${calls} admitted, ${extra} microcredits of extra; refused by ${reached}`;
    yield { figures, found: [...differences, ...(refused.size < 3 || extra === 0 ? ['too little was reached'] : [])] };
  }
}

async function* steps(): AsyncGenerator<Told> {
  const { differences, steps: count, restartsMs } = await stepLoop();
  yield { figures: `killed at ${count} steps of a call; ${readyText(restartsMs)}`, found: [...differences, ...slow(restartsMs)] };
}

async function* kills({ kills: count, seeds }: Amounts): AsyncGenerator<Told> {
  const { differences, restartsMs, sent, rows, told } = await killLoop({ kills: count, seed: seeds });
  const figures = `${count} kills under load: ${sent} calls sent, ${rows} rows, ${told} costs told; ${readyText(restartsMs)}`;
  yield { figures, found: [...differences, ...slow(restartsMs)] };
}

function readyText(restartsMs: readonly number[]): string {
  const sorted = restartsMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  return `ready again after ${at(0)} / ${at(0.5)} / ${at(1)} ms (least, median, most)`;
}

/** One in twenty may be late: on a machine that is busy with other things a start waits for its turn. */
function slow(restartsMs: readonly number[]): string[] {
  const late = restartsMs.filter((ms) => ms >= READY_WITHIN_MS);
  return late.length > restartsMs.length / 20 ? [`${late.length} restarts took ${READY_WITHIN_MS} ms or longer`] : [];
}

const FLIPS = 60;
// What is younger than the mark may go unseen (rule 21).
const MARK_MS = 1_500;

async function* tampering(): AsyncGenerator<Told> {
  const kit = await startFullStore();
  try {
    const kept = keepStore(kit, 'kept');
    const columns = await columnsOf(kit.storeFile);
    yield { figures: `${columns.length} columns changed, one at a time`, found: await tamperEvery(kit, kept, columns) };
    kept.restore();
    await kit.start();
    await kit.call('/plain/ok');
    await sleep(MARK_MS);
    await kit.end('SIGKILL');
    const { silent, refused, found, harmless } = await flipBits(kit, FLIPS, 2);
    yield {
      figures: `${FLIPS} bits flipped: ${refused} refused at start, ${found} found by verify, ${harmless} without effect`,
      found: silent,
    };
  } finally {
    await kit.close();
  }
}

async function* outages(): AsyncGenerator<Told> {
  const disk = smallDisk();
  const made: readonly (readonly [string, Outage | undefined])[] = [
    ['another process locks the store', lockedOut()],
    ['the disk is full', disk],
    ['the files may not grow', fileLimit()],
    ['the files may not be written', readOnlyFiles()],
    ['every flush fails with EIO', failingFlushes()],
  ];
  try {
    for (const [name, one] of made) {
      if (one === undefined) {
        yield { figures: `${name}: not possible on this machine`, found: [] };
        continue;
      }
      const { differences, refused, charged, recoveredMs } = await outage(one);
      yield {
        figures: `${name}: ${refused} answered 503, ${charged} charged, well again after ${recoveredMs.toFixed(0)} ms`,
        found: differences,
      };
    }
  } finally {
    disk?.remove();
  }
}

async function* drains(): AsyncGenerator<Told> {
  for (const [name, dripMs, shutdownMs] of [
    ['streams that end in time', 60, 30_000],
    ['streams that do not', 400, 800],
  ] as const) {
    const { code, openBefore, openHolds, endedMs } = await drain({ streams: 200, dripMs, shutdownMs });
    const found = code === 0 && openHolds === 0 ? [] : [`exit code ${code}, ${openHolds} open holds`];
    yield { figures: `SIGTERM with ${openBefore} ${name}: ended after ${endedMs.toFixed(0)} ms, ${openHolds} open holds`, found };
  }
}

// What a gateway keeps of calls that have ended is a few ids: a leak of a listener or a row for each call is far above this.
const KB_PER_CALL_MOST = 1;

export async function* soakFor(forMs: number): AsyncGenerator<Told> {
  const { differences, calls, rssMb, mbPerMinute, heapFloorsMb, listenerWarnings } = await soak({ forMs, seed: 1 });
  const [middle, last] = heapFloorsMb;
  const kbPerCall = ((last - middle) * 1_024) / (calls / 3);
  const grows = kbPerCall > KB_PER_CALL_MOST ? [`${kbPerCall.toFixed(2)} kB of the heap stay for each call`] : [];
  const warned = listenerWarnings > 0 ? [`${listenerWarnings} listener warnings`] : [];
  const heap = `heap down to ${middle.toFixed(0)} and ${last.toFixed(0)} MB in the second and last third`;
  const figures = `${calls} calls, RSS ${rssMb.toFixed(0)} MB, slope ${mbPerMinute.toFixed(1)} MB a minute; ${heap}; ${listenerWarnings} listener warnings`;
  yield { figures, found: [...differences, ...grows, ...warned] };
}
