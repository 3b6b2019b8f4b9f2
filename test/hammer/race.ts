// The race: many calls at the same moment against credits for a few. A balance that looks right proves nothing (TRAPS, The stores), so the
// clients' own notes, the upstream's log, the ledger's rows and the oracle must all say the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { readClientLog, type ClientLine } from './client-log.ts';
import { compare, type Compared } from './compare.ts';
import { openHolds, readBooks } from './ledger-rows.ts';
import { startAtOnce } from './load-process.ts';
import type { PlanOptions } from './plan.ts';

export const HAMMER_CARD = readFileSync(join(import.meta.dirname, 'rates.yaml'), 'utf8');

export interface RaceOptions {
  calls: number;
  /** What the pool has, in credits. */
  credits: number;
  plan: PlanOptions;
  /** Processes of clients. */
  processes?: number;
}

export interface RaceResult extends Compared {
  /** Calls that clients saw admitted, and refused with 402. */
  admitted: number;
  refused: number;
  /** From the first call sent to the last one over. */
  seconds: number;
}

export async function race({ calls, credits, plan, processes = 2 }: RaceOptions): Promise<RaceResult> {
  const kit = await startGateway({ card: HAMMER_CARD, credits, upstream: ['--pace-ms', '0'], settings: 'log: warn' });
  try {
    const share = Math.ceil(calls / processes);
    const loads = await Promise.all(
      Array.from({ length: processes }, (_, at) => {
        const log = join(kit.folder, `client-${at}.jsonl`);
        return startAtOnce(kit, Math.min(share, calls - at * share), { ...plan, log, from: at * share });
      }),
    );
    const startedMs = performance.now();
    for (const load of loads) load.go();
    await Promise.all(loads.map((load) => load.ended));
    const seconds = (performance.now() - startedMs) / 1_000;
    await untilQuiet(kit);
    const client = loads.flatMap((_, at) => readClientLog(join(kit.folder, `client-${at}.jsonl`)));
    const compared = compare({
      plan,
      client,
      upstream: kit.upstream.log(),
      books: await readBooks(kit.storeFile),
      killed: false,
    });
    return { ...compared, ...countTold(client), seconds };
  } finally {
    await kit.close();
  }
}

const QUIET_WITHIN_MS = 60_000;

/**
 * Calls whose clients have left go on for a while (rule 9): waits until no hold is open and the gateway counts no call as under way.
 * @throws where one stays open: a call that never leaves the gateway would keep it from admitting others, and from ending
 */
export async function untilQuiet(kit: GatewayKit, withinMs = QUIET_WITHIN_MS): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    const holds = await openHolds(kit.storeFile);
    const calls = await callsUnderWay(kit);
    if (holds === 0 && calls === 0) break;
    if (performance.now() > until) {
      throw new Error(`${holds} holds and ${calls} calls are still open after ${withinMs} ms:\n${kit.output()}`);
    }
    await sleep(50);
  }
  // The upstream writes the last line of a call just after the gateway has read its answer.
  await sleep(100);
}

async function callsUnderWay(kit: GatewayKit): Promise<number> {
  const text = await (await fetch(`${kit.metricsUrl}/metrics`)).text();
  return Number(/^tollgate_calls_open (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

function countTold(client: readonly ClientLine[]): { admitted: number; refused: number } {
  let admitted = 0;
  let refused = 0;
  for (const line of client) {
    if (!('status' in line) || line.status === null) continue;
    if (line.code === 'insufficient_credits') refused += 1;
    else admitted += 1;
  }
  return { admitted, refused };
}
