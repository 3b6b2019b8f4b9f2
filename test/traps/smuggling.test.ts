// Requests whose headers or framing make them mean something else than their first line says. None may reach the upstream.
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf, expectNoHold } from '../http/books.ts';
import { raw, request } from '../http/raw.ts';
import { startGateway } from '../kit/gateway.ts';
import { SHORT } from '../http/card.ts';

const kit = await startGateway({ settings: SHORT });
afterAll(() => kit.close());
const key = `Authorization: Bearer ${kit.spendKey}`;
const get = 'GET /plain/ok HTTP/1.1';
const post = 'POST /plain/echo HTTP/1.1';

test.each([
  [
    'a WebSocket upgrade',
    request(get, [
      key,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ]),
  ],
  [
    'an h2c upgrade',
    request(get, [key, 'Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQAAP__']),
  ],
  ['an upgrade without a key', request(get, ['Upgrade: websocket', 'Connection: Upgrade'])],
  ['two Hosts', request(get, [key, 'Host: other.example'])],
  ['x-http-method-override', request(get, [key, 'X-HTTP-Method-Override: DELETE'])],
  ['x-http-method', request(get, [key, 'X-HTTP-Method: PUT'])],
  ['x-method-override', request(get, [key, 'X-Method-Override: PUT'])],
  ['x-original-url', request(get, [key, 'X-Original-URL: /plain/echo'])],
  ['x-rewrite-url', request(get, [key, 'X-Rewrite-URL: /plain/echo'])],
  [
    'both length and chunks',
    `${post}\r\nHost: g\r\nConnection: close\r\n${key}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['two lengths', `${post}\r\nHost: g\r\nConnection: close\r\n${key}\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`],
  [
    'an odd transfer coding',
    `${post}\r\nHost: g\r\nConnection: close\r\n${key}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['chunks from HTTP/1.0', `POST /plain/echo HTTP/1.0\r\nHost: g\r\n${key}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a body on GET', request(get, [key], 'x=1')],
  ['a body on HEAD', request('HEAD /plain/ok HTTP/1.1', [key], 'x=1')],
  ['a compressed body', request(post, [key, 'Content-Encoding: gzip'], 'not really')],
  ['a header folded over lines', `${get}\r\nHost: g\r\nConnection: close\r\n${key}\r\nX-A: b\r\n c: d\r\n\r\n`],
  ['a space before the colon', `${get}\r\nHost: g\r\nConnection: close\r\n${key}\r\nTransfer-Encoding : chunked\r\n\r\n`],
  ['no Host', `${get}\r\nConnection: close\r\n${key}\r\n\r\n`],
])('%s: 400, nothing forwarded', async (_name, text) => {
  const answer = await raw(kit.url, text);
  expect(answer.status, answer.text).toBe(400);
  if (answer.headers.get('content-type') === 'application/problem+json' && !answer.head.startsWith('HEAD')) {
    if (answer.body !== '') expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_malformed' });
  }
  expect(arrivals(kit)).toEqual([]);
});

test.each([
  ['CONNECT', `CONNECT gateway.example:80 HTTP/1.1\r\nHost: gateway.example:80\r\n${key}\r\n\r\n`],
  ['CONNECT with a path', `CONNECT /plain/ok HTTP/1.1\r\nHost: g\r\n${key}\r\n\r\n`],
  ['TRACE', request('TRACE /plain/ok HTTP/1.1', [key])],
  ['PROPFIND', request('PROPFIND /plain/ok HTTP/1.1', [key])],
  ['PURGE', request('PURGE /plain/ok HTTP/1.1', [key])],
])('%s: 405, nothing forwarded', async (_name, text) => {
  const answer = await raw(kit.url, text);
  expect(answer.status, answer.text).toBe(405);
  expect(arrivals(kit)).toEqual([]);
});

test('a method that nobody knows gets no answer but 400', async () => {
  expect((await raw(kit.url, request('GETT /plain/ok HTTP/1.1', [key]))).status).toBe(400);
  expect(arrivals(kit)).toEqual([]);
});

test('a second request smuggled behind the first is a request of its own, and needs its own key', async () => {
  const first = `POST /plain/echo HTTP/1.1\r\nHost: g\r\n${key}\r\nx-demo-call: first\r\nContent-Length: 2\r\n\r\n{}`;
  const second = request('GET /plain/ok HTTP/1.1', ['x-demo-call: second']);
  const answer = await raw(kit.url, first + second);
  expect(answer.text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401']);
  expect(arrivals(kit).map((line) => line['callId'])).toEqual(['first']);
});

test('a chunk that turns out malformed after the hold ends the call and leaves no hold', async () => {
  const head = `POST /plain/echo HTTP/1.1\r\nHost: g\r\nConnection: close\r\n${key}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  for (const body of ['5\r\nabc', 'zz\r\n', '3\r\nabcdef\r\n0\r\n\r\n', '-1\r\n\r\n']) {
    const answer = await raw(kit.url, head + body, { waitMs: 1_000, halfClose: true });
    expect([0, 400, 502], answer.text).toContain(answer.status);
  }
  await expectNoHold(kit, 4_000);
  const open = async (): Promise<unknown[]> => (await callsOf(kit)).filter((call) => call.state === 'open');
  await expect.poll(open, { timeout: 4_000 }).toEqual([]);
});
