// Routes without a price, and things that another workspace made.
import { afterAll, expect, test } from 'vitest';
import { arrivals, callsOf, metric, receiptOf } from './books.ts';
import { KIT_CARD } from './card.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const kit = await startGateway();
const kits: GatewayKit[] = [kit];
afterAll(() => Promise.all(kits.map((one) => one.close())));

test('no price is not a price of zero: refused, with the closest operation, and counted', async () => {
  const answer = await kit.call('/openai/v1/chat/completion', { method: 'POST', body: '{}' });
  expect(answer.status).toBe(404);
  const body = (await answer.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ code: 'unpriced_operation', closest: 'POST /openai/v1/chat/completions' });
  expect(String(body['message'])).toContain('POST /openai/v1/chat/completions');
  expect(await metric(kit, 'tollgate_unpriced_calls_total{service="openai"}')).toBe(1);
});

test.each([
  ['another method', 'DELETE', '/plain/ok'],
  ['HEAD of a POST', 'HEAD', '/plain/echo'],
  ['OPTIONS without an origin', 'OPTIONS', '/plain/ok'],
  ['the service alone', 'GET', '/plain'],
  ['no service', 'GET', '/elsewhere'],
  ['half of a service', 'GET', '/plainer/ok'],
])('%s', async (_name, method, path) => {
  expect((await kit.call(path, { method })).status).toBe(404);
  expect(arrivals(kit)).toEqual([]);
});

test('a card that says flag lets it through at nothing, recorded and counted', async () => {
  const flagging = await startGateway({ card: KIT_CARD.replace('card: kit', 'card: kit\nunpriced: flag'), credits: 0 });
  kits.push(flagging);
  const answer = await flagging.call('/plain/rows?n=2&format=json');
  expect(answer.status).toBe(402);
  const flagged = await flagging.call('/openai/v1/files');
  expect(flagged.status).toBe(200);
  expect(flagged.headers.get('credits-cost')).toBe('0');
  expect(await receiptOf(flagging, flagged.headers.get('credits-call'))).toMatchObject({
    operation: 'unpriced',
    reason: 'Unpriced',
    state: 'settled',
    charge: 0,
  });
  expect(await metric(flagging, 'tollgate_unpriced_calls_total{service="openai"}')).toBe(1);
});

test('what one workspace made does not exist for another, and asking is free', async () => {
  const executed = await kit.call('/dune/api/v1/query/7/execute', { method: 'POST', body: '{}' });
  const { execution_id: id } = (await executed.json()) as { execution_id: string };
  const stranger = await kit.makeKey({ scope: 'spend', workspace: 'strangers' });
  const before = arrivals(kit).length;
  const theirs = { 'x-dune-api-key': stranger.text, authorization: `Bearer ${stranger.text}` };
  const absent = await kit.call('/dune/api/v1/execution/01NEVERMADE/status', { headers: theirs });
  for (const path of [`/dune/api/v1/execution/${id}/status`, `/dune/api/v1/execution/${id}/results`]) {
    const answer = await kit.call(path, { headers: theirs });
    expect(answer.status).toBe(404);
    const body = (await answer.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ code: 'not_found' });
    expect(JSON.stringify(body)).not.toContain('main');
  }
  // The answer is the same for what never was.
  expect(absent.status).toBe(404);
  expect(arrivals(kit)).toHaveLength(before);
  expect((await callsOf(kit)).filter((call) => call.workspace === 'strangers')).toEqual([]);
  expect((await kit.call(`/dune/api/v1/execution/${id}/status`)).status).toBe(200);
});
