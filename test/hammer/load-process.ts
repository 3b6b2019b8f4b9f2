// Starts processes of clients beside a gateway, and waits for what they did.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { GatewayKit } from '../kit/gateway.ts';
import type { PlanOptions } from './plan.ts';

export interface LoadOptions extends PlanOptions {
  /** Where the clients write down what they sent and were told. */
  log: string;
  /** The number of the first call. */
  from: number;
  key?: string;
}

export interface LoadProcess {
  process: ChildProcess;
  /** Lets an at-once load send its calls. */
  go(): void;
  /** Resolves when every call is over. @throws where the process failed */
  ended: Promise<void>;
  /** Stands still, with its calls open, while something is looked at; and goes on. */
  pause(): void;
  resume(): void;
  /** Lets a steady load finish its calls and end. */
  stop(): Promise<void>;
}

/** So many sockets, all connected before the first call is sent. */
export function startAtOnce(kit: GatewayKit, calls: number, options: LoadOptions): Promise<LoadProcess> {
  return start(kit, options, ['--at-once', '--calls', String(calls)]);
}

/** So many workers that call one after the other, on and on, also while the gateway is down. */
export function startSteady(kit: GatewayKit, workers: number, pauseMs: number, options: LoadOptions): Promise<LoadProcess> {
  return start(kit, options, ['--workers', String(workers), '--pause-ms', String(pauseMs)]);
}

async function start(
  kit: GatewayKit,
  { log, from, seed, kinds, key = kit.spendKey }: LoadOptions,
  more: readonly string[],
): Promise<LoadProcess> {
  const args = [
    '--port',
    new URL(kit.url).port,
    '--key',
    key,
    '--log',
    log,
    '--from',
    String(from),
    '--seed',
    String(seed),
    '--kinds',
    kinds,
  ];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts'), ...args, ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = endOf(child);
  // Whoever waits for the end hears of it; until then it is no unhandled rejection.
  ended.catch(() => undefined);
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('a process of clients ended at once'))),
  ]);
  return {
    process: child,
    go: () => void child.stdin.end('go\n'),
    ended,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (code !== 0) throw new Error(`a process of clients ended with ${code ?? signal}`);
}
