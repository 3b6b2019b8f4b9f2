// Header hygiene both ways: hop-by-hop headers go one hop, what either side says under our names is dropped, and so are cookies.
import { afterAll, expect, test } from 'vitest';
import { raw, request } from '../http/raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());

const SPOOFED_BY_CLIENT = [
  'Credits-Call: mine',
  'Credits_Call: mine',
  'Credits-Cost: 0',
  'Credits-Anything: 1',
  'RateLimit: x',
  'RateLimit-Policy: x',
  'X-Tollgate-Workspace: other',
  'X-Forwarded-For: 1.2.3.4',
  'X-Forwarded-Host: evil.example',
  'X-Real-IP: 1.2.3.4',
  'Forwarded: for=1.2.3.4',
  'Via: 1.1 evil',
  'Cookie: session=1',
];

async function echoed(headers: readonly string[]): Promise<string[]> {
  const answer = await raw(
    kit.url,
    [
      'POST /plain/echo HTTP/1.1',
      'Host: gateway.example',
      `Authorization: Bearer ${kit.spendKey}`,
      ...headers,
      'Content-Length: 2',
      '',
      '{}',
    ].join('\r\n'),
    { waitMs: 1_500, onData: (soFar, socket) => void (soFar.endsWith('}}') && socket.end()) },
  );
  expect(answer.status, answer.text).toBe(200);
  const { headers: seen } = JSON.parse(answer.body) as { headers: Record<string, string> };
  return Object.keys(seen);
}

test('what a client says under our names, about itself, or about one hop is not forwarded', async () => {
  const seen = await echoed([
    ...SPOOFED_BY_CLIENT,
    'Connection: close, X-Private-Hop, X-Other-Hop',
    'X-Private-Hop: only for you',
    'x-other-hop: only for you',
    'Keep-Alive: timeout=5',
    'Proxy-Authorization: Basic eDp5',
    'Proxy-Connection: keep-alive',
    'TE: trailers',
    'Trailer: X-End',
    'X-Kept: yes',
  ]);
  expect(seen.filter((name) => name !== 'connection').sort()).toEqual(['accept-encoding', 'content-length', 'host', 'x-kept']);
});

test('Connection can not strip the framing of a body either', async () => {
  const text = request('POST /plain/echo HTTP/1.1', [`x-api-key: ${kit.spendKey}`], '{"a":1}');
  const answer = await raw(kit.url, text.replace('Connection: close', 'Connection: close, content-length, transfer-encoding'));
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toContain('"json":{"a":1}');
});

test('Connection can not strip the headers that the gateway adds', async () => {
  const answer = await raw(
    kit.url,
    request('GET /openai/v1/models HTTP/1.1', [`x-api-key: ${kit.spendKey}`]).replace(
      'Connection: close',
      'Connection: close, authorization, host, accept-encoding',
    ),
  );
  expect(answer.status, answer.text).toBe(200);
});

test('what an upstream says under our names, its cookies, origins and hop headers do not reach the client', async () => {
  const answer = await kit.call('/plain/ok', { headers: { 'x-demo-fault': 'spoof,set-cookie,connection-header' } });
  expect(answer.status).toBe(200);
  const { headers } = answer;
  expect(headers.get('credits-cost')).toBe('1');
  expect(headers.get('credits-call')).toMatch(/^[a-z0-9]{9}-[a-f0-9]{16}$/);
  expect(headers.get('credits-hold')).toBe('1');
  expect(Number(headers.get('credits-available'))).toBeLessThan(1_001);
  expect(headers.get('credits-rate-card')).toMatch(/^[a-f0-9]{12}$/);
  for (const name of [
    'ratelimit',
    'ratelimit-policy',
    'set-cookie',
    'x-demo-hop',
    'proxy-authenticate',
    'access-control-allow-origin',
  ])
    expect(headers.get(name), name).toBeNull();
  // The upstream's own timings stay; what it claimed under our name goes.
  const timing = headers.get('server-timing') ?? '';
  expect(timing).toContain('db;dur=4');
  expect(timing).not.toContain('call_spoofed');
  expect(timing).toContain(`credits;desc="${headers.get('credits-call')}";dur=1`);
});

test("an upstream's trailers are its own business: ours alone go on", async () => {
  const answer = await raw(
    kit.url,
    request('GET /plain/bytes?n=10 HTTP/1.1', [`x-api-key: ${kit.spendKey}`, 'TE: trailers', 'x-demo-fault: trailers']).replace(
      'Connection: close',
      'Connection: close, TE',
    ),
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.get('trailer')).toBe('Credits-Cost');
  expect(answer.body).not.toContain('x-demo-trailer');
  expect(answer.body.match(/credits-cost: .*/gi)).toEqual(['Credits-Cost: 0.000001']);
});

test('the upstream is asked for identity, whatever the client accepts', async () => {
  const seen = await kit.call('/plain/echo', { method: 'POST', body: '{}', headers: { 'accept-encoding': 'gzip, br' } });
  expect(((await seen.json()) as { headers: Record<string, string> }).headers['accept-encoding']).toBe('identity');
});
