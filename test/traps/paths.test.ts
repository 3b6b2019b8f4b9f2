// Decision 9: the path that is priced is byte for byte the path that is forwarded; every spelling that two readers could understand in
// two ways is refused before a hold. The upstream's own log is the witness that nothing went through.
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf } from '../http/books.ts';
import { raw, request } from '../http/raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway();
afterAll(() => kit.close());
const key = `Authorization: Bearer ${kit.spendKey}`;

test.each([
  ['absolute-form', 'http://gateway.example/plain/ok'],
  ['absolute-form to the upstream', `${kit.upstream.origin}/plain/ok`],
  ['//host', '//plain/ok'],
  ['//host before the service', '//evil.example/plain/ok'],
  ['an empty segment', '/plain//ok'],
  ['a dot segment', '/plain/./ok'],
  ['a dot-dot segment', '/plain/x/../ok'],
  ['dot-dot at the end', '/plain/ok/..'],
  ['%2e%2e', '/plain/%2e%2e/plain/ok'],
  ['%2E%2e', '/plain/x/%2E%2e/ok'],
  ['.%2e', '/plain/x/.%2e/ok'],
  ['%2f', '/plain%2fok'],
  ['%2F behind a priced path', '/plain/ok%2F..%2Fecho'],
  ['%5c', '/plain/x%5c..%5cok'],
  ['a backslash', '/plain\\ok'],
  ['a path parameter', '/plain/ok;a=b'],
  ['an escaped semicolon', '/plain/ok%3ba=b'],
  ['%00', '/plain/ok%00'],
  ['%0d%0a', '/plain/ok%0d%0aX-Evil:%201'],
  ['a double escape', '/plain/%252e%252e/ok'],
  ['half an escape', '/plain/ok%2'],
  ['no escape', '/plain/ok%zz'],
  ['a fragment', '/plain/ok#/../echo'],
  ['a fragment behind a query', '/plain/ok?size=small#/../echo'],
  ['raw bytes over 127', '/plain/\xc3\xa9'],
  ['a tab', '/plain/ok\t'],
  ['an asterisk', '*'],
  ['no slash', 'plain/ok'],
  ['over 8 KiB', `/plain/ok?q=${'x'.repeat(9_000)}`],
])('%s is refused', async (_name, path) => {
  const before = arrivals(kit).length;
  const answer = await raw(kit.url, request(`GET ${path} HTTP/1.1`, [key]));
  expect(answer.status, answer.text).toBe(400);
  if (answer.body !== '') expect(JSON.parse(answer.body)).toMatchObject({ code: 'path_ambiguous', status: 400 });
  expect(arrivals(kit)).toHaveLength(before);
});

test.each([
  ['an asterisk for OPTIONS', 'OPTIONS * HTTP/1.1'],
  ['an authority', 'GET gateway.example:80 HTTP/1.1'],
])('%s is no door either', async (_name, line) => {
  const answer = await raw(kit.url, request(line, [key]));
  expect(answer.status).toBe(400);
});

test('a plain path arrives byte for byte, with its query and its escapes', async () => {
  const path = "/plain/ok?size=small&q=%C3%A9+a%20b&x=%2F&sub=(1,2)!$'*";
  const answer = await raw(kit.url, request(`GET ${path} HTTP/1.1`, [key, 'x-demo-call: plain-path']));
  expect(answer.status, answer.text).toBe(200);
  expect(arrivals(kit, 'plain-path').map((line) => line['path'])).toEqual([path]);
});

test('a dear operation has no cheap spelling: case, trailing slash and an escaped letter are other routes', async () => {
  for (const path of ['/plain/OK', '/plain/ok/', '/plain/o%6b', '/PLAIN/ok']) {
    const answer = await raw(kit.url, request(`GET ${path} HTTP/1.1`, [key]));
    expect(answer.status, path).toBe(404);
  }
});

test('nothing of all that reached the upstream or left a hold', async () => {
  expect(arrivals(kit).map((line) => line['callId'])).toEqual(['plain-path']);
  expect((await callsOf(kit)).map((call) => call.state)).toEqual(['settled']);
});
