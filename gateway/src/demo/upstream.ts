// The demo upstream as a child process; it also ends by itself when this process is gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface UpstreamProcess {
  origin: string;
  end(): Promise<void>;
}

/** Gateway and keys of the demo's pages, in the demo's folder. */
export const PAGES_FILE = 'pages.json';
const MAIN = join(import.meta.dirname, '../demo-upstream/main.ts');

/** Starts it with its own log of what it saw in the folder. */
export async function startUpstream(folder: string, port: number): Promise<UpstreamProcess> {
  mkdirSync(folder, { recursive: true });
  const files = ['--log', join(folder, 'upstream.jsonl'), '--pages', join(folder, PAGES_FILE)];
  const child = spawn(process.execPath, [MAIN, '--port', String(port), ...files, '--open-log'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C goes to the whole group: calls under way must find their upstream until the gateway has ended them.
    detached: true,
  });
  const ended = once(child, 'exit');
  let text = '';
  for await (const piece of child.stdout) {
    text += String(piece);
    if (text.includes('\n')) break;
  }
  if (!text.includes('\n')) throw new Error('the demo upstream ended before it listened');
  const { listening } = JSON.parse(text) as { listening: number };
  return {
    origin: `http://127.0.0.1:${listening}`,
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
