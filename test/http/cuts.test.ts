// Bounds that are kept by cutting the answer: by bytes, by rows, by seconds (rule 12). Rows are counted while they stream.
import { afterAll, expect, test } from 'vitest';
import { newestReceipt, receiptOf } from './books.ts';
import { cardWith, SHORT } from './card.ts';
import { raw, request } from './raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  credits: 100_000,
  settings: SHORT,
  card: cardWith(`  cut:
    path: /cut
    upstream: plain
    operations:
      - id: cut.bytes
        match: GET /bytes
        bounds: { bytes: { most: 10000, kept_by: cut } }
        price: [{ per: bytes, unit: 1000, rate: 1 }]
      - id: cut.seconds
        match: GET /ok
        bounds: { seconds: { most: 1, kept_by: cut } }
        price: [{ per: seconds, rate: 10 }]
      - id: cut.lines
        match: GET /rows
        quantities: { rows: { count: ndjson } }
        bounds: { rows: { most: 500, kept_by: cut } }
        price: [{ per: rows, rate: 0.1 }]
  listed:
    path: /listed
    upstream: records
    operations:
      - id: listed.rows
        match: POST /v1/businesses/enrich
        quantities: { rows: { count: response.data } }
        bounds: { rows: { most: 20, kept_by: cut } }
        price: [{ per: rows, rate: 0.1 }]
`),
});
afterAll(() => kit.close());
const get = (path: string, more: readonly string[] = []): ReturnType<typeof raw> =>
  raw(kit.url, request(`GET ${path} HTTP/1.1`, [`x-api-key: ${kit.spendKey}`, ...more]), { waitMs: 5_000 });

test('bytes up to the bound pass whole; one more and the answer is cut at the bound, as a reset', async () => {
  const whole = await get('/cut/bytes?n=10000');
  expect(whole.body).toHaveLength(10_000);
  expect(whole.headers.get('credits-cost')).toBe('10');
  const cut = await get('/cut/bytes?n=400000', ['x-demo-fault: drip=1']);
  expect(cut.end).toBe('reset');
  expect(cut.body.length).toBeLessThanOrEqual(10_000);
  expect(await newestReceipt(kit)).toMatchObject({ charge: 10, hold: 10, end: 'cut', why: 'bound_reached', bytes: 10_000 });
});

test('a short answer past the bound is no answer: 502, and charged what was let through', async () => {
  const answer = await get('/cut/bytes?n=10001');
  expect(answer.status).toBe(502);
  expect(await newestReceipt(kit)).toMatchObject({ charge: 10, why: 'bound_reached' });
});

test('seconds: cut when they are over, charged at the bound', async () => {
  const answer = await get('/cut/ok', ['x-demo-fault: drip=400,chunked']);
  expect(answer.end).toBe('reset');
  const receipt = await newestReceipt(kit);
  expect(receipt).toMatchObject({ end: 'cut', why: 'bound_reached', hold: 10, charge: 10 });
  const quick = await get('/cut/ok');
  expect(Number(quick.headers.get('credits-cost'))).toBeLessThan(10);
});

test.each([
  ['CSV, where a quoted field may hold a line break', '/plain/rows?format=csv', 1_000, 0.001],
  ['NDJSON', '/cut/rows?format=ndjson', 500, 0.1],
])('%s', async (_name, path, most, rate) => {
  const some = await kit.call(`${path}&n=137`);
  await some.text();
  expect(await receiptOf(kit, some.headers.get('credits-call'))).toMatchObject({
    quantities: { rows: 137 },
    charge: Number((137 * rate).toFixed(6)),
  });
  const full = await kit.call(`${path}&n=${most}`);
  await full.text();
  expect(await receiptOf(kit, full.headers.get('credits-call'))).toMatchObject({ quantities: { rows: most }, end: 'complete' });
  const over = await get(`${path}&n=${most * 3}`, ['x-demo-fault: drip=5']);
  expect(over.end).toBe('reset');
  const receipt = await newestReceipt(kit);
  expect(receipt).toMatchObject({ end: 'cut', why: 'bound_reached', charge: receipt.hold });
});

test('the elements of a list in a JSON answer', async () => {
  const ask = (count: number, fault: string): Promise<Response> =>
    kit.call('/listed/v1/businesses/enrich', {
      method: 'POST',
      headers: { 'x-demo-fault': fault },
      body: JSON.stringify({ business_ids: Array.from({ length: count }, (_, at) => `b${at}`) }),
    });
  const some = await ask(12, '');
  expect(((await some.json()) as { data: unknown[] }).data).toHaveLength(12);
  expect(some.headers.get('credits-cost')).toBe('1.2');
  const over = await ask(50, 'drip=5,chunked');
  await expect(over.text()).rejects.toThrow();
  expect(await newestReceipt(kit)).toMatchObject({ end: 'cut', why: 'bound_reached', charge: 2, hold: 2 });
});

test('rows that are not there to count are no zero: another form than the card says counts at the bound', async () => {
  const answer = await kit.call('/cut/rows?format=csv&n=3');
  await answer.text();
  expect(await receiptOf(kit, answer.headers.get('credits-call'))).toMatchObject({ charge: 50, flags: ['quantity_missing'] });
});
