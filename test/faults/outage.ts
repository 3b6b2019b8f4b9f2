// A store that stops working under load and works again later, before a real gateway: calls are refused as 503 and not forwarded, those that
// were under way settle afterwards, nothing is charged twice, and the process is the same one throughout (promise 6, rule 11).
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTold, readClientLog } from '../hammer/client-log.ts';
import { compare } from '../hammer/compare.ts';
import { checkBooks } from '../hammer/kill-loop.ts';
import { readBooks } from '../hammer/ledger-rows.ts';
import { startSteady } from '../hammer/load-process.ts';
import type { PlanOptions } from '../hammer/plan.ts';
import { HAMMER_CARD, untilQuiet } from '../hammer/race.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

export interface Outage {
  /** Where the store lies; in the gateway's own folder unless told. */
  storeFile?: string;
  /** Makes the store fail, and mends it again. */
  begin(kit: GatewayKit): Promise<void> | void;
  end(kit: GatewayKit): Promise<void> | void;
}

export interface OutageResult {
  differences: string[];
  /** Calls answered 503 `ledger_unavailable`, and calls that were charged, before and after all of it. */
  refused: number;
  charged: number;
  /** From the mending to the first call with a cost. */
  recoveredMs: number;
}

const LASTS_MS = 2_000;
const WITHIN_MS = 20_000;

export async function outage({ storeFile, begin, end }: Outage): Promise<OutageResult> {
  const plan: PlanOptions = { seed: 5, kinds: 'mixed' };
  const settings = `log: silent\n${storeFile === undefined ? '' : `store: ${storeFile}`}`;
  const started = await startGateway({ card: HAMMER_CARD, credits: 100_000, upstream: ['--pace-ms', '3'], settings });
  const kit = storeFile === undefined ? started : { ...started, storeFile };
  const log = join(kit.folder, 'client.jsonl');
  const load = await startSteady(kit, 16, 10, { ...plan, log, from: 0 });
  const pid = kit.pid();
  let mended = false;
  try {
    await sleep(500);
    await begin(kit);
    await untilTold(log, 0, ({ code }) => code === 'ledger_unavailable');
    await sleep(LASTS_MS);
    await end(kit);
    mended = true;
    const lines = readClientLog(log).length;
    const recoveredMs = await untilTold(log, lines, ({ cost }) => cost !== null);
    await sleep(500);
    await load.stop();
    await untilQuiet(kit);
    const client = readClientLog(log);
    const books = await readBooks(kit.storeFile);
    const compared = compare({ plan, client, upstream: kit.upstream.log(), books, killed: false, outages: true });
    const differences = [...compared.differences, ...(await checkBooks(kit))];
    if (kit.pid() !== pid) differences.push('the gateway was started again');
    const told = client.filter(isTold);
    const refused = told.filter(({ code }) => code === 'ledger_unavailable').length;
    return { differences, refused, charged: told.filter(({ cost }) => cost !== null).length, recoveredMs };
  } finally {
    if (!mended) await end(kit);
    load.process.kill('SIGKILL');
    await kit.close();
  }
}

type Told = Extract<ReturnType<typeof readClientLog>[number], { status: unknown }>;

/** Waits for a line after so many that is as wanted; resolves to how long that took. */
async function untilTold(log: string, after: number, wanted: (line: Told) => boolean): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    if (
      readClientLog(log)
        .slice(after)
        .some((line) => isTold(line) && wanted(line))
    )
      return performance.now() - startedMs;
    if (performance.now() - startedMs > WITHIN_MS)
      throw new Error(`no client was told what was waited for within ${WITHIN_MS} ms`);
    await sleep(20);
  }
}
