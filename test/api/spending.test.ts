// Balance, estimates, calls and receipts, as those who spend see them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ credits: 100, upstream: ['--pace-ms', '0'] });
  api = checkedApi(kit);
});
afterAll(() => kit.close());

const chat = { model: 'gpt-4o', max_completion_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
const json = { 'content-type': 'application/json' };

test('balance: what is available, from where, and where the caps of the key stand', async () => {
  const key = await kit.makeKey({
    scope: 'spend',
    caps: [
      { window: 'day', limit: 3 },
      { window: 'lifetime', limit: 10 },
    ],
  });
  const headers = { authorization: `Bearer ${key.text}` };
  expect((await kit.call('/plain/ok', { headers })).status).toBe(200);
  expect((await kit.call('/plain/ok', { headers })).status).toBe(200);
  const { body } = await api('GET', 'balance', undefined, key.text);
  expect(body).toMatchObject({
    organization: 'main',
    available: 98,
    held: 0,
    sources: [{ account: 'pool:main', available: 98, held: 0 }],
  });
  expect(body.key).toMatchObject({ id: key.id, scope: 'spend', workspace: 'main' });
  const midnight = new Date(new Date().setUTCHours(24, 0, 0, 0)).toISOString();
  expect(body.key.caps).toEqual([
    { window: 'day', limit: 3, used: 2, resetsAt: midnight },
    { window: 'lifetime', limit: 10, used: 2, resetsAt: null },
  ]);
  // What is shown is what is enforced: the third fits, the fourth does not, and says the same reset.
  expect((await kit.call('/plain/ok', { headers })).status).toBe(200);
  const short = await kit.call('/plain/ok', { headers });
  expect(short.status).toBe(402);
  expect(await short.json()).toMatchObject({ available: 0, resetsAt: midnight, scope: { kind: 'key', cap: 'day' } });
});

test('a rotated key goes on in the caps of the one before it', async () => {
  const key = await kit.makeKey({ scope: 'spend', caps: [{ window: 'lifetime', limit: 1 }] });
  expect((await kit.call('/plain/ok', { headers: { authorization: `Bearer ${key.text}` } })).status).toBe(200);
  const { body } = await api('POST', `keys/${key.id}/rotate`, { overlap: '1m' });
  expect((await kit.call('/plain/ok', { headers: { authorization: `Bearer ${body.text}` } })).status).toBe(402);
});

test('one estimate is what a dry run says and what a call is then held at', async () => {
  const path = '/openai/v1/chat/completions';
  const { body: estimate } = await api('POST', 'estimates', { call: { method: 'POST', path, body: chat } }, kit.spendKey);
  const dry = await kit.call(path, { method: 'POST', headers: { ...json, 'credits-dry-run': '?1' }, body: JSON.stringify(chat) });
  expect(await dry.json()).toEqual(estimate);
  expect(kit.upstream.log().filter(({ path: seen }) => seen === '/v1/chat/completions')).toEqual([]);
  const call = await kit.call(path, { method: 'POST', headers: json, body: JSON.stringify(chat) });
  expect(Number(call.headers.get('credits-hold'))).toBe(estimate.quote);
  expect(Number(call.headers.get('credits-cost'))).toBeLessThanOrEqual(estimate.quote);
  const { body: learnt } = await api('POST', 'estimates', { call: { method: 'POST', path, body: chat } }, kit.spendKey);
  expect(learnt.estimate.expected).toBe(Number(call.headers.get('credits-cost')));
});

test('what was learnt of one id is asked of five as five, alone and over a schedule', async () => {
  const path = '/records/v1/businesses/enrich';
  const of = (ids: number): string[] => Array.from({ length: ids }, (_, index) => `b-${index}`);
  const ask = async (more: object = {}) => {
    const call = { method: 'POST', path, body: { business_ids: of(5) } };
    return (await api('POST', 'estimates', { call, ...more }, kit.spendKey)).body;
  };
  expect(await ask()).toMatchObject({ estimate: { low: 0, expected: null, high: 10 }, quote: 10 });
  for (let calls = 0; calls < 2; calls += 1) {
    const answer = await kit.call(path, { method: 'POST', headers: json, body: JSON.stringify({ business_ids: of(1) }) });
    expect(answer.headers.get('credits-cost')).toBe('2');
  }
  expect(await ask()).toMatchObject({ estimate: { low: 10, expected: 10, high: 10 }, quote: 10 });
  const { schedule } = await ask({ schedule: { cron: '0 9 1 * *' } });
  expect(schedule.credits).toEqual({ low: 10, expected: 10, high: 10 });
});

test('many estimates: each as alone, with the sum; one without a price leaves no sum', async () => {
  const fixed = { method: 'GET', path: '/plain/ok' };
  const { body } = await api('POST', 'estimates', { calls: [fixed, { ...fixed, path: '/plain/ok?size=dear' }] }, kit.spendKey);
  expect(body.estimates.map(({ quote }: { quote: number }) => quote)).toEqual([1, 75]);
  expect(body.total).toEqual({ low: 76, expected: 76, high: 76, quote: 76 });
  const { body: mixed } = await api('POST', 'estimates', { calls: [fixed, { ...fixed, path: '/plain/nothing' }] }, kit.spendKey);
  expect(mixed.total).toBeNull();
  expect(mixed.estimates[1]).toMatchObject({
    would: 'refuse',
    refusal: { code: 'unpriced_operation', closest: 'GET /plain/ok' },
  });
});

test('an estimate says where the call would be refused, with what would fit', async () => {
  const call = { method: 'POST', path: '/openai/v1/chat/completions', body: { ...chat, max_completion_tokens: 100_000 } };
  const { body } = await api('POST', 'estimates', { call }, kit.spendKey);
  expect(body).toMatchObject({ would: 'refuse', refusal: { code: 'insufficient_credits' } });
  expect(body.refusal.fits.max_completion_tokens).toBeGreaterThan(10_000);
  const limited = { method: 'GET', path: '/plain/ok', headers: { 'Credits-Max': '0.5' } };
  expect((await api('POST', 'estimates', { call: limited }, kit.spendKey)).body.refusal.code).toBe('call_maximum');
});

test('estimates refuse what calls refuse, and name the field of what is not understood', async () => {
  const at = async (body: unknown): Promise<unknown> => refused(await api('POST', 'estimates', body, kit.spendKey));
  const path = '/openai/v1/chat/completions';
  expect(await at({ call: { method: 'POST', path, body: { ...chat, model: 'gpt-9' } } })).toEqual([
    400,
    'value_unknown',
    'body.model',
  ]);
  expect(await at({ call: { method: 'GET', path: '/plain/../secret' } })).toEqual([400, 'path_ambiguous', undefined]);
  expect(await at({ call: { method: 'BREW', path } })).toEqual([422, 'input_invalid', 'body.call.method']);
  expect(await at({ calls: [] })).toEqual([422, 'input_invalid', 'body.calls']);
  expect(await at({ calls: Array.from({ length: 201 }, () => ({ method: 'GET', path: '/plain/ok' })) })).toEqual([
    422,
    'input_invalid',
    'body.calls',
  ]);
  expect(await at('{"call":')).toEqual([400, 'body_unreadable', undefined]);
  expect(await at(JSON.stringify({ call: { method: 'GET', path: '/plain/ok', body: 'x'.repeat(1_000_001) } }))).toEqual([
    413,
    'body_too_large',
    undefined,
  ]);
});

test('a receipt: what was measured, its arithmetic, who paid, and the balance before and after', async () => {
  const answer = await kit.call('/openai/v1/chat/completions', {
    method: 'POST',
    headers: { ...json, baggage: 'scenario=report' },
    body: JSON.stringify(chat),
  });
  const { usage } = (await answer.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  const { body: receipt } = await api('GET', `calls/${answer.headers.get('credits-call')}`, undefined, kit.spendKey);
  const charge = (usage.prompt_tokens * 500 + usage.completion_tokens * 2_000) / 1_000_000;
  expect(receipt).toMatchObject({
    state: 'settled',
    charge,
    status: 200,
    end: 'complete',
    labels: { scenario: 'report' },
    flags: [],
  });
  expect(receipt.quantities).toMatchObject({ input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens });
  expect(
    receipt.lines.map(({ credits }: { credits: string }) => Number(credits)).reduce((a: number, b: number) => a + b),
  ).toBeCloseTo(charge, 9);
  expect(receipt.paidBy).toEqual([{ account: 'pool:main', grant: expect.any(String), amount: charge }]);
  expect(Math.round((receipt.availableBefore - receipt.availableAfter) * 1e6)).toBe(Math.round(charge * 1e6));
});

test('wait: answers as soon as the call has ended, and after the time where it has not', async () => {
  const fault = { 'x-demo-fault': 'slow=700' };
  const under = kit.call('/plain/ok', { headers: fault });
  let open: { id: string }[] = [];
  await expect
    .poll(async () => {
      open = (await api('GET', 'calls?state=open', undefined, kit.spendKey)).body.calls;
      return open.length;
    })
    .toBe(1);
  const id = open[0]?.id ?? '';
  expect((await api('GET', `calls/${id}`, undefined, kit.spendKey)).body).toMatchObject({
    state: 'open',
    charge: null,
    lines: [],
  });
  const startedAt = Date.now();
  expect((await api('GET', `calls/${id}?wait=20s`, undefined, kit.spendKey)).body).toMatchObject({ state: 'settled', charge: 1 });
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  await under;
  expect(refused(await api('GET', `calls/${id}?wait=31s`, undefined, kit.spendKey))).toEqual([
    422,
    'input_invalid',
    'query.wait',
  ]);
});

test('lists: pages, filters, and only what the key may see; of others, not even that they exist', async () => {
  const other = await kit.makeKey({ scope: 'spend', workspace: 'others' });
  const mine = await kit.makeKey({ scope: 'spend' });
  const view = await kit.makeKey({ scope: 'view', workspace: 'others' });
  for (const text of [other.text, mine.text, mine.text, mine.text])
    await kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } });
  const list = async (query: string, key: string): Promise<{ calls: { id: string; key: string }[]; next: string | null }> =>
    (await api('GET', `calls${query}`, undefined, key)).body;
  const first = await list('?limit=2', mine.text);
  const rest = await list(`?limit=2&before=${first.next}`, mine.text);
  expect([first.calls.length, rest.calls.length, rest.next]).toEqual([2, 1, null]);
  expect(new Set([...first.calls, ...rest.calls].map(({ id }) => id)).size).toBe(3);
  const theirs = (await list('', view.text)).calls;
  expect(theirs.map(({ key }) => key)).toEqual([other.id]);
  expect(await list(`?key=${other.id}`, mine.text)).toEqual({ calls: [], next: null });
  expect(await list('?workspace=main', view.text)).toEqual({ calls: [], next: null });
  expect((await list(`?key=${other.id}`, kit.operateKey)).calls).toHaveLength(1);
  expect((await list('?operation=chat.complete', mine.text)).calls).toEqual([]);
  const hidden = await api('GET', `calls/${theirs[0]?.id}`, undefined, mine.text);
  const absent = await api('GET', 'calls/0000-nothing', undefined, mine.text);
  const neighbour = await kit.makeKey({ scope: 'spend' });
  const beside = await api('GET', `calls/${first.calls[0]?.id}`, undefined, neighbour.text);
  expect([hidden.status, absent.status, beside.status]).toEqual([404, 404, 404]);
  expect((await api('GET', `calls/${theirs[0]?.id}`, undefined, view.text)).status).toBe(200);
  expect(refused(await api('GET', 'calls?operatoin=x', undefined, mine.text))).toEqual([422, 'input_invalid', 'query.operatoin']);
  expect(refused(await api('GET', 'balance?currency=EUR', undefined, mine.text))).toEqual([
    422,
    'input_invalid',
    'query.currency',
  ]);
});

test('a job: open under its id until its status tells, then charged with who told it', async () => {
  const key = { 'x-dune-api-key': kit.spendKey, authorization: '' };
  const post = { method: 'POST', headers: { ...key, ...json, 'x-demo-fault': 'executes=50' }, body: '{"performance":"medium"}' };
  const started = await fetch(`${kit.url}/dune/api/v1/query/7/execute`, post);
  const id = started.headers.get('credits-call');
  const { execution_id: job } = (await started.json()) as { execution_id: string };
  expect((await api('GET', `calls/${id}`, undefined, kit.spendKey)).body).toMatchObject({ state: 'open', job, hold: 28 });
  await expect
    .poll(
      async () =>
        ((await (await fetch(`${kit.url}/dune/api/v1/execution/${job}/status`, { headers: key })).json()) as { state: string })
          .state,
    )
    .toBe('QUERY_STATE_COMPLETED');
  const { body } = await api('GET', `calls/${id}?wait=5s`, undefined, kit.spendKey);
  expect(body).toMatchObject({ state: 'settled', charge: 10.0005, labels: { query_id: '7' }, reportedBy: expect.any(String) });
});

test('prices: every operation in words, and never where it goes', async () => {
  const { body } = await api('GET', 'prices', undefined, null);
  const operations = body.services.flatMap(({ operations: all }: { operations: { id: string; rates: string[] }[] }) => all);
  const rates = (wanted: string): string[] => operations.find(({ id }: { id: string }) => id === wanted).rates;
  expect(rates('query.execute')).toEqual([
    '10 credits per call with body.performance medium',
    '20 credits per call with body.performance large',
    'without body.performance, as medium',
    '0.01 credits per compute_seconds',
  ]);
  expect(rates('plain.bytes')).toEqual(['0.01 credits per 1 MB bytes']);
  expect(JSON.stringify(body)).not.toContain(new URL(kit.upstream.origin).port);
});
