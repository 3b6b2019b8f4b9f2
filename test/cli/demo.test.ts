// What a stranger does: npm start, paste, stop, again. The lines are run as they are printed.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { tollgate, type Ran } from './tollgate.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-demo-'));
const running: ChildProcess[] = [];
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function startDemo(...args: string[]): Promise<{ lines: string[]; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../gateway/src/demo.ts'), '--folder', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await expect.poll(() => text, { timeout: 20_000 }).toContain('Ctrl-C stops.');
  return { lines: text.split('\n').map((line) => line.trim()), child };
}

async function stop(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  return ended;
}

async function paste(lines: readonly string[], start: string): Promise<string> {
  const line = lines.find((one) => one.startsWith(start));
  if (line === undefined) throw new Error(`no line starts with ${start}`);
  return (await promisify(execFile)('sh', ['-c', line], { cwd: folder, encoding: 'utf8' })).stdout;
}

const seen = (): number => readFileSync(join(folder, 'upstream.jsonl'), 'utf8').split('"arrived"').length - 1;
const config = join(folder, 'tollgate.yaml');

/** A team of 8 with three seat types, a pool, a package, an expired grant, a paused auto-purchase, and a cap near its edge. */
async function theTeam(lines: readonly string[]): Promise<unknown> {
  const ask = async (...args: string[]): Promise<ReturnType<Ran['json']>> =>
    (await tollgate([...args, '--organization', 'acme', '--config', config, '--json'])).json();
  const { seats } = await ask('seats', 'list');
  expect(seats.map(({ type }: { type: string }) => type).sort()).toEqual([
    'free',
    'free',
    'max',
    'max',
    'pro',
    'pro',
    'pro',
    'pro',
  ]);
  expect(new Set(seats.map(({ user }: { user: string }) => user)).size).toBe(8);
  const balance = await ask('balance');
  expect(balance.sources).toMatchObject([{ kind: 'pool', available: 3_000 }]);
  expect(balance.packages).toMatchObject([{ name: 'small', left: 1_000 }]);
  const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(lines.find((line) => line.startsWith('Tollgate listens')) ?? '') ?? [];
  const headers = { authorization: `Bearer ${readFileSync(join(folder, 'tollgate.key'), 'utf8').trim()}` };
  const api = async (path: string): Promise<ReturnType<Ran['json']>> =>
    (await fetch(`http://127.0.0.1:${port}/tollgate/v1/${path}?organization=acme`, { headers })).json();
  expect((await api('auto-purchase')).autoPurchase.paused).toMatchObject({ reason: 'the card was declined' });
  await expect
    .poll(async () => (await api('grants')).grants.find(({ id }: { id: string }) => id === 'acme-welcome'))
    .toMatchObject({ kind: 'promo', left: 0, ended: 250 });
  const own = JSON.parse(await paste(lines, `curl http://127.0.0.1:${port}/tollgate/v1/balance`)) as {
    caps: { used: number; limit: number; percent: number }[];
  };
  expect(own.caps).toMatchObject([{ used: 18, limit: 20, percent: 90 }]);
  return { seats, caps: own.caps };
}

/** Each printed link lets one browser in, which sees and can not spend; the pages have the gateway and their keys. */
async function theBrowser(lines: readonly string[]): Promise<void> {
  const links = lines.filter((line) => line.includes('/tollgate/console/pair#'));
  expect(links).toHaveLength(2);
  const contexts: unknown[] = [];
  for (const line of links) {
    const [, url = '', code = ''] = /^(http:\S+)\/tollgate\/console\/pair#(\S+) /.exec(line) ?? [];
    const claim = (): Promise<Response> =>
      fetch(`${url}/tollgate/v1/pairings/claim`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, name: 'Chrome on Linux' }),
      });
    const { text } = (await (await claim()).json()) as { text: string };
    expect((await claim()).status).toBe(404);
    const headers = { authorization: `Bearer ${text}` };
    const { context } = (await (await fetch(`${url}/tollgate/v1/balance`, { headers })).json()) as { context: object };
    contexts.push(context);
    expect((await fetch(`${url}/records/v1/businesses/b-1`, { headers })).status).toBe(403);
  }
  expect(contexts).toMatchObject([
    { organization: 'main', workspace: 'main', user: null },
    { organization: 'acme', user: 'gina' },
  ]);
  const pages = lines.find((line) => line.startsWith('Pages with buttons'))?.split(': ')[1] ?? '';
  expect((await fetch(pages)).status).toBe(200);
  const { gateway, accounts } = (await (await fetch(`${pages}config.json`)).json()) as {
    gateway: string;
    accounts: { key: string }[];
  };
  for (const { key } of accounts) {
    // As a page calls: of its own origin, which the gateway allows.
    const headers = { authorization: `Bearer ${key}`, origin: new URL(pages).origin };
    const answer = await fetch(`${gateway}/tollgate/v1/balance`, { headers });
    expect([answer.status, answer.headers.get('timing-allow-origin')]).toEqual([200, new URL(pages).origin]);
  }
}

test('the printed lines: a priced call, a loop that ends in a 402 that the upstream never saw, books that add up; twice', async () => {
  const first = await startDemo();
  const answer = await paste(first.lines, 'curl -i');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer).toMatch(/^credits-cost: 0\.\d+/im);
  const before = seen();
  const loop = await paste(first.lines, 'for i in');
  const calls = [...loop.matchAll(/^call \d+: (\d+)/gm)].map(([, status]) => status);
  expect(calls.at(-1)).toBe('402');
  expect(calls.length).toBeGreaterThan(10);
  expect(calls.length).toBeLessThan(41);
  expect(seen() - before).toBe(calls.length - 1);
  expect(loop).toContain('"code":"insufficient_credits"');
  expect((await tollgate(['verify', '--config', config])).code).toBe(0);
  const spent = (await tollgate(['balance', '--config', config, '--json'])).json().available as number;
  const team = await theTeam(first.lines);
  await theBrowser(first.lines);
  expect(await stop(first.child)).toEqual([0, null]);

  const key = readFileSync(join(folder, 'spend.key'), 'utf8');
  const second = await startDemo();
  expect(readFileSync(join(folder, 'spend.key'), 'utf8')).toBe(key);
  expect((await tollgate(['balance', '--config', config, '--json'])).json().available).toBe(spent);
  expect(await theTeam(second.lines)).toEqual(team);
  await theBrowser(second.lines);
  expect(await paste(second.lines, 'curl -i')).toMatch(/^HTTP\/1\.1 (200|402)/);
  expect(await stop(second.child)).toEqual([0, null]);
});

test('--reset forgets; --traffic keeps calls coming with a key of its own, and the loop still ends', async () => {
  const { lines, child } = await startDemo('--reset', '--traffic');
  await expect
    .poll(async () => (await tollgate(['calls', '--workspace', 'traffic', '--config', config, '--json'])).json().calls.length, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  expect(await paste(lines, 'for i in')).toMatch(/402 \n\{.*"cap":"lifetime"/);
  expect(await stop(child)).toEqual([0, null]);
});
