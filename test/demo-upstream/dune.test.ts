import { DuneClient, QueryEngine } from '@duneanalytics/client-sdk';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';

let now = Date.UTC(2026, 10, 20, 9);
const upstream = await startDemoUpstream({ seed: 7, now: () => now });
const client = new DuneClient('demo-dune-key');
const origins: string[] = [];

// The SDK's base URL is fixed, so that its fetch is rerouted; absolute links of the upstream are followed as they stand.
beforeAll(() => {
  const direct = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    origins.push(new URL(url).origin);
    return direct(url.replace('https://api.dune.com', upstream.origin), init);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await upstream.close();
});

test('an execution goes from pending to executing to completed by the clock, and tells its compute time', async () => {
  const { execution_id: id, state } = await client.exec.executeQuery(11, { performance: QueryEngine.Large });
  expect(state).toBe('QUERY_STATE_PENDING');
  now += 100;
  expect(await client.exec.getExecutionStatus(id)).toMatchObject({
    state: 'QUERY_STATE_EXECUTING',
    is_execution_finished: false,
  });
  now += 2000;
  const status = await client.exec.getExecutionStatus(id);
  expect(status).toMatchObject({ state: 'QUERY_STATE_COMPLETED', is_execution_finished: true, query_id: 11 });
  const { execution_time_millis: computeMs } = status as unknown as { execution_time_millis: number };
  expect(computeMs).toBeGreaterThan(50);
  expect(status).toMatchObject({ result_metadata: { execution_time_millis: computeMs, pending_time_millis: 60 } });
});

test('results come page by page, by the upstream’s own absolute links, as JSON and as CSV', async () => {
  await client.exec.executeQuery(12);
  now += 3000;
  const { results } = await client.exec.getLastExecutionResults(12, { limit: 15 });
  const total = results.result?.metadata.total_row_count ?? 0;
  expect(total).toBeGreaterThan(15);
  expect(results.result?.rows).toHaveLength(total);
  expect(origins).toContain(upstream.origin);
  const { data, next_uri: next } = await client.exec.getResultCSV(results.execution_id, { limit: 15 });
  expect(next).toBe(`${upstream.origin}/api/v1/execution/${results.execution_id}/results/csv?limit=15&offset=15`);
  expect(data.trimEnd().split('\n')).toHaveLength(16);
  const whole = await client.exec.getLastResultCSV(12, { limit: 15 });
  expect(whole.data).toContain(results.result?.rows.at(-1)?.['amount_usd']);
});

test('a page that is asked for past the end is empty, and the metadata counts the page', async () => {
  const { execution_id: id } = await client.exec.executeQuery(13);
  now += 3000;
  const page = await client.exec.getExecutionResults(id, { limit: 5, offset: 2 });
  expect(page.result?.metadata).toMatchObject({ row_count: 5, datapoint_count: 25 });
  expect(page.next_offset).toBe(7);
  const past = await client.exec.getExecutionResults(id, { limit: 5, offset: 100_000 });
  expect([past.result?.rows, past.next_uri]).toEqual([[], undefined]);
});

test('refusals and the faults of a query', async () => {
  const post = async (fault: string, body = '{}'): Promise<string> => {
    const headers = { 'x-dune-api-key': 'demo', 'x-demo-fault': fault };
    const response = await fetch(`${upstream.origin}/api/v1/query/5/execute`, { method: 'POST', headers, body });
    return ((await response.json()) as { execution_id: string }).execution_id;
  };
  const failed = await post('fail,executes=10');
  const long = await post('executes=90000,rows=3');
  now += 200;
  expect(await client.exec.getExecutionStatus(failed)).toMatchObject({
    state: 'QUERY_STATE_FAILED',
    is_execution_finished: true,
  });
  expect(await client.exec.getExecutionStatus(long)).toMatchObject({ state: 'QUERY_STATE_EXECUTING' });
  expect(await client.exec.cancelExecution(long)).toBe(true);
  expect(await client.exec.getExecutionStatus(long)).toMatchObject({
    state: 'QUERY_STATE_CANCELLED',
    is_execution_finished: true,
  });
  const get = (path: string, headers: Record<string, string>): Promise<unknown> =>
    fetch(`${upstream.origin}/api/v1/${path}`, { headers }).then((response) => response.status);
  expect(await get('execution/none/status', { 'x-dune-api-key': 'demo' })).toBe(404);
  expect(await get('execution/none/status', {})).toBe(401);
  expect(await get('execution/none/status', { 'x-dune-api-key': 'tg_spend_abc' })).toBe(401);
  const lie = { 'x-dune-api-key': 'demo', 'x-demo-fault': 'usage=negative' };
  const status = await fetch(`${upstream.origin}/api/v1/execution/${failed}/status`, { headers: lie });
  expect(await status.json()).toMatchObject({ execution_time_millis: -11 });
  const more = { 'x-dune-api-key': 'demo', 'x-demo-fault': 'break-bound=4' };
  const done = await post('executes=1,rows=9');
  now += 200;
  const page = await fetch(`${upstream.origin}/api/v1/execution/${done}/results?limit=2`, { headers: more });
  expect(((await page.json()) as { result: { rows: unknown[] } }).result.rows).toHaveLength(6);
});
