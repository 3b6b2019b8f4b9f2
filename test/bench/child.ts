// A process under measurement: started by its own command, known by its id, and ended by it alone.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Child {
  pid: number;
  /** What it listens on, on 127.0.0.1. */
  port: number;
  /** Asks it to end and waits; after ten seconds it is killed. */
  stop: () => Promise<void>;
}

export interface ChildOptions {
  command: string;
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Finds the port in what it has printed so far; by default in the line `{"listening": 40123}`. */
  portIn?: (printed: string) => number | undefined;
}

const START_MS = 30_000;
const END_MS = 10_000;
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const running = new Set<ChildProcess>();

// However this process ends, what it started ends too; only a kill -9 gets past, and then the children see that they lost it.
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Starts a process and waits until it listens. @throws with what it printed, where it ends or says nothing for thirty seconds. */
export async function startChild({ command, args, environment = {}, portIn = listeningIn }: ChildOptions): Promise<Child> {
  const env = { ...process.env, NODE_ENV: 'production', ...environment };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const port = await listening(child, portIn);
  return { pid: child.pid ?? 0, port, stop: () => stop(child) };
}

async function listening(child: ChildProcess, portIn: (printed: string) => number | undefined): Promise<number> {
  let printed = '';
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.join(' ')} ${why}\n${printed}`));
    const timer = setTimeout(() => fail(`did not listen within ${START_MS} ms`), START_MS);
    const read = (piece: Buffer): void => {
      // Read on for ever, so that nothing waits on a full pipe; kept only until it listens.
      if (printed.length < 1_000_000) printed += piece.toString();
      const port = portIn(printed);
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code) => fail(`ended with ${code} before it listened`));
  });
}

function listeningIn(printed: string): number | undefined {
  const match = /\{"listening": ?(\d+)\}/.exec(printed);
  return match === null ? undefined : Number(match[1]);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(timer);
}

/** Processor time that a process and its children have used, in milliseconds, all threads; undefined where /proc is not there. */
export function processorMs(pid: number): number | undefined {
  let ticks = 0;
  try {
    for (const id of [pid, ...childrenOf(pid)]) {
      // The name in brackets may hold spaces; what follows it is fields 3 and on, of which 14 and 15 are user and system time.
      const fields = readFileSync(`/proc/${id}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
      ticks += Number(fields[11]) + Number(fields[12]);
    }
  } catch {
    // Not Linux, or a worker that ended between two reads.
    return undefined;
  }
  return ticks * TICK_MS;
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );
}
