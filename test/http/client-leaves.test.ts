// Rule 9: a client that leaves does not end the call. The gateway reads the upstream on, within limits, and settles what happened;
// leaving early is never cheaper than staying, and no hold stays open.
import { afterAll, expect, test } from 'vitest';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrivals, callsOf, endedAt, expectBooksRight, expectNoHold, newestReceipt, until } from './books.ts';
import { KIT_CARD, cardWith, SHORT } from './card.ts';
import { request } from './raw.ts';
import { startGateway } from '../kit/gateway.ts';

const chatOf = (service: string, drain: string): string =>
  KIT_CARD.slice(KIT_CARD.indexOf('  openai:'), KIT_CARD.indexOf('      - id: response.create'))
    .replace('  openai:\n    path: /openai', `  ${service}:\n    path: /${service}`)
    .replace('chat.complete', `${service}.chat`)
    .replace('meter: openai', `meter: openai\n        drain: ${drain}`);
const kit = await startGateway({
  credits: 100_000,
  upstream: ['--pace-ms', '4'],
  settings: SHORT,
  card: cardWith(`${chatOf('brief', '{ seconds: 0.2 }')}${chatOf('small', '{ seconds: 5, bytes: 2000 }')}  slow:
    path: /slow
    upstream: plain
    operations:
      - { id: slow.ok, match: GET /ok, price: [{ rate: 5 }], drain: { seconds: 0.3 } }
`),
});
afterAll(() => kit.close());

/** Sends a request and leaves: at once after it was forwarded, or after so many bytes of the answer. */
function leave(text: string, mark: string, afterBytes: number): Promise<void> {
  const { hostname, port } = new URL(kit.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let got = 0;
    const gone = (): void => {
      socket.resetAndDestroy();
      resolve();
    };
    socket.on('data', (piece: Buffer) => {
      got += piece.length;
      if (afterBytes > 0 && got >= afterBytes) gone();
    });
    if (afterBytes === 0) until('the arrival', () => Promise.resolve(arrivals(kit, mark)[0])).then(gone, reject);
  });
}

const chat = (service: string, mark: string, fault = ''): string =>
  request(
    `POST /${service}/v1/chat/completions HTTP/1.1`,
    [`x-api-key: ${kit.spendKey}`, `x-demo-call: ${mark}`, `x-demo-fault: ${fault}`],
    JSON.stringify({
      model: 'gpt-4o-mini',
      max_completion_tokens: 60,
      stream: true,
      messages: [{ role: 'user', content: mark }],
    }),
  );

const microOf = ({ usage }: Readonly<Record<string, unknown>>): number => {
  const { prompt_tokens: input, completion_tokens: output } = usage as { prompt_tokens: number; completion_tokens: number };
  return input * 30 + output * 120;
};

test.each([
  ['before the first byte', 0],
  ['right after the head', 1],
  ['in the middle', 2_500],
])('a client that leaves a stream %s pays what the upstream told at its end', async (name, afterBytes) => {
  const mark = `left-${afterBytes}`;
  await leave(chat('openai', mark), mark, afterBytes);
  const ended = await endedAt(kit, mark);
  expect(ended['complete'], name).toBe(true);
  const receipt = await newestReceipt(kit);
  expect(Math.round(receipt.charge * 1e6)).toBe(microOf(ended));
  expect(receipt).toMatchObject({ state: 'settled', end: 'complete', flags: [] });
  await expectNoHold(kit);
});

test('an upstream that has not answered by the limit is given up, and the call is charged as unknown', async () => {
  const mark = 'no-head';
  await leave(
    request('GET /slow/ok HTTP/1.1', [`x-api-key: ${kit.spendKey}`, `x-demo-call: ${mark}`, 'x-demo-fault: hang']),
    mark,
    0,
  );
  const ended = await endedAt(kit, mark);
  expect(ended['complete']).toBe(false);
  expect(await newestReceipt(kit)).toMatchObject({ operation: 'slow.ok', state: 'settled', charge: 5, why: 'client_left' });
  await expectNoHold(kit);
});

test('a client that leaves before a slow head within the limit pays once it came', async () => {
  const mark = 'late-head';
  await leave(
    request('GET /slow/ok HTTP/1.1', [`x-api-key: ${kit.spendKey}`, `x-demo-call: ${mark}`, 'x-demo-fault: slow=150']),
    mark,
    0,
  );
  expect((await endedAt(kit, mark))['complete']).toBe(true);
  expect(await newestReceipt(kit)).toMatchObject({ operation: 'slow.ok', state: 'settled', charge: 5, status: 200 });
});

test.each([
  ['time', 'brief', 'drip=40'],
  ['bytes', 'small', ''],
])('past the limit of %s it is cut, and charged for all that was read on', async (_name, service, fault) => {
  const mark = `cut-${service}`;
  await leave(chat(service, mark, fault), mark, 1);
  const ended = await endedAt(kit, mark);
  expect(ended['complete']).toBe(false);
  const receipt = await newestReceipt(kit);
  expect(receipt).toMatchObject({ operation: `${service}.chat`, state: 'settled', end: 'cut', why: 'client_left' });
  expect(receipt.flags).toContain('end_unknown');
  // Input by the bytes of the request, which bound it, and output by an upper count of what was read: more than the client itself got.
  const sent = receipt.bounds['input_tokens'] as number;
  const micro = Math.round(receipt.charge * 1e6);
  expect(micro).toBeGreaterThan(sent * 30 + 3 * 120);
  expect(micro).toBeLessThanOrEqual(sent * 30 + 60 * 120);
  await expectNoHold(kit);
});

test('a client that leaves while it sends its body leaves no hold, and is not charged for what never left', async () => {
  const { hostname, port } = new URL(kit.url);
  const before = (await callsOf(kit)).length;
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: g\r\nx-api-key: ${kit.spendKey}\r\nContent-Length: 500\r\n\r\n{"model":"gpt-4o",`,
  );
  await sleep(100);
  socket.resetAndDestroy();
  await sleep(100);
  expect(await callsOf(kit)).toHaveLength(before);
  await expectNoHold(kit);
});

test('a client that leaves in the middle of an upload that streams through ends the call', async () => {
  const { hostname, port } = new URL(kit.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /plain/echo HTTP/1.1\r\nHost: g\r\nx-api-key: ${kit.spendKey}\r\nx-demo-call: up\r\nContent-Length: 500000\r\n\r\nabc`,
  );
  await until('the arrival', () => Promise.resolve(arrivals(kit, 'up')[0]));
  socket.resetAndDestroy();
  await expectNoHold(kit, 4_000);
  const [newest] = await callsOf(kit);
  // The request had reached the upstream in part: whether it did anything is unknown (rule 10).
  expect(newest).toMatchObject({ operation: 'plain.echo', state: 'settled', charge: 2 });
});

test('a client that does not read is cut off after the idle time, and pays', async () => {
  const { hostname, port } = new URL(kit.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(`GET /plain/bytes?n=50000000 HTTP/1.1\r\nHost: g\r\nx-api-key: ${kit.spendKey}\r\n\r\n`);
  const receipt = await newestReceipt(kit, (call) => call.operation === 'plain.bytes' && call.state !== 'open');
  expect(receipt).toMatchObject({ state: 'settled', end: 'cut' });
  expect(receipt.charge).toBeGreaterThan(0);
  socket.destroy();
  await expectNoHold(kit);
}, 15_000);

test('the books are right after all that', async () => {
  await expectBooksRight(kit);
});
