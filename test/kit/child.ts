// A child process whose first line of output says where it listens.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Child {
  process: ChildProcess;
  /** The first line of its standard output, as JSON. */
  told: unknown;
  /** All that it wrote so far, both ways. */
  output(): string;
  /** Sends a signal and waits for the end; resolves at once where it has ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }>;
}

const STARTS_WITHIN_MS = 20_000;

/**
 * Starts a Node process.
 * @throws with everything that it wrote, where it ends or takes too long before its first line
 */
export async function startChild(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Child> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let written = '';
  let first = '';
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  // Asked for at once: where nothing is left to read, it comes in the same turn as the exit.
  const closed = once(child, 'close').catch(() => undefined);
  const line = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      written += piece;
      first += piece;
      if (first.includes('\n')) resolve(first.slice(0, first.indexOf('\n')));
    });
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (written += piece));
  const timeout = AbortSignal.timeout(STARTS_WITHIN_MS);
  const late = once(timeout, 'abort').then(() => 'late' as const);
  const told = await Promise.race([line, ended.then(() => 'ended' as const), late]);
  if (told === 'ended' || told === 'late') {
    child.kill('SIGKILL');
    await closed;
    throw new Error(`${args.join(' ')} ${told === 'ended' ? 'ended' : 'said nothing'} before its first line:\n${written}`);
  }
  return {
    process: child,
    told: JSON.parse(told) as unknown,
    output: () => written,
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await ended;
      }
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
}
