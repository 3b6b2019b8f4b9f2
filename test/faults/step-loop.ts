// Kills a gateway at each step of the call, and at two moments that only others see: its request has arrived upstream, the first byte of its
// answer has reached the client. After each: the client's own notes are what the ledger has, and the hold ends with its lease.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openClientLog, readClientLog, type ClientLog, type ToldLine } from '../hammer/client-log.ts';
import { compare } from '../hammer/compare.ts';
import { checkBooks, checkTold, restart } from '../hammer/kill-loop.ts';
import { readBooks } from '../hammer/ledger-rows.ts';
import { MARK, plannedCall, type PlannedCall, type PlanOptions } from '../hammer/plan.ts';
import { HAMMER_CARD, untilQuiet } from '../hammer/race.ts';
import { callOn, openSocket } from '../hammer/socket-call.ts';
import { STEPS, type Step } from './failpoints.ts';

export interface StepResult {
  differences: string[];
  restartsMs: number[];
  steps: number;
}

const LEASE_MS = 1_000;
const DIES_WITHIN_MS = 10_000;
const PLAN: PlanOptions = { seed: 7, kinds: 'calm' };

export async function stepLoop(): Promise<StepResult> {
  const result: StepResult = { differences: [], restartsMs: [], steps: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-steps-'));
  const armedFile = join(folder, 'failpoint');
  const kit = await startGateway({
    card: HAMMER_CARD,
    credits: 10_000,
    upstream: ['--pace-ms', '1'],
    settings: `log: error\ntimeouts: { lease: ${LEASE_MS}ms }`,
    nodeArguments: ['--import', join(import.meta.dirname, 'failpoints.ts')],
    environment: { TOLLGATE_FAILPOINT: armedFile },
  });
  const log = openClientLog(join(kit.folder, 'client.jsonl'));
  const around: Around = { kit, armedFile, log, next: 0, result };
  try {
    for (const [name, step] of Object.entries<Step>(STEPS)) await killAtStep(around, name, step);
    await killAtStep(around, 'batch not written:2', { ...STEPS['batch not written'], held: true });
    await killAtStep(around, 'batch written, unheard:2', STEPS['batch written, unheard']);
    await killOnArrival(around);
    await killOnFirstByte(around);
    await untilQuiet(kit);
    const client = readClientLog(join(kit.folder, 'client.jsonl'));
    const compared = compare({
      plan: PLAN,
      client,
      upstream: kit.upstream.log(),
      books: await readBooks(kit.storeFile),
      killed: true,
    });
    result.differences.push(...compared.differences, ...(await checkBooks(kit)));
    return result;
  } finally {
    log.close();
    await kit.close();
    rmSync(folder, { recursive: true });
  }
}

interface Around {
  kit: GatewayKit;
  armedFile: string;
  log: ClientLog;
  /** The number of the next call. */
  next: number;
  result: StepResult;
}

async function killAtStep(around: Around, name: string, { held, by }: Step): Promise<void> {
  const { armedFile } = around;
  const call = nextCall(around, ({ whole: 'chat', stream: 'stream', fixed: 'ok' } as const)[by]);
  writeFileSync(armedFile, name);
  // A fixed price goes out in the head of a stream, where the status alone decides it.
  const told = await send(around, by === 'fixed' ? { ...call, headers: { ...call.headers, 'x-demo-fault': 'chunked' } } : call);
  const until = performance.now() + DIES_WITHIN_MS;
  while (existsSync(armedFile) && performance.now() < until) await sleep(10);
  if (existsSync(armedFile)) around.result.differences.push(`no call came to "${name}"`);
  await afterKill(around, name, call, told, held);
}

/** The upstream has it and never answers. */
async function killOnArrival(around: Around): Promise<void> {
  const call = nextCall(around, 'chat');
  const sent = send(around, { ...call, headers: { ...call.headers, 'x-demo-fault': 'hang' } });
  while (!around.kit.upstream.log().some((line) => line['callId'] === String(call.n))) await sleep(5);
  await around.kit.end('SIGKILL');
  await afterKill(around, 'arrived upstream', call, await sent, true);
}

async function killOnFirstByte(around: Around): Promise<void> {
  const call = nextCall(around, 'stream');
  const socket = await openSocket(Number(new URL(around.kit.url).port));
  const first = new Promise((resolve) => socket.once('data', resolve));
  const sent = send(around, { ...call, headers: { ...call.headers, 'x-demo-fault': 'drip=50' } }, socket);
  await first;
  await around.kit.end('SIGKILL');
  await afterKill(around, 'first byte', call, await sent, true);
}

/** The next number whose planned call is of this kind. */
function nextCall(around: Around, kind: PlannedCall['kind']): PlannedCall {
  for (;;) {
    around.next += 1;
    const call = plannedCall(around.next, PLAN);
    if (call.kind === kind) return call;
  }
}

async function send({ kit, log }: Around, call: PlannedCall, socket?: Awaited<ReturnType<typeof openSocket>>): Promise<ToldLine> {
  log.sent(call.n);
  const headers = { ...call.headers, authorization: `Bearer ${kit.spendKey}` };
  return log.told(call.n, await callOn(socket ?? (await openSocket(Number(new URL(kit.url).port))), { ...call, headers }));
}

async function afterKill({ kit, result }: Around, name: string, call: PlannedCall, told: ToldLine, held: boolean): Promise<void> {
  await kit.end('SIGKILL');
  result.steps += 1;
  result.restartsMs.push(await restart(kit));
  const row = (await readBooks(kit.storeFile)).rows.find(({ n }) => n === call.n);
  const found = [...(await checkTold(kit, [told])), ...(await checkBooks(kit))];
  if ((row !== undefined) !== held) found.push(`${MARK.label} ${call.n} ${held ? 'has no row' : 'has a row'}`);
  result.differences.push(...found.map((one) => `killed at "${name}": ${one}`));
}
