// The demo's applications: who may have their keys, what stands in their heads, and their own small server.
import { request } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tags as tagsShape } from '@tollgate/shared/tags-contract';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ pages: true, upstream: ['--pace-ms', '0'] });
});
afterAll(() => kit.close());

interface Got {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

async function get(path: string): Promise<Got> {
  const answer = await fetch(`${kit.upstream.origin}${path}`);
  const text = await answer.text();
  const isJson = answer.headers.get('content-type') === 'application/json';
  return { status: answer.status, headers: answer.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
}

async function post(path: string, body: unknown, type = 'application/json'): Promise<Got> {
  const sent = {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
  const answer = await fetch(`${kit.upstream.origin}/demo/app/${path}`, sent);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

/** As a page under another name would ask that leads to this machine. */
function statusFor(host: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${kit.upstream.origin}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}

test('pages are strict about what they run, one address for each view of a page, and nothing outside of their folder is served', async () => {
  for (const name of [
    '',
    'query',
    'query/4107',
    'query/dashboard',
    'automation',
    'chat',
    'records',
    'hostile',
    'hostile-frame',
  ]) {
    const { status, headers, body } = await get(`/demo/pages/${name}`);
    expect([name, status, headers.get('content-type')]).toEqual([name, 200, 'text/html; charset=utf-8']);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(policy).toContain(`connect-src 'self' ${kit.url};`);
    expect(body).not.toMatch(/<script>|style="| on[a-z]+="/);
    const parts = [...String(body).matchAll(/(?:src|href)="(\/demo\/pages\/[^"]+)"/g)].map(([, path = '']) => path);
    for (const path of parts) expect([path, (await get(path)).status]).toEqual([path, 200]);
  }
  expect(kit.upstream.log(), 'pages are no traffic').toEqual([]);
  expect((await get('/demo/pages/hostile')).headers.get('content-security-policy')).toContain("trusted-types 'none'");
  for (const path of [
    'none',
    'query.ts',
    'Query',
    '..%2fmain.ts',
    '%2e%2e/main.ts',
    'query/../../main.ts',
    'a/b/c',
    'query.js/x',
    '%00',
  ])
    expect([path, (await get(`/demo/pages/${path}`)).status]).toEqual([path, 404]);
});

test('keys go to this machine by its own name alone, and never to another origin', async () => {
  const { status, headers, body } = await get('/demo/pages/config.json');
  expect([status, body]).toEqual([200, { gateway: kit.url, accounts: [{ id: 'kit', name: 'Kit', key: kit.spendKey }] }]);
  expect(headers.get('access-control-allow-origin')).toBeNull();
  const port = new URL(kit.upstream.origin).port;
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', `10.0.0.7:${port}`]) {
    expect([host, await statusFor(host, '/demo/pages/config.json')]).toEqual([host, 403]);
    expect([host, await statusFor(host, '/demo/app/automation/runs')]).toEqual([host, 403]);
  }
  expect(await statusFor(`localhost:${port}`, '/demo/pages/config.json')).toBe(200);
  // A form of another origin needs no preflight, and is not taken.
  expect(await post('automation/runs', '{"account":"kit"}', 'text/plain')).toMatchObject({ status: 400 });
  const preflight = await fetch(`${kit.upstream.origin}/demo/app/automation/runs`, { method: 'OPTIONS' });
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
});

test('without a gateway the pages say so, and one that comes later is found', async () => {
  const alone = await startDemoUpstream({ pages: `${kit.folder}/later.json` });
  const settings = (): Promise<Response> => fetch(`${alone.origin}/demo/pages/config.json`);
  try {
    expect((await settings()).status).toBe(503);
    expect((await fetch(`${alone.origin}/demo/pages/query`)).status).toBe(200);
    writeFileSync(`${kit.folder}/later.json`, '{"gateway": "half a fi');
    expect((await settings()).status).toBe(503);
    writeFileSync(`${kit.folder}/later.json`, readFileSync(kit.pagesFile));
    expect((await settings()).status).toBe(200);
  } finally {
    await alone.close();
  }
});

test('what a page says of itself names the gateway and one of its operations', async () => {
  const { body } = await get('/.well-known/credits.json');
  expect(body).toMatchObject({ gateway: kit.url, tags: [{ tag: { selector: '#search', operation: 'businesses.search' } }] });
  const { operations, tags } = tagsShape.parse((await kit.api('GET', 'tags', undefined, kit.spendKey)).body);
  const known = operations.map(({ id }) => id);
  expect(known).toContain('businesses.search');
  expect(tags.length).toBeGreaterThan(8);
  for (const { parts } of tags) for (const { operation } of parts) expect(known).toContain(operation);
});

test('a run of the automation: each module says where it belongs, and the answer names the calls', async () => {
  const started = await post('automation/runs', { account: 'kit' });
  expect(started).toMatchObject({ status: 202, body: { scenario: 'weekly-leads', state: 'runs' } });
  const { run } = started.body as { run: string };
  await expect.poll(async () => (await get(`/demo/app/automation/runs/${run}`)).body.state, { timeout: 15_000 }).toBe('done');
  const { headers, body } = await get(`/demo/app/automation/runs/${run}`);
  const modules = body.modules as { module: string; callId: string }[];
  expect(modules).toHaveLength(5);
  expect(headers.get('server-timing')).toBe(modules.map(({ callId }) => `credits;desc="${callId}"`).join(', '));
  for (const { module, callId } of modules) {
    const { body: receipt } = await kit.api('GET', `calls/${callId}`, undefined, kit.spendKey);
    expect(receipt.labels).toEqual({ scenario: 'weekly-leads', module, run });
    expect(receipt.state).toBe('settled');
  }
  expect((await get('/demo/app/automation/runs?account=kit')).body.runs).toMatchObject([{ run, state: 'done' }]);
  expect((await get('/demo/app/automation/runs?account=other')).body.runs).toEqual([]);
  expect((await get('/demo/app/automation/runs/none')).status).toBe(404);
});

test('an agent: its sub-agents are in the chain of its own call', async () => {
  const { status, headers, body } = await post('agent/messages', { account: 'kit', text: 'Which companies grew?' });
  expect([status, body.ok]).toEqual([200, true]);
  expect(headers.get('server-timing')).toBe(`credits;desc="${body.callId}"`);
  const [planner, researcher, search, writer] = body.steps as { agent: string; callId: string; depth: number }[];
  const parents = await Promise.all(
    [planner, researcher, search, writer].map(
      async (step) => (await kit.api('GET', `calls/${step?.callId}`)).body.parent as string,
    ),
  );
  expect(parents).toEqual([null, planner?.callId, researcher?.callId, planner?.callId]);
  expect(body.callId).toBe(planner?.callId);
  expect(body.text.length).toBeGreaterThan(10);
  for (const text of ['', ' ', 5, 'x'.repeat(2_001)])
    expect((await post('agent/messages', { account: 'kit', text })).status).toBe(400);
  expect(await post('agent/messages', { account: 'other', text: 'Hello' })).toMatchObject({ status: 400 });
  expect(await post('agent/messages', 'x'.repeat(70_000))).toMatchObject({ status: 400 });
});

test('where the credits do not reach, a run ends there and says why; so does an agent', async () => {
  const { text } = await kit.makeKey({ id: 'poor', scope: 'spend', caps: [{ window: 'lifetime', limit: 3 }] });
  const before = readFileSync(kit.pagesFile, 'utf8');
  writeFileSync(kit.pagesFile, JSON.stringify({ gateway: kit.url, accounts: [{ id: 'poor', name: 'Poor', key: text }] }));
  try {
    const { body } = await post('automation/runs', { account: 'poor' });
    await expect
      .poll(async () => (await get(`/demo/app/automation/runs/${body.run}`)).body.state, { timeout: 15_000 })
      .toBe('failed');
    const { modules } = (await get(`/demo/app/automation/runs/${body.run}`)).body;
    expect(modules).toMatchObject([
      { state: 'done' },
      { state: 'failed', message: expect.stringContaining('can cost') },
      { state: 'waits' },
      {},
      {},
    ]);
    const reply = (await post('agent/messages', { account: 'poor', text: 'x'.repeat(2_000) })).body;
    expect(reply).toMatchObject({ ok: false, text: expect.stringContaining('can cost') });
  } finally {
    writeFileSync(kit.pagesFile, before);
  }
});
