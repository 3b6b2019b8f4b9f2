// A process of clients. With `--at-once` it opens all its sockets first and then sends every call in one go; otherwise so many workers call
// one after the other until the process gets SIGTERM, also while nobody answers.
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { openClientLog } from './client-log.ts';
import { plannedCall, type PlannedCall, type PlanOptions } from './plan.ts';
import { callOn, openSocket } from './socket-call.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    key: { type: 'string' },
    log: { type: 'string' },
    seed: { type: 'string', default: '1' },
    kinds: { type: 'string', default: 'mixed' },
    from: { type: 'string', default: '0' },
    calls: { type: 'string', default: '0' },
    'at-once': { type: 'boolean', default: false },
    workers: { type: 'string', default: '16' },
    'pause-ms': { type: 'string', default: '0' },
  },
});

const CONNECTING_MOST = 250;
const DOWN_PAUSE_MS = 10;

const plan: PlanOptions = { seed: Number(values.seed), kinds: values.kinds as PlanOptions['kinds'] };
const port = Number(values.port);
const first = Number(values.from);
const log = openClientLog(values.log ?? 'client.jsonl');
const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
// The pipe ends with whoever started it, also where that was killed.
process.stdin.once('end', () => ending.abort());

if (values['at-once']) await allAtOnce(Number(values.calls));
else await steadily(Number(values.workers));
log.close();

/** Says `ready` when all are connected, and sends when it reads a line. */
async function allAtOnce(calls: number): Promise<void> {
  const sockets: Socket[] = [];
  for (let at = 0; at < calls; at += CONNECTING_MOST) {
    const some = Array.from({ length: Math.min(CONNECTING_MOST, calls - at) }, () => openSocket(port));
    sockets.push(...(await Promise.all(some)));
  }
  console.log(JSON.stringify({ ready: calls }));
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
  await Promise.all(sockets.map((socket, at) => one(socket, plannedCall(first + at, plan))));
}

async function steadily(workers: number): Promise<void> {
  console.log(JSON.stringify({ ready: workers }));
  process.stdin.resume();
  let next = first;
  const work = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const socket = await openSocket(port).catch(() => undefined);
      if (socket === undefined) {
        await sleep(DOWN_PAUSE_MS);
        continue;
      }
      next += 1;
      await one(socket, plannedCall(next, plan));
      await sleep(Number(values['pause-ms']));
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  process.stdin.destroy();
}

async function one(socket: Socket, call: PlannedCall): Promise<void> {
  log.sent(call.n);
  const headers = { ...call.headers, authorization: `Bearer ${values.key}` };
  log.told(call.n, await callOn(socket, { ...call, headers }));
}
