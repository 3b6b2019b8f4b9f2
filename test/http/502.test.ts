// An upstream that is down, slow, or breaks off, before and after its head: rules 8 and 10, with 502 and 504.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { arrivals, expectBooksRight, expectNoHold, metric, newestReceipt, receiptOf } from './books.ts';
import { cardWith, SHORT } from './card.ts';
import { raw, request } from './raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  credits: 1_000,
  settings: SHORT,
  card: cardWith(`  floor:
    path: /floor
    upstream: openai
    operations:
      - id: floor.chat
        match: POST /v1/chat/completions
        meter: openai
        on_unknown: floor
        bounds:
          input_tokens: { most: body.bytes, kept_by: documented }
          output_tokens: { most: body.max_completion_tokens, kept_by: inject }
        fields: { body.max_completion_tokens: { absent: 100 } }
        price: [{ rate: 0.5 }, { per: input_tokens, unit: 1000, rate: 1 }, { per: output_tokens, unit: 1000, rate: 4 }]
`),
});
afterAll(() => kit.close());
const echo = (fault: string): Promise<Response> =>
  kit.call('/plain/echo', { method: 'POST', body: 'x', headers: { 'x-demo-fault': fault, 'x-demo-call': fault } });

test('reset before the head: 502, charged because it may have done the work, flagged', async () => {
  const answer = await echo('reset');
  expect(answer.status).toBe(502);
  const body = (await answer.json()) as Record<string, unknown>;
  const id = answer.headers.get('credits-call');
  expect(body).toMatchObject({ code: 'upstream_broke', callId: id });
  expect(String(body['message'])).toContain('charged 2 credits');
  expect(answer.headers.get('credits-context')).toBe('main/main');
  expect(answer.headers.get('x-should-retry')).toBe('false');
  const receipt = await receiptOf(kit, id);
  expect(receipt).toMatchObject({ state: 'settled', charge: 2, end: 'unknown', status: null });
  expect(receipt.flags).toContain('end_unknown');
  expect(await metric(kit, 'tollgate_refusals_total{code="upstream_broke"}')).toBe(1);
});

test('no head in time: 504, charged alike', async () => {
  const startedMs = performance.now();
  const answer = await echo('hang');
  expect(performance.now() - startedMs).toBeLessThan(6_000);
  expect(answer.status).toBe(504);
  expect(await answer.json()).toMatchObject({ code: 'upstream_timeout' });
  expect(await receiptOf(kit, answer.headers.get('credits-call'))).toMatchObject({ charge: 2, why: 'timeout' });
});

test('slow within the time is only slow', async () => {
  expect((await echo('slow=1000')).status).toBe(200);
});

test('the time for a head begins at the end of the request: a slow upload is not late', async () => {
  async function* slowly(): AsyncGenerator<Buffer> {
    for (let at = 0; at < 4; at += 1) {
      await sleep(700);
      yield Buffer.from('piece');
    }
  }
  const body = Readable.toWeb(Readable.from(slowly())) as ReadableStream;
  const answer = await kit.call('/plain/echo', { method: 'POST', body, duplex: 'half' });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ body: { bytes: 20 } });
  expect(answer.headers.get('credits-cost')).toBe('2');
});

test.each(['cut-after=20', 'reset-after=20', 'bad-chunk=20'])(
  '%s of a short answer: 502 before anything went out, charged',
  async (fault) => {
    const answer = await kit
      .call('/records/v1/businesses/enrich', {
        method: 'POST',
        body: JSON.stringify({ business_ids: ['a', 'b'] }),
        headers: { 'x-demo-fault': fault },
      })
      .catch(() => undefined);
    // Without a length nobody waits for the whole of it, so a bad chunk is seen only after the head went out.
    if (fault.startsWith('bad-chunk')) expect(answer === undefined || answer.status === 200).toBe(true);
    else expect(answer?.status).toBe(502);
    await answer?.arrayBuffer().catch(() => undefined);
    const receipt = await newestReceipt(kit);
    expect(receipt).toMatchObject({ operation: 'businesses.enrich', state: 'settled', end: 'broken', charge: 4, hold: 4 });
    expect(receipt.flags).toContain('end_unknown');
  },
);

test('where the status alone decided, the cost is in the head and a later reset changes nothing (rule 13)', async () => {
  const answer = await raw(
    kit.url,
    request('GET /plain/ok HTTP/1.1', [`x-api-key: ${kit.spendKey}`, 'x-demo-fault: reset-after=5,chunked']),
  );
  expect(answer.headers.get('credits-cost')).toBe('1');
  expect(answer.end).toBe('reset');
  expect(await newestReceipt(kit)).toMatchObject({ operation: 'plain.ok', charge: 1, state: 'settled' });
});

test('on_unknown: floor charges the fixed and the input part alone', async () => {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x' }] });
  const answer = await kit.call('/floor/v1/chat/completions', { method: 'POST', body, headers: { 'x-demo-fault': 'reset' } });
  expect(answer.status).toBe(502);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt.charge).toBe((500_000 + Buffer.byteLength(body) * 1_000) / 1e6);
  expect(receipt.hold).toBe((500_000 + Buffer.byteLength(body) * 1_000 + 100 * 4_000) / 1e6);
});

test('nothing is held after all that', async () => {
  await expectNoHold(kit);
});

// The last one: it takes the upstream away.
test('an upstream that is down: 502 that may be tried again, provably not sent, not charged (rule 8)', async () => {
  await kit.upstream.end();
  const before = arrivals(kit).length;
  for (let round = 0; round < 3; round += 1) {
    const answer = await echo('');
    expect(answer.status).toBe(502);
    const body = (await answer.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ code: 'upstream_unreachable' });
    expect(String(body['message'])).toContain('nothing is charged');
    expect(answer.headers.get('x-should-retry')).toBeNull();
    expect(await receiptOf(kit, answer.headers.get('credits-call'))).toMatchObject({ state: 'released', charge: null });
  }
  const keyed = await kit.call('/plain/echo', { method: 'POST', body: 'x', headers: { 'idempotency-key': 'down' } });
  expect(keyed.status).toBe(502);
  const again = await kit.call('/plain/echo', { method: 'POST', body: 'x', headers: { 'idempotency-key': 'down' } });
  expect(again.status, 'a release does not burn the key').toBe(502);
  expect(arrivals(kit)).toHaveLength(before);
  await expectNoHold(kit);
});

test('the books are right after all that', async () => {
  await expectBooksRight(kit);
});
