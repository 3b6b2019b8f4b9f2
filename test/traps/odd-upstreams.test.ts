// What an upstream may do that a proxy easily believes: switch protocols unasked, compress whatever was asked, answer before it has
// read, end without a length, or say nothing to most of three hundred streams.
import { afterAll, expect, test } from 'vitest';
import { arrivals, endedAt, expectNoHold, newestReceipt, receiptOf } from '../http/books.ts';
import { cardWith } from '../http/card.ts';
import { raw, request } from '../http/raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  // A machine that is busy with other tests needs its time for three hundred calls.
  settings: 'timeouts: { head: 20s, idle: 10s, lease: 10s }\n',
  credits: 1_000_000,
  upstream: ['--pace-ms', '0'],
  card: cardWith(`  stream:
    path: /stream
    upstream: plain
    operations:
      - id: stream.bytes
        match: GET /bytes
        bounds: { bytes: { most: 10 MB, kept_by: cut } }
        price: [{ per: bytes, unit: 1 MB, rate: 1 }]
`),
});
afterAll(() => kit.close());

test('101 that nobody asked for: 502, charged as an unknown end, no hold left', async () => {
  const answer = await kit.call('/plain/ok', { headers: { 'x-demo-fault': 'status=101' } });
  expect(answer.status).toBe(502);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt).toMatchObject({ state: 'settled', charge: 1, why: 'upgraded' });
});

test('a compressed answer passes as it is, is not unpacked, and its usage counts as missing', async () => {
  const body = JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 50, messages: [{ role: 'user', content: 'gzip' }] });
  const answer = await kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-demo-fault': 'gzip', 'x-demo-call': 'gzipped' },
  });
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { usage: unknown }).usage).toEqual((await endedAt(kit, 'gzipped'))['usage']);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt.flags).toContain('quantity_missing');
  // Rule 7: input by the bytes of the request, output by its limit, tools by the most there can be at the dearest.
  expect(receipt.charge).toBe(receipt.hold);
});

test('an answer before the end of the upload still settles, and the upload is read on', async () => {
  const answer = await kit.call('/plain/echo', {
    method: 'POST',
    body: 'x'.repeat(300_000),
    headers: { 'x-demo-fault': 'early' },
  });
  expect([200, 404]).toContain(answer.status);
  await answer.arrayBuffer();
  await expectNoHold(kit);
});

test('a body without length or chunks goes on as one that can tell its end', async () => {
  const answer = await raw(kit.url, request('GET /plain/ok HTTP/1.1', [`x-api-key: ${kit.spendKey}`, 'x-demo-fault: no-length']));
  expect(answer.headers.get('transfer-encoding')).toBe('chunked');
  expect(answer.body.endsWith('0\r\n\r\n')).toBe(true);
});

test('three hundred slow streams all reach the upstream at once: no agent queues them behind their holds', async () => {
  const calls = Array.from({ length: 300 }, () =>
    kit.call('/stream/bytes?n=64', { headers: { 'x-demo-fault': 'slow=2500', 'x-demo-call': 'crowd' } }),
  );
  const answered = Promise.all(calls.map(async (call) => (await (await call).arrayBuffer()).byteLength));
  await expect.poll(() => arrivals(kit, 'crowd').length, { timeout: 10_000 }).toBe(300);
  // Not one after the other has ended: the last arrived while the first still waited.
  expect(kit.upstream.log().filter((line) => line['phase'] === 'ended' && line['callId'] === 'crowd')).toEqual([]);
  expect(await answered).toEqual(calls.map(() => 64));
  await expectNoHold(kit);
}, 15_000);

test('a client that closes its side after the request is still there', async () => {
  const answer = await raw(
    kit.url,
    request('GET /stream/bytes?n=2000 HTTP/1.1', [
      `x-api-key: ${kit.spendKey}`,
      'x-demo-fault: slow=200',
      'x-demo-call: half',
    ]).replace('Connection: close\r\n', ''),
    { halfClose: true },
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe('2000');
  expect(answer.body).toHaveLength(2_000);
  expect((await endedAt(kit, 'half'))['complete']).toBe(true);
  expect((await newestReceipt(kit)).end).toBe('complete');
});
