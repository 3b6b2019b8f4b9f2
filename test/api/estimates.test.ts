// Estimates by operation and inputs, as price tags ask for them: what they say is what the call is then held at.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi, refused } from './checked.ts';
import { CARD } from './plans.ts';

const TILES = `
  tiles:
    path: /tiles
    upstream: records
    operations:
      - id: tile.draw
        match: POST /draw
        price: [{ by: plan, is: { team: 1, bigger: 2 }, absent: bigger }]
        free: [{ when: "label.agent == 'sidekick'", because: the sidekick is free }]
      - { id: tile.keep, match: PUT /keep, price: [{ per: request_bytes, rate: 0.5 }] }
plans:`;

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ card: CARD.replace('\nplans:', TILES), credits: 1_000, upstream: ['--pace-ms', '0'] });
  api = checkedApi(kit);
});
afterAll(() => kit.close());

interface Said {
  would: string;
  refusal?: { code: string; field?: string };
}

const ask = async (call: object, more: object = {}) => (await api('POST', 'estimates', { call, ...more }, kit.spendKey)).body;

test('by operation it says what it says of the call itself', async () => {
  const path = '/dune/api/v1/query/7/execute';
  const whole = await ask({ method: 'POST', path, body: { performance: 'large' } });
  expect(await ask({ operation: 'query.execute', inputs: { performance: 'large', query_id: 7 } })).toEqual(whole);
  expect(whole).toMatchObject({
    operation: 'query.execute',
    exact: false,
    estimate: { low: 20, expected: null, high: 38 },
    quote: 38,
    would: 'admit',
    available: 962,
    pays: [{ kind: 'pool', credits: 38 }],
    lines: [
      { rate: 'query.execute.price[0]', arithmetic: '20 per call (large)', credits: '20' },
      { rate: 'query.execute.price[1]', credits: '18', quantity: { name: 'compute_seconds', value: 1800, how: 'bound' } },
    ],
  });
  const call = await kit.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ performance: 'large' }),
  });
  expect(Number(call.headers.get('credits-hold'))).toBe(whole.quote);
});

test('quantities that are known change what is expected, and nothing that is held', async () => {
  const call = { operation: 'query.execute', inputs: { performance: 'medium' }, quantities: { compute_seconds: 50 } };
  expect(await ask(call)).toMatchObject({ estimate: { low: 10.5, expected: 10.5, high: 10.5 }, quote: 28 });
});

test("what names no thing yet is estimated, and somebody else's thing is nothing here", async () => {
  await kit.grant(1_000);
  expect(await ask({ operation: 'results.export', inputs: { limit: 20 } })).toMatchObject({ would: 'admit' });
  const named = await ask({ operation: 'results.export', inputs: { limit: 20, id: 'of-others' } });
  expect(named).toMatchObject({ would: 'refuse', refusal: { code: 'not_found', field: 'path.id' } });
});

test('who pays: own credits before the pool, and extra credits last', async () => {
  await api('POST', 'organizations', { id: 'acme', plan: 'team', extraLimit: 50 });
  await api('POST', 'users?organization=acme', { id: 'ann', name: 'Ann', workspace: 'main' });
  await api('POST', 'seats?organization=acme', { id: 's', type: 'pro', user: 'ann' });
  const { text } = (await api('POST', 'keys?organization=acme', { id: 'anns', scope: 'spend', user: 'ann' })).body;
  const of = async (ids: number) => {
    const call = { operation: 'businesses.enrich', inputs: { business_ids: ids } };
    return (await api('POST', 'estimates', { call }, text)).body;
  };
  expect((await of(10)).pays).toEqual([{ kind: 'individual', credits: 20 }]);
  expect((await of(60)).pays).toEqual([
    { kind: 'individual', credits: 80 },
    { kind: 'pool', credits: 40 },
  ]);
  expect((await of(100)).pays).toEqual([
    { kind: 'individual', credits: 80 },
    { kind: 'pool', credits: 100 },
    { kind: 'extra', credits: 20 },
  ]);
  const short = await of(200);
  expect(short).toMatchObject({ would: 'refuse', refusal: { code: 'insufficient_credits' } });
  expect(short.pays).toBeUndefined();
});

test('the plan of who pays and the labels that are fixed on their key decide, as they would of the call', async () => {
  const quoteOf = async (key: string): Promise<number> =>
    (await api('POST', 'estimates', { call: { operation: 'tile.draw' } }, key)).body.quote;
  expect(await quoteOf(kit.spendKey)).toBe(2);
  expect(await quoteOf((await kit.makeKey({ scope: 'spend', labels: { agent: 'sidekick' } })).text)).toBe(0);
  await api('POST', 'organizations', { id: 'planned', plan: 'team' });
  const { text } = (await api('POST', 'keys?organization=planned', { id: 'planned', scope: 'spend' })).body;
  expect(await quoteOf(text)).toBe(1);
});

test('what goes by the length of a body is exact for a whole call, and never by inputs alone', async () => {
  expect(await ask({ method: 'PUT', path: '/tiles/keep', body: { at: 1 } })).toMatchObject({ exact: true, quote: 4 });
  expect(await ask({ operation: 'tile.keep', inputs: { 'body.at': 1 } })).toMatchObject({ exact: false, quote: 4 });
});

test('an interval beside one call', async () => {
  const { schedule } = await ask({ operation: 'plain.ok' }, { schedule: { every: '1d' } });
  const days = (Date.parse(schedule.until) - Date.parse(schedule.from)) / 86_400_000;
  expect(schedule).toMatchObject({ runs: days, credits: { low: days, expected: days, high: days } });
  const at = async (often: object): Promise<unknown> =>
    refused(await api('POST', 'estimates', { call: { operation: 'plain.ok' }, schedule: often }, kit.spendKey));
  expect(await at({ every: '15s' })).toEqual([422, 'input_invalid', 'body.schedule.every']);
  expect(await at({ every: '1d', cron: '0 9 * * *' })).toEqual([422, 'input_invalid', 'body.schedule']);
  expect(await at({ every: '1d', timeZone: 'Mars' })).toEqual([422, 'input_invalid', 'body.schedule.timeZone']);
});

test('what the rate card does not have is a refusal of its own, beside those that have a price', async () => {
  const calls = [
    { operation: 'plain.ok' },
    { operation: 'plain.okay' },
    { operation: 'query.execute', inputs: { preformance: 'large' } },
    { operation: 'query.execute', inputs: { performance: 'huge' } },
    { operation: 'query.execute', quantities: { rows: 1 } },
  ];
  const { body } = await api('POST', 'estimates', { calls }, kit.spendKey);
  expect(body.total).toBeNull();
  expect(body.estimates.map(({ would, refusal }: Said) => [would, refusal?.code, refusal?.field])).toEqual([
    ['admit', undefined, undefined],
    ['refuse', 'not_found', 'operation'],
    ['refuse', 'field_invalid', 'preformance'],
    ['refuse', 'value_unknown', 'body.performance'],
    ['refuse', 'field_invalid', 'quantity.rows'],
  ]);
  expect(body.estimates[1].refusal.message).toContain('Did you mean "plain.ok"?');
});

test('the tags of a large page in one request are cheap, also where a hundred past calls tell of each', async () => {
  const path = '/records/v1/businesses/enrich';
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ business_ids: ['b-1'] });
  for (let round = 0; round < 4; round += 1)
    await Promise.all(Array.from({ length: 25 }, async () => (await kit.call(path, { method: 'POST', headers, body })).text()));
  const calls = Array.from({ length: 200 }, (_, index) => ({
    operation: 'businesses.enrich',
    inputs: { business_ids: index + 1 },
  }));
  const took: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const from = performance.now();
    const answer = await kit.api('POST', 'estimates', { calls }, kit.spendKey);
    took.push(performance.now() - from);
    expect(answer.body.estimates).toHaveLength(200);
    expect(answer.body.estimates[99].estimate).toEqual({ low: 200, expected: 200, high: 200 });
  }
  const best = Math.min(...took);
  console.log(`200 estimates in ${best.toFixed(0)} ms`);
  expect(best).toBeLessThan(1_500);
});
