// nginx as a proxy, where it is installed: the settings that its documentation gives for kept connections to an upstream.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';

const PROGRAM = 'nginx';

export interface Nginx {
  child: Child;
  version: string;
}

/** @returns undefined where no nginx is on the path. */
export async function startNginx(target: string): Promise<Nginx | undefined> {
  const asked = spawnSync(PROGRAM, ['-v'], { encoding: 'utf8' });
  if (asked.error !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, settings(folder, port, new URL(target)));
  const child = await startChild({
    command: PROGRAM,
    args: ['-e', 'stderr', '-p', folder, '-c', file],
    // At this level it says when its workers start, which is after it listens.
    portIn: (printed) => (printed.includes('start worker process ') ? port : undefined),
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { child: { ...child, stop }, version: /nginx\/[\d.]+/.exec(asked.stderr)?.[0] ?? 'nginx' };
}

function settings(folder: string, port: number, target: URL): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  return `
    daemon off;
    worker_processes auto;
    pid ${folder}/nginx.pid;
    error_log stderr notice;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${temporary.join(' ')}
      upstream api { server ${target.host}; keepalive 128; keepalive_requests 1000000000; }
      server {
        listen 127.0.0.1:${port};
        keepalive_requests 1000000000;
        location /openai/ {
          proxy_pass http://api/;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
        }
      }
    }`;
}

/** nginx does not tell which port it took, so it gets one that was free a moment ago. */
async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
