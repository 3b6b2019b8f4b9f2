// The life of `tollgate start`: signals, reloads, and an npm that goes away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway();
});
afterAll(() => kit.close());

test('SIGHUP reads the changed card; nothing is dropped meanwhile', async () => {
  const slow = kit.call('/plain/ok', { headers: { 'x-demo-fault': 'slow=1200' } });
  const cost = async (): Promise<string | null> => (await kit.call('/plain/ok')).headers.get('credits-cost');
  const changed = readFileSync(kit.cardFile, 'utf8').replace('small: 1', 'small: 4');
  // A file that goes on changing is not taken up by itself: it might be half written.
  let number = 0;
  const writing = setInterval(() => writeFileSync(kit.cardFile, `${changed}# ${(number += 1)}\n`), 50);
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(await cost()).toBe('1');
  process.kill(kit.pid(), 'SIGHUP');
  await expect.poll(cost, { timeout: 400, interval: 20 }).toBe('4');
  clearInterval(writing);
  expect((await slow).headers.get('credits-cost')).toBe('1');
});

test('SIGTERM lets a call under way end, settles it, and exits 0', async () => {
  const slow = kit.call('/plain/ok', { headers: { 'x-demo-fault': 'slow=500' } });
  await expect.poll(async () => (await kit.api('GET', 'calls?state=open')).body.calls.length).toBe(1);
  const ended = kit.end('SIGTERM');
  const answer = await slow;
  expect([answer.status, answer.headers.get('credits-cost')]).toEqual([200, '4']);
  expect(await ended).toEqual({ code: 0, signal: null });
  await kit.start();
  const { body } = await kit.api('GET', `calls/${answer.headers.get('credits-call')}`);
  expect(body).toMatchObject({ state: 'settled', charge: 4 });
});

test('started by an npm that is killed, it ends by itself; started by anyone else, it stays', async () => {
  await kit.end();
  const main = join(import.meta.dirname, '../../gateway/src/main.ts');
  const orphan = async (environment: Record<string, string>, withinMs: number): Promise<boolean> => {
    // A shell between, as npm has one: its end is all that the gateway can notice.
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${main}" start --json --config "${kit.configFile}"; true`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...environment },
    });
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    const { pid } = JSON.parse(String(line)) as { pid: number };
    shell.kill('SIGKILL');
    const isGone = (): boolean => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    for (const until = Date.now() + withinMs; Date.now() < until && !isGone();)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const gone = isGone();
    if (!gone) process.kill(pid, 'SIGKILL');
    return gone;
  };
  expect(await orphan({ npm_lifecycle_event: 'start' }, 10_000)).toBe(true);
  expect(await orphan({ npm_lifecycle_event: undefined as unknown as string }, 1_500)).toBe(false);
});
