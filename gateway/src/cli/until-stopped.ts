// When a gateway is to stop: a signal, or the end of the npm that started it.
import { once } from 'node:events';
import type { Environment } from '../config.ts';

// How long a gateway whose parent is gone may live on.
const PARENT_CHECK_MS = 500;

/** Resolves at SIGTERM or SIGINT, or when npm, which ends only its own shell, is gone (TRAPS, Toolchain). */
export async function untilStopped(environment: Environment): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const parent = process.ppid;
  const orphaned = new Promise<void>((resolve) => {
    if (environment['npm_lifecycle_event'] === undefined) return;
    const watch = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_CHECK_MS);
    signal.addEventListener('abort', () => clearInterval(watch));
  });
  await Promise.race([once(process, 'SIGTERM', { signal }), once(process, 'SIGINT', { signal }), orphaned]);
  // A second signal then ends the process at once, as anyone who presses twice expects.
  ended.abort();
}
