// `tollgate/express` in an application without a proxy: a priced route is held before its handler runs and settled by what it answered.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { until } from '../http/books.ts';
import { raw, request } from '../http/raw.ts';
import { openReports } from './reports.ts';

const card = `card: reports
services:
  reports:
    path: /reports
    upstream: own
    operations:
      - { id: report.make, match: POST /make, reason: Reports, bounds: { pages: { most: body.pages, kept_by: request } }, quantities: { pages: response.pages }, price: [{ per: pages, rate: 2 }, { rate: 1 }] }
      - { id: report.raw, match: POST /raw, price: [{ rate: 1 }] }
      - { id: report.stream, match: GET /stream, bounds: { bytes: { most: 10000, kept_by: cut } }, price: [{ per: bytes, unit: 100, rate: 1 }] }
      - { id: report.long, match: GET /long, bounds: { bytes: { most: 10000, kept_by: cut } }, price: [{ per: bytes, unit: 1000, rate: 1 }] }
      - { id: report.throws, match: GET /throws, price: [{ rate: 3 }] }
      - { id: report.rejects, match: GET /rejects, price: [{ rate: 3 }] }
      - { id: report.halfway, match: GET /halfway, bounds: { bytes: { most: 10000, kept_by: cut } }, price: [{ per: bytes, unit: 100, rate: 1 }], drain: { seconds: 0.1 } }
      - { id: report.never, match: GET /never, price: [{ rate: 4 }], drain: { seconds: 0.1 } }
      - { id: report.status, match: "GET /status/{status}", price: [{ rate: 1 }] }
`;

const folder = mkdtempSync(join(tmpdir(), 'tollgate-express-'));
const config = join(folder, 'tollgate.yaml');
writeFileSync(join(folder, 'rates.yaml'), card);
writeFileSync(
  config,
  'secret: a secret of tests that hashes the keys of tests\nupstreams: {}\nlog: silent\ntimeouts: { head: 500ms, idle: 1s, lease: 3s, shutdown: 1s }\n',
);
const reports = await openReports(config);
const server: Server = reports.app.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const operateKey = readFileSync(join(folder, 'tollgate.key'), 'utf8').trim();
const spendKey = (await api('POST', 'keys', { id: 'app', scope: 'spend' })).text as string;
await api('POST', 'grants', { id: 'first', amount: 500 });
beforeEach(() => void reports.seen.splice(0));
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await reports.tollgate.close();
  rmSync(folder, { recursive: true, force: true });
});

// oxlint-disable-next-line typescript/no-explicit-any
async function api(method: string, path: string, body?: unknown, key = operateKey): Promise<any> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/tollgate/v1/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/reports${path}`, {
    ...init,
    headers: { 'x-api-key': spendKey, 'content-type': 'application/json', ...(init.headers as object) },
  });
// oxlint-disable-next-line typescript/no-explicit-any
const receiptOf = (answer: Response): Promise<any> => api('GET', `calls/${answer.headers.get('credits-call')}?wait=5s`);
// oxlint-disable-next-line typescript/no-explicit-any
const newest = (): Promise<any> =>
  until('the newest call to end', async () => {
    const [last] = (await api('GET', 'calls?limit=1')).calls;
    return last.state === 'open' ? undefined : last;
  });
const held = async (): Promise<number> => (await api('GET', 'balance', undefined, spendKey)).held as number;

test('res.json: held before, charged by what was answered, the cost in its head; cookies of the application stay', async () => {
  const answer = await call('/make', { method: 'POST', body: '{"pages":7}' });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ pages: 7, session: 'ok' });
  expect(answer.headers.get('credits-cost')).toBe('15');
  expect(answer.headers.get('credits-hold')).toBe('15');
  expect(answer.headers.get('set-cookie')).toContain('session=1');
  expect(answer.headers.get('x-powered-by')).toBe('Express');
  expect(await receiptOf(answer)).toMatchObject({ state: 'settled', charge: 15, operation: 'report.make' });
  expect(reports.seen).toEqual([{ route: 'make', body: { pages: 7 } }]);
});

test('402 without running the handler', async () => {
  const answer = await call('/make', { method: 'POST', body: '{"pages":100000}' });
  expect(answer.status).toBe(402);
  expect(await answer.json()).toMatchObject({ code: 'insufficient_credits', needed: 200_001 });
  expect(reports.seen).toEqual([]);
});

test('no key, a bad field, a path with no price: refused without running a handler', async () => {
  expect((await fetch(`${url}/reports/stream`)).status).toBe(401);
  expect((await call('/make', { method: 'POST', body: '{"pages":-1}' })).status).toBe(400);
  expect((await call('/unknown')).status).toBe(404);
  expect(reports.seen).toEqual([]);
});

test('a body that no price reads is there for express.json; one that was read to compare repeats looks the same', async () => {
  const answer = await call('/raw', { method: 'POST', body: '{"free":[1,2]}' });
  expect(await answer.text()).toBe('got {"free":[1,2]}');
  expect(answer.headers.get('credits-cost')).toBe('1');
  const keyed = await call('/raw', { method: 'POST', body: '{"free":3}', headers: { 'idempotency-key': 'k' } });
  expect(await keyed.text()).toBe('got {"free":3}');
  const repeat = await call('/raw', { method: 'POST', body: '{"free":3}', headers: { 'idempotency-key': 'k' } });
  expect(repeat.headers.get('idempotent-replayed')).toBe('true');
  expect(reports.seen).toHaveLength(2);
  // Broken JSON is what Express makes of it, whoever read it.
  for (const headers of [{}, { 'idempotency-key': 'broken' }]) {
    const broken = await call('/raw', { method: 'POST', body: '{"free":', headers: headers as Record<string, string> });
    expect([broken.status, broken.headers.get('credits-cost')]).toEqual([400, '0']);
  }
});

test('a handler that streams: each piece as it comes, then the cost', async () => {
  const answer = await call('/stream');
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(answer.headers.get('credits-cost')).toBeNull();
  const text = await answer.text();
  const pieces = 'data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n';
  expect(text.startsWith(pieces)).toBe(true);
  expect(text).toMatch(/: credits call=\S+ cost=0\.45\n\n$/);
  expect((await receiptOf(answer)).charge).toBe(0.45);
});

test('a stream may take longer than the time that its head has', async () => {
  const answer = await call('/stream?every=150');
  expect(await answer.text()).toMatch(/: credits call=\S+ cost=0\.45\n\n$/);
});

test('a handler that writes past its bound is cut, and stops', async () => {
  const answer = await call('/long');
  await expect(answer.text()).rejects.toThrow();
  expect(await newest()).toMatchObject({ operation: 'report.long', charge: 10 });
});

test.each(['/throws', '/rejects'])('a handler that fails (%s): 500 as Express answers it, not charged', async (path) => {
  const answer = await call(path);
  expect(answer.status).toBe(500);
  expect(answer.headers.get('credits-cost')).toBe('0');
  expect(await receiptOf(answer)).toMatchObject({ state: 'released', charge: null, status: 500 });
});

test('a handler that fails in the middle of its answer: a reset, never an end that looks whole', async () => {
  for (const later of [1, 0]) {
    const text = call(`/halfway?later=${later}`).then((answer) => answer.text());
    await expect(text, `later=${later}`).rejects.toThrow();
    await until('that nothing is held', async () => ((await held()) === 0 ? true : undefined));
    expect(await newest()).toMatchObject({ operation: 'report.halfway', state: 'settled', charge: 0.09 });
  }
});

test('writeHead: the status decides, headers of the handler stay, ours can not be spoofed', async () => {
  const fine = await call('/status/201');
  expect([fine.status, fine.headers.get('x-own'), fine.headers.get('credits-cost')]).toEqual([201, 'yes', '1']);
  expect(await fine.text()).toBe('told');
  const failed = await call('/status/404');
  expect([failed.status, failed.headers.get('credits-cost')]).toEqual([404, '0']);
});

test('a handler that never answers: 504 after the time, charged because it may have done the work', async () => {
  const answer = await call('/never');
  expect(answer.status).toBe(504);
  expect(await receiptOf(answer)).toMatchObject({ state: 'settled', charge: 4, why: 'timeout' });
});

test('a client that leaves: the handler runs on, and the call is charged', async () => {
  const leave = async (path: string): Promise<void> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET /reports${path} HTTP/1.1\r\nHost: g\r\nx-api-key: ${spendKey}\r\n\r\n`);
    await until('that the handler runs', () => Promise.resolve(reports.seen[0]));
    if (path === '/stream') await once(socket, 'data');
    socket.destroy();
  };
  await leave('/stream');
  expect(await newest()).toMatchObject({ operation: 'report.stream', state: 'settled', charge: 0.45 });
  reports.seen.splice(0);
  await leave('/never');
  expect(await newest()).toMatchObject({ operation: 'report.never', state: 'settled', charge: 4 });
});

test.each([
  ['another case', '/REPORTS/status/200'],
  ['absolute-form', `${url}/reports/status/200`],
  ['a backslash that a fragment turns into a slash', '/reports\\status/200#x'],
  ['a fragment', '/reports/status/200#x'],
  ['a slash at the end', '/reports/status/200/'],
  ['an escaped letter', '/report%73/status/200'],
])('%s is no way around the card', async (_name, path) => {
  const answer = await raw(url, request(`GET ${path} HTTP/1.1`, [`x-api-key: ${spendKey}`]));
  expect([400, 404]).toContain(answer.status);
  expect(reports.seen).toEqual([]);
});

test('routes outside the card are untouched, with their bodies', async () => {
  const about = await fetch(`${url}/about`);
  expect(await about.json()).toEqual({ about: 'reports' });
  expect([...about.headers.keys()].filter((name) => name.startsWith('credits'))).toEqual([]);
  const posted = await fetch(`${url}/about`, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
  });
  expect(await posted.json()).toEqual({ got: { a: 1 } });
});

test('nothing is held when all of it is over', async () => {
  await until('that nothing is held', async () => ((await held()) === 0 ? true : undefined));
});
