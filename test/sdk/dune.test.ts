// The official SDK `@duneanalytics/client-sdk`. Its base URL is fixed, so its fetch is rerouted; absolute links are followed as they stand.
import { DuneClient, DuneError, ExecutionState, QueryEngine } from '@duneanalytics/client-sdk';
import { afterAll, expect, test, vi } from 'vitest';
import { arrivals, callsOf, endedAt, expectNoHold, metric, receiptOf, until } from '../http/books.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ credits: 50_000 });
const urls: string[] = [];
const answers: Response[] = [];
const real = globalThis.fetch;
let fault = '';
vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
  const to = url.replace('https://api.dune.com', `${kit.url}/dune`);
  const { pathname } = new URL(to);
  // What this test itself asks of the gateway and of the upstream goes as it is.
  if (!pathname.includes('/api/v1/')) return real(url, init);
  urls.push(to);
  const headers = { ...(init.headers as object), 'x-demo-fault': fault, 'x-demo-call': `dune-${urls.length}` };
  const answer = await real(to, { ...init, headers });
  answers.push(answer);
  return answer;
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await kit.close();
});
const client = new DuneClient(kit.spendKey);
const lastCall = (): string | null | undefined => answers.at(-1)?.headers.get('credits-call');

test('execute, status, results: the fixed price and the compute seconds of the execution, the formula for its results', async () => {
  fault = 'executes=200,rows=40';
  const { execution_id: id } = await client.exec.executeQuery(31, { performance: QueryEngine.Large });
  const executed = lastCall();
  fault = '';
  const status = await until('the end of the query', async () => {
    const now = await client.exec.getExecutionStatus(id);
    return now.state === ExecutionState.COMPLETED ? now : undefined;
  });
  const { execution_time_millis: ms } = status as unknown as { execution_time_millis: number };
  expect(ms).toBe(200);
  // 20 credits for the engine, 0.01 for each second.
  expect(Math.round((await receiptOf(kit, executed)).charge * 1e6)).toBe(20_000_000 + ms * 10);
  const results = await client.exec.getExecutionResults(id);
  expect(results.result?.rows).toHaveLength(40);
  const { bytesOut } = (await endedAt(kit, `dune-${urls.length}`)) as { bytesOut: number };
  // max(rows × columns, bytes begun by the hundred) thousandths of a credit.
  expect(Math.round((await receiptOf(kit, lastCall())).charge * 1e6)).toBe(Math.max(40 * 5, Math.ceil(bytesOut / 100)) * 1_000);
});

test('runQuery does it all, and what it returns is what the upstream has', async () => {
  fault = 'executes=1,rows=12';
  const results = await client.runQuery({ queryId: 32, opts: { pingFrequency: 0.1 } });
  fault = '';
  expect(results.state).toBe(ExecutionState.COMPLETED);
  const direct = await real(`${kit.upstream.origin}/api/v1/execution/${results.execution_id}/results`, {
    headers: { 'x-dune-api-key': 'x' },
  });
  expect(results).toEqual(await direct.json());
  const executed = (await callsOf(kit)).find((call) => call.operation === 'query.execute');
  expect(executed).toMatchObject({ state: 'settled', charge: 10.00001 });
});

test('pages are followed through the gateway by the upstream’s own links', async () => {
  fault = 'executes=1,rows=25';
  const { execution_id: id } = await client.exec.executeQuery(33);
  fault = '';
  await until('the end of the query', async () =>
    (await client.exec.getExecutionStatus(id)).state === ExecutionState.COMPLETED ? true : undefined,
  );
  const first = await client.exec.getExecutionResults(id, { limit: 10 });
  expect(first.next_uri?.startsWith(`${kit.url}/dune/api/v1/execution/${id}/results`)).toBe(true);
  const second = await real(first.next_uri ?? '', { headers: { 'x-dune-api-key': kit.spendKey } });
  expect(((await second.json()) as { result: { rows: unknown[] } }).result.rows).toHaveLength(10);
});

test("a 402 is the SDK's own error with our message, after exactly one request", async () => {
  const poor = await kit.makeKey({ scope: 'spend', caps: [{ window: 'day', limit: 5 }] });
  const counter = 'tollgate_refusals_total{code="insufficient_credits"}';
  const before = await metric(kit, counter);
  const arrived = arrivals(kit).length;
  const error: unknown = await new DuneClient(poor.text).exec.executeQuery(34).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DuneError);
  expect((error as Error).message).toMatch(/402.*This call can cost up to 28 credits; 5 are left in the day cap/);
  expect(await metric(kit, counter)).toBe(before + 1);
  expect(arrivals(kit)).toHaveLength(arrived);
});

test('every address was the gateway’s, and nothing is held', async () => {
  expect(urls.length).toBeGreaterThan(8);
  expect(urls.every((url) => url.startsWith(`${kit.url}/dune/`))).toBe(true);
  expect(JSON.stringify(kit.upstream.log())).not.toContain('tg_spend');
  await expectNoHold(kit);
});
