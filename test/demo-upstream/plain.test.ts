import { createHash, randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';

const upstream = await startDemoUpstream({ seed: 7 });
afterAll(() => upstream.close());
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(upstream.origin + path, { headers });

test('ok with an etag: 304 for who has it, no body for HEAD', async () => {
  const etag = (await get('/plain/ok')).headers.get('etag') ?? '';
  expect((await get('/plain/ok', { 'if-none-match': etag })).status).toBe(304);
  const head = await fetch(`${upstream.origin}/plain/ok`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '28', '']);
});

test('echo tells what arrived', async () => {
  const response = await fetch(`${upstream.origin}/plain/echo?a=1&a=2`, {
    method: 'POST',
    headers: { 'X-Own': 'y' },
    body: '{"b":1}',
  });
  expect(await response.json()).toMatchObject({
    method: 'POST',
    url: '/plain/echo?a=1&a=2',
    headers: { 'x-own': 'y' },
    body: { bytes: 7, json: { b: 1 }, sha256: createHash('sha256').update('{"b":1}').digest('hex') },
  });
});

test('bytes: all of them, and one range that is the same as the slice', async () => {
  const all = Buffer.from(await (await get('/plain/bytes?n=200000')).arrayBuffer());
  expect(all).toHaveLength(200_000);
  const part = await get('/plain/bytes?n=200000', { range: 'bytes=100-70000' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-70000/200000']);
  expect(Buffer.from(await part.arrayBuffer()).equals(all.subarray(100, 70_001))).toBe(true);
  const tail = Buffer.from(await (await get('/plain/bytes?n=200000', { range: 'bytes=-5' })).arrayBuffer());
  expect(tail.equals(all.subarray(-5))).toBe(true);
  expect((await get('/plain/bytes?n=5', { range: 'bytes=9-' })).status).toBe(416);
});

test('rows in three forms, the same rows', async () => {
  const parsed = (await (await get('/plain/rows?n=250')).json()) as { note: string }[];
  expect(parsed).toHaveLength(250);
  const lines = (await (await get('/plain/rows?n=250&format=ndjson')).text()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(parsed);
  const csv = await (await get('/plain/rows?n=250&format=csv')).text();
  expect(csv.match(/\r\n/g)).toHaveLength(251);
  expect(csv).toContain('"with ""quotes"""');
  expect(await (await get('/plain/rows?n=0')).json()).toEqual([]);
});

test('the sink reads any body and tells its digest', async () => {
  const body = randomBytes(3_000_000);
  const response = await fetch(`${upstream.origin}/v1/sink`, { method: 'POST', body });
  expect(await response.json()).toEqual({ bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') });
});

test('what is nowhere is 404', async () => {
  expect((await get('/nowhere')).status).toBe(404);
});
