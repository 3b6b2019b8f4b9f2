// A gateway that is told to stop while streams are open: within its shutdown time they end by themselves, past it they are cut, and either
// way each of them is settled before the process ends.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClientLog, type ToldLine } from '../hammer/client-log.ts';
import { openHolds, readBooks, type LedgerRow } from '../hammer/ledger-rows.ts';
import { plannedCall, type PlannedCall, type PlanOptions } from '../hammer/plan.ts';
import { HAMMER_CARD } from '../hammer/race.ts';
import { callOn, openSocket } from '../hammer/socket-call.ts';
import { startGateway } from '../kit/gateway.ts';

export interface DrainResult {
  code: number | null;
  /** Of those streams, when the signal was sent. */
  openBefore: number;
  openHolds: number;
  rows: readonly LedgerRow[];
  told: readonly ToldLine[];
  /** From the signal to the end of the process. */
  endedMs: number;
  output: string;
}

export interface DrainOptions {
  streams: number;
  /** Between two pieces of a stream. */
  dripMs: number;
  shutdownMs: number;
}

const PLAN: PlanOptions = { seed: 9, kinds: 'calm' };

export async function drain({ streams, dripMs, shutdownMs }: DrainOptions): Promise<DrainResult> {
  const settings = `log: warn\ntimeouts: { shutdown: ${shutdownMs}ms }`;
  const kit = await startGateway({ card: HAMMER_CARD, credits: 100_000, settings });
  const log = openClientLog(join(kit.folder, 'client.jsonl'));
  try {
    const headers = { authorization: `Bearer ${kit.spendKey}`, 'x-demo-fault': `drip=${dripMs}` };
    const port = Number(new URL(kit.url).port);
    const calls = streamCalls(streams).map(async (call) => {
      log.sent(call.n);
      return log.told(call.n, await callOn(await openSocket(port), { ...call, headers: { ...call.headers, ...headers } }));
    });
    while (kit.upstream.log().filter(({ phase }) => phase === 'arrived').length < streams) await sleep(20);
    const openBefore = await openHolds(kit.storeFile);
    const startedMs = performance.now();
    const { code } = await kit.end('SIGTERM');
    const endedMs = performance.now() - startedMs;
    const { rows } = await readBooks(kit.storeFile);
    return {
      code,
      openBefore,
      openHolds: await openHolds(kit.storeFile),
      rows,
      told: await Promise.all(calls),
      endedMs,
      output: kit.output(),
    };
  } finally {
    log.close();
    await kit.close();
  }
}

/** Neither so short that they end while others begin, nor so long that the test waits for them. */
function streamCalls(count: number): PlannedCall[] {
  const calls: PlannedCall[] = [];
  for (let n = 1; calls.length < count; n += 1) {
    const call = plannedCall(n, PLAN);
    if (call.kind === 'stream' && call.outputMost >= 15 && call.outputMost <= 60) calls.push(call);
  }
  return calls;
}
