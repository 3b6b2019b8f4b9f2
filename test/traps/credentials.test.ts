// The client's key never reaches the upstream, by whatever header it came and however the request was sent; nor does it reach a log.
import { afterAll, expect, test } from 'vitest';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { arrivals, until } from '../http/books.ts';
import { raw, request } from '../http/raw.ts';
import { startGateway } from '../kit/gateway.ts';
import { cardWith } from '../http/card.ts';

const kit = await startGateway({
  card: cardWith(`  named:
    path: /named
    upstream: plain
    credential: x-named-key
    operations:
      - { id: named.echo, match: POST /echo, price: [{ rate: 1 }] }
`),
  settings: 'log: debug\n',
});
afterAll(() => kit.close());

interface Echo {
  headers: Record<string, string>;
  rawHeaders: string[];
  body: { json?: unknown };
}

async function echo(path: string, headers: Record<string, string>): Promise<Echo> {
  const answer = await fetch(`${kit.url}${path}`, { method: 'POST', headers, body: '{"a":1}' });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Echo;
}

test.each([
  ['Authorization: Bearer', { authorization: `Bearer ${kit.spendKey}` }],
  ['authorization: bearer, twice spaced', { authorization: `bearer  ${kit.spendKey}` }],
  ['Authorization without a scheme', { authorization: kit.spendKey }],
  ['x-api-key', { 'x-api-key': kit.spendKey }],
  ['api-key', { 'api-key': kit.spendKey }],
  ['x-goog-api-key', { 'x-goog-api-key': kit.spendKey }],
])('%s is taken and not forwarded', async (_name, headers) => {
  const seen = await echo('/plain/echo', headers);
  expect(JSON.stringify(seen)).not.toContain('tg_spend_');
});

test("a service's own header is a credential there, and dropped also where another one was used", async () => {
  const seen = await echo('/named/echo', { 'x-named-key': kit.spendKey });
  expect(JSON.stringify(seen)).not.toContain('tg_spend_');
  const both = await echo('/named/echo', { authorization: 'Bearer other', 'x-named-key': kit.spendKey, cookie: 'a=b' });
  expect(both.headers).not.toHaveProperty('x-named-key');
  expect(both.headers).not.toHaveProperty('cookie');
  expect(both.headers).not.toHaveProperty('authorization');
});

test("the operator's credential is added, in place of the client's", async () => {
  const answer = await kit.call('/openai/v1/models', { headers: { 'x-demo-call': 'swapped' } });
  expect(answer.status).toBe(200);
  expect(arrivals(kit, 'swapped')[0]?.['credentials']).toEqual({ authorization: 'sk-demo-kit' });
});

test('with Expect: 100-continue the body is asked for, the key is swapped, and nothing of it reaches the upstream', async () => {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] });
  let asked = false;
  const answer = await raw(
    kit.url,
    request('POST /openai/v1/chat/completions HTTP/1.1', [
      `Authorization: Bearer ${kit.spendKey}`,
      'Expect: 100-continue',
      'x-demo-call: expected',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ]),
    {
      onData: (soFar, socket) => {
        if (asked || !soFar.startsWith('HTTP/1.1 100 Continue\r\n\r\n')) return;
        asked = true;
        socket.write(body);
      },
    },
  );
  expect(asked).toBe(true);
  expect(answer.text).toContain('HTTP/1.1 200 OK');
  const [seen] = arrivals(kit, 'expected');
  expect(seen?.['credentials']).toEqual({ authorization: 'sk-demo-kit' });
  expect(seen?.['headers']).not.toContain('expect');
});

test('the same where the body is not read for its price but streamed', async () => {
  let asked = false;
  const answer = await raw(
    kit.url,
    request('POST /plain/echo HTTP/1.1', [
      `x-api-key: ${kit.spendKey}`,
      'Expect: 100-continue',
      'x-demo-call: streamed',
      'Content-Length: 5',
    ]),
    {
      onData: (soFar, socket) => {
        if (asked || !soFar.includes('100 Continue')) return;
        asked = true;
        socket.write('12345');
      },
    },
  );
  expect(answer.text).toContain('HTTP/1.1 200 OK');
  expect(answer.text).not.toContain('tg_spend_');
  expect(arrivals(kit, 'streamed')[0]?.['credentials']).toEqual({});
});

test('a request that its head alone refuses is not asked for its body', async () => {
  const answer = await raw(
    kit.url,
    request('POST /plain/echo HTTP/1.1', ['Authorization: Bearer tg_spend_nobody', 'Expect: 100-continue', 'Content-Length: 5']),
  );
  expect(answer.text).not.toContain('100 Continue');
  expect(answer.status).toBe(401);
});

test("no key stands in any file, in the upstream's log, or in what the gateway wrote", async () => {
  await until('the log of the last call', () => Promise.resolve(arrivals(kit, 'streamed')[0]));
  const kept = readdirSync(kit.folder)
    .map((name) => join(kit.folder, name))
    .filter((path) => statSync(path).isFile());
  expect(kept.length).toBeGreaterThan(3);
  const secret = kit.spendKey.slice('tg_spend_'.length);
  for (const path of kept) expect(readFileSync(path, 'latin1').includes(secret), path).toBe(false);
  expect(kit.output()).not.toContain(secret);
  expect(kit.output()).not.toContain('sk-demo-kit');
});
