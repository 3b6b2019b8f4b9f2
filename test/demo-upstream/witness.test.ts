import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';
import type { LogLine } from '../../gateway/src/demo-upstream/witness.ts';

const MAIN = fileURLToPath(new URL('../../gateway/src/demo-upstream/main.ts', import.meta.url));
/** A machine that does much else at the same time is slow, not wrong. */
const PATIENT = { timeout: 10_000 };
const folder = mkdtempSync(join(tmpdir(), 'demo-upstream-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  while (!text.includes('\n')) text += String(((await once(child.stdout ?? child, 'data')) as unknown[])[0]);
  return text;
}

const linesOf = (file: string): LogLine[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);

test('the process logs arrival and end, serves its log when asked, and ends on SIGTERM', { timeout: 20_000 }, async () => {
  const file = join(folder, 'seen.jsonl');
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--log', file, '--seed', '1', '--open-log'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { listening: port } = JSON.parse(await firstLine(child)) as { listening: number };
  const origin = `http://127.0.0.1:${port}`;
  const headers = { authorization: 'Bearer sk-demo-0123456789', 'credits-call': 'call_1' };
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] });
  const answer = (await (await fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers, body })).json()) as {
    usage: unknown;
  };
  const { lines } = (await (await fetch(`${origin}/demo/log?after=1`)).json()) as { lines: LogLine[] };
  expect(lines.map((line) => line.phase)).toEqual(['ended']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const [arrived, ended, ...rest] = linesOf(file);
  expect(arrived).toMatchObject({ n: 1, phase: 'arrived', method: 'POST', path: '/v1/chat/completions', callId: 'call_1' });
  expect(arrived).toMatchObject({ credentials: { authorization: 'sk-demo-0123' } });
  expect(ended).toMatchObject({ n: 1, phase: 'ended', status: 200, complete: true, bytesIn: body.length, usage: answer.usage });
  expect(rest).toEqual([]);
});

test('a request that is never answered has arrived on disk; leaving it is seen', async () => {
  const file = join(folder, 'hang.jsonl');
  const upstream = await startDemoUpstream({ log: file });
  const sent = request(`${upstream.origin}/plain/ok?demo_fault=hang`).on('error', () => undefined);
  sent.end();
  await expect.poll(() => readFileSync(file, 'utf8'), PATIENT).toContain('arrived');
  expect(linesOf(file)).toHaveLength(1);
  sent.destroy();
  await expect.poll(() => linesOf(file), PATIENT).toHaveLength(2);
  expect(linesOf(file)[1]).toMatchObject({ n: 1, phase: 'ended', status: null, complete: false, bytesOut: 0 });
  await upstream.close();
});

test('a client that leaves a stream ends it: no usage was told', async () => {
  const upstream = await startDemoUpstream({ paceMs: 20 });
  const body = JSON.stringify({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'hello' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const leave = new AbortController();
  const init = { method: 'POST', headers: { authorization: 'Bearer sk-demo' }, body, signal: leave.signal };
  const response = await fetch(`${upstream.origin}/v1/chat/completions`, init);
  await response.body?.getReader().read();
  leave.abort();
  await expect.poll(() => upstream.log.at(-1), PATIENT).toMatchObject({ phase: 'ended', complete: false, usage: null });
  await upstream.close();
});

test('one that only counts answers the benchmark and logs nothing', async () => {
  const upstream = await startDemoUpstream({ counterOnly: true });
  const chat = await fetch(`${upstream.origin}/bench/chat`, { method: 'POST', body: '{}' });
  expect(await chat.json()).toMatchObject({ usage: { completion_tokens: 24 } });
  expect((await fetch(`${upstream.origin}/plain/ok`)).status).toBe(200);
  expect((await fetch(`${upstream.origin}/plain/ok`, { headers: { 'x-demo-fault': 'status=503' } })).status).toBe(503);
  await expect.poll(async () => (await fetch(`${upstream.origin}/demo/count`)).json(), PATIENT).toEqual({ arrived: 3, ended: 3 });
  expect(upstream.log).toEqual([]);
  expect((await fetch(`${upstream.origin}/demo/log`)).status).toBe(404);
  await upstream.close();
});

test('the process ends when its parent is gone', { timeout: 20_000 }, async () => {
  const script = `const c = require('node:child_process').spawn(process.execPath, [${JSON.stringify(MAIN)}], { stdio: ['ignore', 'pipe', 'inherit'] });
    c.stdout.once('data', () => { console.log(c.pid); });`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await firstLine(parent));
  parent.kill('SIGKILL');
  const isAlive = (): boolean => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  };
  try {
    await expect.poll(isAlive, PATIENT).toBe(false);
  } finally {
    if (isAlive()) process.kill(pid);
  }
});
