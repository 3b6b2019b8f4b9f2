// Absolute links of the upstream lead back through the gateway: a client that followed one past it would send its key there.
import { afterAll, expect, test } from 'vitest';
import { cardWith } from './card.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

// Results are bounded by 100 MB, which holds a thousand credits.
const kit = await startGateway({ credits: 5_000 });
const kits: GatewayKit[] = [kit];
afterAll(() => Promise.all(kits.map((one) => one.close())));

async function results(of: GatewayKit, fault: string, init: RequestInit = {}): Promise<Response> {
  const executed = await of.call('/dune/api/v1/query/5/execute', {
    method: 'POST',
    body: '{}',
    headers: { 'x-demo-fault': 'executes=1,rows=25' },
  });
  const { execution_id: id } = (await executed.json()) as { execution_id: string };
  const path = `/dune/api/v1/execution/${id}`;
  await expect
    .poll(async () => ((await (await of.call(`${path}/status`)).json()) as { state: string }).state)
    .toBe('QUERY_STATE_COMPLETED');
  return of.call(`${path}/results?limit=10`, { ...init, headers: { 'x-demo-fault': fault } });
}

test.each([
  ['a short answer', ''],
  ['a streamed one, in pieces', 'chunked,drip=2'],
])('next_uri of %s can be followed to the end with the client’s own key', async (_name, fault) => {
  let answer = await results(kit, fault);
  const rows: unknown[] = [];
  for (let page = 0; page < 3; page += 1) {
    const text = await answer.text();
    expect(text).not.toContain(kit.upstream.origin);
    const length = answer.headers.get('content-length');
    if (length !== null) expect(Buffer.byteLength(text)).toBe(Number(length));
    const body = JSON.parse(text) as { next_uri?: string; result: { rows: unknown[] } };
    rows.push(...body.result.rows);
    if (page === 2) expect(body.next_uri).toBeUndefined();
    else {
      expect(body.next_uri?.startsWith(`${kit.url}/dune/api/v1/execution/`)).toBe(true);
      answer = await fetch(body.next_uri as string, { headers: { 'x-dune-api-key': kit.spendKey } });
      expect(answer.status).toBe(200);
    }
  }
  expect(rows).toHaveLength(25);
});

test('Location leads back into the service, with its path', async () => {
  const answer = await kit.call('/plain/ok', { headers: { 'x-demo-fault': 'redirect' }, redirect: 'manual' });
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toBe(`${kit.url}/plain/ok`);
});

test('with a public address links lead there', async () => {
  const told = await startGateway({ credits: 5_000, settings: 'public_url: https://api.example.com/\n' });
  kits.push(told);
  const { next_uri: next } = (await (await results(told, '')).json()) as { next_uri: string };
  expect(next.startsWith('https://api.example.com/dune/api/v1/execution/')).toBe(true);
  const moved = await told.call('/plain/ok', { headers: { 'x-demo-fault': 'redirect' }, redirect: 'manual' });
  expect(moved.headers.get('location')).toBe('https://api.example.com/plain/ok');
});

test('an API’s own header for the next page leads back too', async () => {
  const sheets = await startGateway({
    credits: 5_000,
    card: cardWith(`  sheets:
    path: /sheets
    upstream: dune
    operations:
      - { id: sheet.read, match: "GET /api/v1/execution/{id}/results/csv", price: [{ rate: 1 }] }
`),
  });
  kits.push(sheets);
  const json = (await (await results(sheets, '')).json()) as { execution_id: string };
  const answer = await sheets.call(`/sheets/api/v1/execution/${json.execution_id}/results/csv?limit=10`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-dune-next-uri')?.startsWith(`${sheets.url}/sheets/api/v1/execution/`)).toBe(true);
});
