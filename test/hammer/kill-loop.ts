// Kills a gateway under load, over and over. After each restart: what the clients' own log holds is in the ledger as it was told, no hold is
// past its lease, the verifier finds nothing, and the gateway was ready again in time (promise 2).
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../model/random.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { isTold, readClientLog, readClientLogFrom, type ToldLine } from './client-log.ts';
import { compare, microcreditsOf } from './compare.ts';
import { readBooks, withDatabase } from './ledger-rows.ts';
import { startSteady } from './load-process.ts';
import type { PlanOptions } from './plan.ts';
import { HAMMER_CARD, untilQuiet } from './race.ts';

export interface KillLoopOptions {
  kills: number;
  seed: number;
  workers?: number;
}

export interface KillLoopResult {
  differences: string[];
  /** From the start of the process to 200 on /readyz. */
  restartsMs: number[];
  /** Calls that clients sent, that the ledger has, and that clients were told the cost of. */
  sent: number;
  rows: number;
  told: number;
}

export const LEASE_MS = 2_000;
// The sweep comes every second and may itself wait for a batch.
const SWEEP_MS = 3_000;
const LOAD_BEFORE_KILL_MS = 450;

export async function killLoop({ kills, seed, workers = 24 }: KillLoopOptions): Promise<KillLoopResult> {
  const plan: PlanOptions = { seed, kinds: 'mixed' };
  const random = randomFrom(seed);
  const settings = `log: error\ntimeouts: { lease: ${LEASE_MS}ms }`;
  const kit = await startGateway({ card: HAMMER_CARD, credits: 1_000_000, upstream: ['--pace-ms', '1'], settings });
  const log = join(kit.folder, 'client.jsonl');
  const load = await startSteady(kit, workers, 20, { ...plan, log, from: 0 });
  const differences: string[] = [];
  const restartsMs: number[] = [];
  /** How far the clients' log was looked through. */
  let checked = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(50 + random.below(LOAD_BEFORE_KILL_MS));
      await kit.end('SIGKILL');
      restartsMs.push(await restart(kit));
      load.pause();
      const { lines, next } = readClientLogFrom(log, checked);
      checked = next;
      const found = [...(await checkTold(kit, lines.filter(isTold))), ...(await checkBooks(kit))];
      differences.push(...found.map((one) => `after kill ${kill + 1}: ${one}`));
      load.resume();
    }
    await load.stop();
    await untilQuiet(kit);
    const client = readClientLog(log);
    const compared = compare({ plan, client, upstream: kit.upstream.log(), books: await readBooks(kit.storeFile), killed: true });
    const told = client.filter((line) => isTold(line) && line.cost !== null).length;
    return { differences: [...differences, ...compared.differences], restartsMs, sent: compared.sent, rows: compared.rows, told };
  } finally {
    load.process.kill('SIGKILL');
    await kit.close();
  }
}

/** Starts the gateway again and waits until it takes calls. */
export async function restart(kit: GatewayKit, more: readonly string[] = []): Promise<number> {
  const startedMs = performance.now();
  await kit.start(more);
  while ((await fetch(`${kit.url}/readyz`)).status !== 200) await sleep(10);
  return performance.now() - startedMs;
}

/** Whether each cost that a client wrote down is what the ledger has. */
export async function checkTold(kit: GatewayKit, told: readonly ToldLine[]): Promise<string[]> {
  const ids = told.filter(({ cost, callId }) => cost !== null && callId !== null).map(({ callId }) => callId);
  const rows = await withDatabase(kit.storeFile, (all) =>
    all<{ id: string; charge: number | null }>(
      'SELECT id, charge FROM whole_calls WHERE id IN (SELECT value FROM json_each(?))',
      [JSON.stringify(ids)],
    ),
  );
  const charges = new Map(rows.map(({ id, charge }) => [id, charge ?? 0]));
  return told.flatMap(({ callId, cost }) => {
    if (cost === null || callId === null) return [];
    const charge = charges.get(callId);
    return charge === microcreditsOf(cost) ? [] : [`${callId} was told to cost ${cost}, the ledger has ${charge ?? 'nothing'}`];
  });
}

/** Nothing is held past its lease and the sweep behind it, and the books add up. */
export async function checkBooks(kit: GatewayKit): Promise<string[]> {
  const before = Date.now() - SWEEP_MS;
  const overdue = await withDatabase(kit.storeFile, (all) =>
    all<{ id: string; late: number }>(
      'SELECT c.id, ? - h.lease_until AS late FROM holds h JOIN calls c ON c.seq = h.seq WHERE h.lease_until < ?',
      [Date.now(), before],
    ),
  );
  const { status, body } = await kit.api('GET', 'verify');
  return [
    ...overdue.map(({ id, late }) => `${id} is open ${late} ms after its lease`),
    ...(status === 200 && body.ok === true ? [] : [`verify: ${status} ${JSON.stringify(body).slice(0, 2_000)}`]),
  ];
}
