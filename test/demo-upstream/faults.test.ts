import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';
import { FAULTS } from '../../gateway/src/demo-upstream/faults.ts';
import { rawCall, type RawAnswer } from './raw-call.ts';

const upstream = await startDemoUpstream({ paceMs: 0, seed: 7 });
afterAll(() => upstream.close());

const KEY = 'Authorization: Bearer sk-demo-x';
const ask = { model: 'gpt-4o', messages: [{ role: 'user', content: 'How are the leads?' }], max_tokens: 40 };

function chat(fault: string, more: object = {}, waitMs = 2000): Promise<RawAnswer> {
  return rawCall(
    upstream.port,
    'POST /v1/chat/completions',
    [KEY, `x-demo-fault: ${fault}`],
    JSON.stringify({ ...ask, ...more }),
    waitMs,
  );
}

function claude(fault: string, more: object = {}): Promise<RawAnswer> {
  const headers = ['x-api-key: sk-ant-demo', 'anthropic-version: 2023-06-01', `x-demo-fault: ${fault}`];
  return rawCall(upstream.port, 'POST /v1/messages', headers, JSON.stringify({ ...ask, model: 'claude-x', ...more }));
}

const stream = { stream: true, stream_options: { include_usage: true } };
const usageOf = ({ body }: RawAnswer): { completion_tokens: unknown } | undefined =>
  (JSON.parse(body) as { usage?: { completion_tokens: unknown } }).usage;
const lengthOf = ({ head }: RawAnswer): number => Number(/content-length: (\d+)/i.exec(head)?.[1]);

test('slow and drip take their time', async () => {
  const from = performance.now();
  expect((await chat('slow=120')).head).toContain('200 OK');
  const slow = performance.now();
  expect(slow - from).toBeGreaterThan(110);
  expect((await chat('drip=20')).end).toBe('fin');
  expect(performance.now() - slow).toBeGreaterThan(140);
});

test('hang sends nothing; hang-body sends the head and a part', async () => {
  expect(await chat('hang', {}, 150)).toMatchObject({ text: '', end: 'open' });
  const half = await chat('hang-body=30', {}, 500);
  expect([half.end, half.body.length]).toEqual(['open', 30]);
});

test('reset before the head, and after so many bytes', async () => {
  expect(await chat('reset')).toMatchObject({ text: '', end: 'reset' });
  const later = await chat('reset-after=50');
  expect([later.end, later.body.length]).toEqual(['reset', 50]);
  expect(lengthOf(later)).toBeGreaterThan(50);
});

test('cut ends the connection short of its length, and in the middle of the chunks', async () => {
  const whole = await chat('cut-after=50');
  expect([whole.end, whole.body.length]).toEqual(['fin', 50]);
  expect(lengthOf(whole)).toBeGreaterThan(50);
  const streamed = await chat('cut-after=500', stream);
  expect(streamed.end).toBe('fin');
  expect(streamed.head).toContain('chunked');
  expect(streamed.text).not.toContain('\r\n0\r\n');
});

test('a bad chunk', async () => {
  const answer = await chat('bad-chunk=20');
  expect(answer.head).toContain('chunked');
  expect(answer.text).toContain('zz\r\nthis is no chunk');
});

test('a status comes with an error of the API, 429 with retry-after', async () => {
  const limited = await chat('status=429');
  expect(limited.head).toMatch(/^HTTP\/1.1 429 [\s\S]*retry-after: 1/);
  expect(JSON.parse(limited.body)).toMatchObject({ error: { type: 'rate_limit_error' } });
  expect(JSON.parse((await claude('status=529')).body)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  expect((await chat('status=204')).head).toContain('204');
  expect((await chat('status=101', {}, 500)).head).toContain('101 Switching');
  expect((await chat('status=201')).head).toContain('201');
});

test('usage that is missing, or a lie', async () => {
  expect(usageOf(await chat('no-usage'))).toBeUndefined();
  const truth = usageOf(await chat('usage=none'))?.completion_tokens as number;
  expect(truth).toBeGreaterThan(0);
  expect(usageOf(await chat('usage=negative'))?.completion_tokens).toBe(-truth - 1);
  expect(usageOf(await chat('usage=text'))?.completion_tokens).toBe(`${truth} or so`);
  expect(usageOf(await chat('usage=huge'))?.completion_tokens).toBe(1e18);
  expect(usageOf(await chat('usage=3'))?.completion_tokens).toBe(3);
  expect((await chat('usage=nan')).body).toContain('"completion_tokens":NaN');
  expect((await chat('usage=twice')).body.match(/"usage":/g)).toHaveLength(2);
  expect((await chat('usage=twice', stream)).body.match(/"choices":\[\],"usage":/g)).toHaveLength(2);
  expect((await chat('no-usage', stream)).body).not.toContain('completion_tokens');
  expect((await claude('usage=twice', { stream: true })).body.match(/event: message_delta/g)).toHaveLength(2);
  expect((await claude('no-usage', { stream: true })).body).not.toContain('usage');
});

test('a broken bound goes past the limit, and says so', async () => {
  expect(usageOf(await chat('break-bound=25'))?.completion_tokens).toBe(65);
  expect((await claude('break-bound=25', { stream: true })).body.match(/text_delta/g)).toHaveLength(65);
});

test('an error event after a 200 ends the stream without its usual end', async () => {
  const openai = await chat('error-event', stream);
  expect(openai.body).toContain('data: {"error":{"message":');
  expect(openai.body).not.toContain('[DONE]');
  const anthropic = await claude('error-event', { stream: true });
  expect(anthropic.body).toContain('event: error');
  expect(anthropic.body).not.toContain('message_stop');
  const body = JSON.stringify({ model: 'gpt-4o', input: 'x', stream: true });
  const responses = await rawCall(upstream.port, 'POST /v1/responses?demo_fault=error-event', [KEY], body);
  expect(responses.body).toContain('event: error');
  expect(responses.body).not.toContain('response.completed');
});

test('big pads to the byte, and keeps the usage at the end', async () => {
  const answer = await chat('big=300000');
  expect([answer.body.length, lengthOf(answer)]).toEqual([300_000, 300_000]);
  expect(usageOf(answer)?.completion_tokens).toBeGreaterThan(0);
});

test('big is not buffered: a reader that stalls stops the writer', async () => {
  const before = process.memoryUsage().rss;
  const socketBytes = await new Promise<number>((resolve) => {
    const sent = request({ port: upstream.port, host: '127.0.0.1', path: '/plain/ok?demo_fault=big=2000000000' }, (response) => {
      response.pause();
      setTimeout(() => {
        sent.destroy();
        resolve(response.socket.bytesRead);
      }, 300);
    });
    sent.end();
  });
  expect(socketBytes).toBeLessThan(20_000_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test('gzip although nobody asked, whole and streamed', async () => {
  const headers = { authorization: 'Bearer sk-demo', 'x-demo-fault': 'gzip', 'accept-encoding': 'identity' };
  const zipped = await new Promise<Buffer>((resolve) => {
    const sent = request({ port: upstream.port, path: '/v1/chat/completions', method: 'POST', headers }, (response) => {
      expect(response.headers['content-encoding']).toBe('gzip');
      void Array.fromAsync(response as AsyncIterable<Buffer>).then((pieces) => resolve(Buffer.concat(pieces)));
    });
    sent.end(JSON.stringify({ ...ask, ...stream }));
  });
  expect(gunzipSync(zipped).toString()).toContain('[DONE]');
});

test('lengths: chunks in place of one, or neither', async () => {
  const chunked = await chat('chunked');
  expect(chunked.head).toContain('chunked');
  expect(chunked.body).toMatch(/\r\n0\r\n\r\n$/);
  const bare = await chat('no-length', stream);
  expect(bare.head).not.toMatch(/content-length|chunked/i);
  expect(bare.body).toMatch(/^data: [\s\S]*\[DONE\]\n\n$/);
});

test('headers that a gateway has to keep to itself', async () => {
  expect((await chat('set-cookie')).head).toContain('set-cookie: demo_session=');
  expect((await chat('redirect')).head).toMatch(new RegExp(`^HTTP/1.1 302 [\\s\\S]*location: ${upstream.origin}/plain/ok`));
  expect((await chat('connection-header', {}, 500)).head).toContain('x-demo-hop:');
  expect((await chat('spoof')).head).toContain('credits-cost: 0');
  const trailers = await chat('trailers');
  expect(trailers.head).toContain('trailer: x-demo-trailer');
  expect(trailers.body).toContain('0\r\nx-demo-trailer: the end\r\n');
});

test('early answers while the body is still on its way, slow-read takes its time', async () => {
  const early = await rawCall(upstream.port, 'POST /v1/sink', ['x-demo-fault: early', 'Content-Length: 1000000'], '', 1000);
  expect(early.body).toBe('{"early":true}');
  const from = performance.now();
  expect((await rawCall(upstream.port, 'POST /v1/sink', ['x-demo-fault: slow-read=10000'], 'x'.repeat(2000))).body).toContain(
    '"bytes":2000',
  );
  expect(performance.now() - from).toBeGreaterThan(190);
});

test('a fault that does not exist is refused with the list', async () => {
  expect(await (await fetch(`${upstream.origin}/demo/faults`)).json()).toEqual(FAULTS);
  const answer = await chat('no-such');
  expect(answer.head).toContain('400');
  expect((JSON.parse(answer.body) as { known: string[] }).known).toEqual(Object.keys(FAULTS));
});

test('faults ask nothing of a client that speaks HTTP/1.0', async () => {
  const headers = [KEY, 'x-demo-fault: trailers'];
  const answer = await rawCall(
    upstream.port,
    'POST /v1/chat/completions HTTP/1.0\r\nX-Rest:',
    headers,
    JSON.stringify({ ...ask, ...stream }),
  );
  expect(answer.head).not.toMatch(/chunked|trailer/);
  expect(answer.body).toMatch(/^data: /);
});
