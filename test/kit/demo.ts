// The demo as `npm start` runs it, in a folder of its own: gateway, upstream, a team with a plan, pages whose buttons spend.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DemoKit {
  /** The gateway: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Where the pages begin, with a slash at the end. */
  readonly pages: string;
  /** Links to pair with, each good once: for the demo's pool, and for Gina of Acme. */
  readonly links: { readonly pool: string; readonly gina: string };
  /** The key of a file that the demo laid: `spend`, `gina`, `tollgate` (which operates). */
  key(name: 'spend' | 'gina' | 'tollgate'): string;
  end(): Promise<void>;
}

const DEMO = join(import.meta.dirname, '../../gateway/src/demo.ts');
const STARTS_WITHIN_MS = 30_000;

/** @throws with what it wrote, where it ends or takes too long before it is ready */
export async function startDemo(): Promise<DemoKit> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-demo-'));
  // As if npm had started it: it then ends by itself where a test run is killed before it could end it.
  const environment = { ...process.env, npm_lifecycle_event: 'start' };
  const child = spawn(process.execPath, [DEMO, '--folder', folder], { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const ended = once(child, 'exit');
  let written = '';
  const ready = new Promise<'ready'>((resolve) => {
    const read = (piece: string): void => {
      written += piece;
      if (written.includes('Ctrl-C stops.')) resolve('ready');
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
  });
  const late = once(AbortSignal.timeout(STARTS_WITHIN_MS), 'abort').then(() => 'late');
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  if ((await Promise.race([ready, ended, late])) !== 'ready') {
    await end();
    throw new Error(`the demo did not start:\n${written}`);
  }
  const found = (pattern: RegExp): string => pattern.exec(written)?.[1] ?? '';
  return {
    url: found(/listens on (http:\/\/[^\s,]+)/),
    pages: found(/Pages with buttons that spend: (\S+)/),
    links: { pool: found(/(\S+console\/pair#\S+)\s+\(The demo's pool\)/), gina: found(/(\S+console\/pair#\S+)\s+\(Gina/) },
    key: (name) => readFileSync(join(folder, `${name}.key`), 'utf8').trim(),
    end,
  };
}
