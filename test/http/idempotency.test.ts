// Rule 22: an Idempotency-Key is charged once and forwarded once, whatever is tried. 409 and 422 are its refusals.
import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf, expectBooksRight, expectNoHold, until } from './books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ upstream: ['--pace-ms', '0'], settings: 'limits: { body: 100 KB }\n' });
afterAll(() => kit.close());

const post = (key: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  kit.call('/plain/echo', { method: 'POST', body, headers: { 'idempotency-key': key, 'x-demo-call': key, ...headers } });

const charged = async (): Promise<number> =>
  (await callsOf(kit)).reduce((sum, call) => sum + Math.round((call.charge ?? 0) * 1e6), 0);

function expectReplayOf(first: Response, repeat: Response): void {
  expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([first.status, 'true']);
  expect(repeat.headers.get('credits-call')).toBe(first.headers.get('credits-call'));
}

test('a repeat gets the stored answer byte for byte, and is neither forwarded nor charged', async () => {
  const first = await post('once', '{"a":1}');
  const bytes = Buffer.from(await first.arrayBuffer());
  const before = await charged();
  for (let round = 0; round < 3; round += 1) {
    const repeat = await post('once', '{"a":1}');
    expect(repeat.status).toBe(200);
    expect(Buffer.from(await repeat.arrayBuffer()).equals(bytes)).toBe(true);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    for (const name of ['content-type', 'x-request-id', 'credits-call', 'content-length'])
      expect(repeat.headers.get(name), name).toBe(first.headers.get(name));
    // A repeat costs nothing: the cost of the first call is not told as if it came again.
    expect(repeat.headers.get('credits-cost')).toBeNull();
  }
  expect(await charged()).toBe(before);
  expect(arrivals(kit, 'once')).toHaveLength(1);
});

test('the quoted and the bare spelling of a key are one key', async () => {
  const first = await post('quoted', 'x');
  const repeat = await post('quoted', 'x', { 'idempotency-key': '"quoted"' });
  expectReplayOf(first, repeat);
});

test('100 concurrent repeats forward once; all others replay it or are told that it runs', async () => {
  const send = (): Promise<Response> => post('crowd', 'same', { 'x-demo-fault': 'slow=150' });
  const answers = await Promise.all(Array.from({ length: 100 }, send));
  const firsts = answers.filter(({ status, headers }) => status === 200 && headers.get('idempotent-replayed') === null);
  const rest = answers.filter((answer) => !firsts.includes(answer));
  expect(firsts).toHaveLength(1);
  expect(rest.every(({ status }) => status === 200 || status === 409)).toBe(true);
  const running = rest.find(({ status }) => status === 409);
  expect(await running?.json()).toMatchObject({ code: 'idempotency_running', callId: firsts[0]?.headers.get('credits-call') });
  expect(running?.headers.get('x-should-retry')).toBeNull();
  expect(arrivals(kit, 'crowd')).toHaveLength(1);
  expect((await send()).headers.get('idempotent-replayed')).toBe('true');
});

test('other content, another path or query with the same key: 422', async () => {
  await post('mismatch', 'one');
  for (const answer of [
    await post('mismatch', 'two'),
    await post('mismatch', ''),
    await kit.call('/plain/echo?x=1', {
      method: 'POST',
      body: 'one',
      headers: { 'idempotency-key': 'mismatch', 'x-demo-call': 'mismatch' },
    }),
  ]) {
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'idempotency_mismatch' });
    expect(answer.headers.get('x-should-retry')).toBe('false');
  }
  expect(arrivals(kit, 'mismatch')).toHaveLength(1);
});

test('another workspace and another operation have keys of their own; another key of the workspace has not', async () => {
  const mine = await post('scoped', 'x');
  const other = await kit.makeKey({ scope: 'spend', workspace: 'elsewhere' });
  const theirs = await post('scoped', 'x', { 'x-api-key': other.text });
  expect(theirs.headers.get('idempotent-replayed')).toBeNull();
  expect(
    (await kit.call('/plain/ok', { headers: { 'idempotency-key': 'scoped' } })).headers.get('idempotent-replayed'),
  ).toBeNull();
  const colleague = await kit.makeKey({ scope: 'spend' });
  const same = await post('scoped', 'x', { 'x-api-key': colleague.text });
  expectReplayOf(mine, same);
  // What the upstream sees as key is different for each workspace, and the client's own text for neither.
  const keyOf = async (answer: Response): Promise<unknown> =>
    ((await answer.json()) as { headers: Record<string, string> }).headers['idempotency-key'];
  const [a, b] = [await keyOf(mine), await keyOf(theirs)];
  expect(a).toMatch(/^tg-/);
  expect(b).toMatch(/^tg-/);
  expect(a).not.toBe(b);
});

test('a stream is not kept: its repeat is told so, and which call it was', async () => {
  const send = (): Promise<Response> =>
    kit.call('/openai/v1/chat/completions', {
      method: 'POST',
      headers: { 'idempotency-key': 'stream', 'x-demo-call': 'stream' },
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        stream: true,
        max_completion_tokens: 9,
        messages: [{ role: 'user', content: 'x' }],
      }),
    });
  const first = await send();
  await first.text();
  await expectNoHold(kit);
  const repeat = await send();
  expect(repeat.status).toBe(409);
  expect(await repeat.json()).toMatchObject({ code: 'idempotency_spent', callId: first.headers.get('credits-call') });
  expect(repeat.headers.get('x-should-retry')).toBe('false');
  expect(arrivals(kit, 'stream')).toHaveLength(1);
});

test('an answer longer than what is kept, and one that broke off, are spent too', async () => {
  for (const [key, fault] of [
    ['long', 'big=400000'],
    ['broken', 'cut-after=20'],
  ] as const) {
    const first = await post(key, 'x', { 'x-demo-fault': fault }).then((answer) => answer.arrayBuffer().then(() => answer));
    await expectNoHold(kit);
    const repeat = await post(key, 'x', { 'x-demo-fault': fault });
    expect(repeat.status, key).toBe(409);
    expect(await repeat.json()).toMatchObject({ code: 'idempotency_spent', callId: first.headers.get('credits-call') });
    expect(arrivals(kit, key)).toHaveLength(1);
  }
});

test('a 402 does not burn a key', async () => {
  const poor = await kit.makeKey({ scope: 'spend', caps: [{ window: 'lifetime', limit: 2.5 }], workspace: 'poor' });
  const spend = (size: string): Promise<Response> =>
    kit.call(`/plain/ok?size=${size}`, {
      headers: { 'x-api-key': poor.text, 'idempotency-key': 'again', 'x-demo-call': 'again' },
    });
  expect((await spend('dear')).status).toBe(402);
  expect((await spend('small')).status).toBe(200);
  expect(arrivals(kit, 'again')).toHaveLength(1);
});

test('an uncharged 429 and 503 of the upstream, and an upstream that was never reached, do not burn a key', async () => {
  for (const status of [429, 503]) {
    const key = `retry-${status}`;
    expect((await post(key, 'x', { 'x-demo-fault': `status=${status}` })).status).toBe(status);
    const second = await post(key, 'x');
    expect(second.status).toBe(200);
    expect(second.headers.get('idempotent-replayed')).toBeNull();
    expect(arrivals(kit, key)).toHaveLength(2);
  }
});

test('a multipart body is compared by its parts: another boundary is the same call, another part is not', async () => {
  const form = (boundary: string, text: string): [string, Record<string, string>] => [
    `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${text}\r\n--${boundary}--\r\n`,
    { 'content-type': `multipart/form-data; boundary=${boundary}` },
  ];
  const first = await post('form', ...form('one111', 'hello'));
  const again = await post('form', ...form('two-two-2', 'hello'));
  expectReplayOf(first, again);
  expect((await post('form', ...form('three', 'bye'))).status).toBe(422);
  expect(arrivals(kit, 'form')).toHaveLength(1);
});

test('a body too long to read first claims by the key alone, and its repeats get 409', async () => {
  const long = randomBytes(300_000).toString('hex');
  const first = await post('upload', long);
  expect(await first.json()).toMatchObject({ body: { bytes: 600_000 } });
  await expectNoHold(kit);
  for (const body of [long, `${long}x`]) {
    const repeat = await post('upload', body);
    expect(repeat.status).toBe(409);
    expect(await repeat.json()).toMatchObject({ code: 'idempotency_spent' });
  }
  expect(arrivals(kit, 'upload')).toHaveLength(1);
});

test('a client that left before the answer finds it by its key, also after a restart', async () => {
  const leaving = new AbortController();
  const first = kit.call('/plain/echo', {
    method: 'POST',
    body: 'x',
    headers: { 'idempotency-key': 'left', 'x-demo-call': 'left', 'x-demo-fault': 'slow=200' },
    signal: leaving.signal,
  });
  await until('the arrival', () => Promise.resolve(arrivals(kit, 'left')[0]));
  leaving.abort();
  await expect(first).rejects.toThrow();
  await expectNoHold(kit);
  await kit.end('SIGKILL');
  await kit.start();
  const repeat = await post('left', 'x');
  expect(repeat.status).toBe(200);
  expect(repeat.headers.get('idempotent-replayed')).toBe('true');
  expect(arrivals(kit, 'left')).toHaveLength(1);
});

test('the books are right after all that', async () => {
  await expectBooksRight(kit);
});
