// What every proxied response says of itself: Credits-* and RateLimit, Server-Timing, and the cost where it is settled before the
// first byte.
import { afterAll, expect, test } from 'vitest';
import { balanceOf, callsOf, endedAt, expectBooksRight, receiptOf } from './books.ts';
import { cardWith } from './card.ts';
import { raw, request } from './raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  credits: 5_000,
  upstream: ['--pace-ms', '0'],
  card: cardWith(`  loose:
    path: /loose
    upstream: plain
    operations:
      - { id: loose.ok, match: GET /ok, price: [{ rate: 3 }], charge_on: [2xx, 3xx, 404] }
      - id: loose.bytes
        match: GET /bytes
        bounds: { bytes: { most: 1 MB, kept_by: cut } }
        price: [{ per: bytes, unit: 1000, rate: 1 }, { rate: 2 }]
`),
});
afterAll(() => kit.close());

test('a price that the request decides: the cost goes out in the head, and is settled by then', async () => {
  const answer = await kit.call('/plain/ok', { headers: { 'x-demo-fault': 'drip=60' } });
  const { headers } = answer;
  const id = headers.get('credits-call');
  expect(headers.get('credits-cost')).toBe('1');
  expect(headers.get('credits-hold')).toBe('1');
  const { available } = await balanceOf(kit);
  expect(headers.get('credits-available')).toBe(String(available));
  expect(headers.get('server-timing')).toBe(`credits;desc="${id}";dur=1`);
  expect(await answer.json()).toEqual({ ok: true, service: 'demo' });
  const receipt = await receiptOf(kit, id);
  expect(receipt).toMatchObject({
    charge: 1,
    hold: 1,
    operation: 'plain.ok',
    status: 200,
    rateCard: headers.get('credits-rate-card'),
  });
});

test('a short JSON answer that is priced by its content carries its cost; without a length it does not', async () => {
  const call = (fault: string): Promise<Response> =>
    kit.call('/records/v1/businesses/enrich', {
      method: 'POST',
      body: JSON.stringify({ business_ids: ['a', 'b', 'missing-1'] }),
      headers: { 'x-demo-fault': fault, 'x-demo-call': `enrich-${fault}` },
    });
  const sized = await call('');
  const { total_found: found } = (await sized.json()) as { total_found: number };
  expect(sized.headers.get('credits-hold')).toBe('6');
  expect(sized.headers.get('credits-cost')).toBe(String(found * 2));
  // What is available is told after the settle, not after the hold.
  expect(found).toBeLessThan(3);
  expect(sized.headers.get('credits-available')).toBe(String((await balanceOf(kit)).available));
  const chunked = await call('chunked');
  expect(chunked.headers.get('credits-cost')).toBeNull();
  expect(chunked.headers.get('server-timing')).toBe(`credits;desc="${chunked.headers.get('credits-call')}"`);
  await chunked.text();
  expect((await receiptOf(kit, chunked.headers.get('credits-call'))).charge).toBe(found * 2);
});

test('the cost of a whole answer waits up to 256 KB by its length, and not past it', async () => {
  const below = await kit.call('/loose/bytes?n=256000');
  expect(below.headers.get('credits-cost')).toBe('258');
  const above = await kit.call('/loose/bytes?n=256001');
  expect(above.headers.get('credits-cost')).toBeNull();
  expect((await above.arrayBuffer()).byteLength).toBe(256_001);
  expect((await receiptOf(kit, above.headers.get('credits-call'))).charge).toBe(258.001);
});

test('a 256 KB and larger JSON answer is counted while it streams', async () => {
  const executed = await kit.call('/dune/api/v1/query/3/execute', {
    method: 'POST',
    body: '{}',
    headers: { 'x-demo-fault': 'executes=1,rows=4000' },
  });
  const { execution_id: id } = (await executed.json()) as { execution_id: string };
  await expect
    .poll(async () => ((await (await kit.call(`/dune/api/v1/execution/${id}/status`)).json()) as { state: string }).state)
    .toBe('QUERY_STATE_COMPLETED');
  const answer = await kit.call(`/dune/api/v1/execution/${id}/results`, { headers: { 'x-demo-call': 'rows' } });
  const text = await answer.text();
  expect(text.length).toBeGreaterThan(256_000);
  const { result } = JSON.parse(text) as { result: { rows: unknown[] } };
  expect(result.rows).toHaveLength(4_000);
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt.quantities).toMatchObject({ rows: 4_000, columns: 5 });
  // max(rows × columns, ceil(bytes / 100)) / 1000, reckoned here from what the upstream itself counted as sent.
  const { bytesOut } = (await endedAt(kit, 'rows')) as { bytesOut: number };
  expect(receipt.charge).toBe(Math.max(4_000 * 5, Math.ceil(bytesOut / 100)) / 1_000);
  expect(receipt.inputs['query.limit']).toBeNull();
});

test('a capped key is told its windows, as they are enforced: whole credits, floored', async () => {
  const { text } = await kit.makeKey({
    scope: 'spend',
    caps: [
      { window: 'day', limit: 10.5 },
      { window: 'hour', limit: 4 },
    ],
  });
  const answer = await kit.call('/plain/ok', { headers: { 'x-api-key': text } });
  expect(answer.headers.get('ratelimit-policy')).toMatch(/"day";q=10;qu="credits"/);
  expect(answer.headers.get('ratelimit-policy')).toMatch(/"hour";q=4;qu="credits"/);
  expect(answer.headers.get('ratelimit')).toMatch(/"day";r=9;t=\d+/);
  expect(answer.headers.get('ratelimit')).toMatch(/"hour";r=3;t=\d+/);
  const hour = new Date();
  hour.setUTCMinutes(60, 0, 0);
  expect(answer.headers.get('credits-reset')).toBe(hour.toISOString());
  for (let left = 2; left >= 0; left -= 1) {
    const next = await kit.call('/plain/ok', { headers: { 'x-api-key': text } });
    expect(next.headers.get('ratelimit')).toContain(`"hour";r=${left};`);
  }
  const over = await kit.call('/plain/ok', { headers: { 'x-api-key': text } });
  expect(over.status).toBe(402);
  expect(await over.json()).toMatchObject({
    scope: { kind: 'key', cap: 'hour' },
    available: 0,
    needed: 1,
    resetsAt: hour.toISOString(),
  });
});

test('a key without caps has no limits to tell', async () => {
  const answer = await kit.call('/plain/ok');
  for (const name of ['ratelimit', 'ratelimit-policy', 'credits-reset']) expect(answer.headers.get(name)).toBeNull();
});

test('HEAD: the lines of the request alone, no body, and the length of what is not sent', async () => {
  const priced = await kit.call('/loose/bytes?n=5000', { method: 'HEAD' });
  expect(priced.status).toBe(200);
  expect(priced.headers.get('content-length')).toBe('5000');
  expect(priced.headers.get('credits-cost')).toBe('2');
  expect(priced.headers.get('credits-hold')).toBe('2');
  expect((await kit.call('/plain/ok', { method: 'HEAD' })).headers.get('credits-cost')).toBe('1');
});

test('304 is free, also where the card charges 3xx; a redirect is not', async () => {
  const first = await kit.call('/loose/ok');
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const same = await kit.call('/loose/ok', { headers });
  expect(same.status).toBe(304);
  expect(same.headers.get('credits-cost')).toBe('0');
  expect((await receiptOf(kit, same.headers.get('credits-call'))).state).toBe('released');
  const moved = await kit.call('/loose/ok', { headers: { 'x-demo-fault': 'redirect' }, redirect: 'manual' });
  expect(moved.headers.get('credits-cost')).toBe('3');
});

test('206 is charged as measured', async () => {
  const answer = await kit.call('/loose/bytes?n=100000', { headers: { range: 'bytes=1000-2999' } });
  expect(answer.status).toBe(206);
  expect((await answer.arrayBuffer()).byteLength).toBe(2_000);
  expect(answer.headers.get('credits-cost')).toBe('4');
  expect(answer.headers.get('content-range')).toBe('bytes 1000-2999/100000');
});

test('charge_on: what the card lists is charged, all else is not', async () => {
  const at = async (status: number): Promise<string | null> =>
    (await kit.call('/loose/ok', { headers: { 'x-demo-fault': `status=${status}` } })).headers.get('credits-cost');
  expect(await Promise.all([201, 404, 400, 500, 429].map(at))).toEqual(['3', '3', '0', '0', '0']);
});

test('the numbers of a response, of its receipt and of the balance are the same', async () => {
  const before = (await balanceOf(kit)).available as number;
  const answer = await kit.call('/plain/echo', { method: 'POST', body: 'x' });
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt.availableBefore).toBe(before);
  expect(receipt.availableAfter).toBe(before - 2);
  expect(Number(answer.headers.get('credits-available'))).toBe(before - 2);
  expect(receipt.paidBy).toEqual([{ account: 'pool:main', grant: expect.any(String) as string, amount: 2 }]);
  expect(receipt.lines.map((line: { credits: string }) => line.credits)).toEqual(['2']);
});

test('an HTTP/1.0 client gets whole answers within the bound, also of what has no length', async () => {
  const headers = [`x-api-key: ${kit.spendKey}`];
  const sized = await raw(kit.url, `GET /plain/ok HTTP/1.0\r\n${headers.join('')}\r\n\r\n`);
  expect(sized.status).toBe(200);
  expect(sized.headers.get('credits-cost')).toBe('1');
  const chunked = await raw(kit.url, `GET /plain/rows?n=20&format=csv HTTP/1.0\r\n${headers.join('')}\r\nTE: trailers\r\n\r\n`);
  expect(chunked.status).toBe(200);
  expect(chunked.headers.get('transfer-encoding')).toBeUndefined();
  expect(chunked.headers.get('trailer')).toBeUndefined();
  expect(chunked.headers.get('credits-cost')).toBe('0.02');
  expect(chunked.body).toHaveLength(Number(chunked.headers.get('content-length')));
  const long = await raw(kit.url, `GET /loose/bytes?n=300000 HTTP/1.0\r\n${headers.join('')}\r\nx-demo-fault: chunked\r\n\r\n`);
  expect(long.status).toBe(502);
});

test('trailers go to who asked for them, on a body that is chunked anyway', async () => {
  const ask = (more: readonly string[]): Promise<{ headers: ReadonlyMap<string, string>; body: string }> =>
    raw(kit.url, request('GET /plain/rows?n=300&format=csv HTTP/1.1', [`x-api-key: ${kit.spendKey}`, ...more]));
  const told = await ask(['TE: trailers']);
  expect(told.headers.get('trailer')).toBe('Credits-Cost');
  expect(told.body).toMatch(/\r\n0\r\nCredits-Cost: 0\.3\r\n\r\n$/i);
  const untold = await ask([]);
  expect(untold.headers.get('trailer')).toBeUndefined();
  expect(untold.body).toMatch(/\r\n0\r\n\r\n$/);
  const zero = await ask(['TE: trailers;q=0']);
  expect(zero.headers.get('trailer')).toBeUndefined();
});

test('every call of this file ended', async () => {
  // What started a job waits for its deadline; everything else is over.
  expect((await callsOf(kit)).filter((call) => call.state === 'open')).toEqual([]);
});

test('the books are right after all that', async () => {
  await expectBooksRight(kit);
});
