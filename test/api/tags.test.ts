// GET tags: rules, what can be priced, and a rate card from which a browser prices what the gateway would.
import { quoteCall } from '@tollgate/shared/quote';
import { factsOf } from '@tollgate/shared/operation-call';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { tags as tagsShape, type Tags } from '@tollgate/shared/tags-contract';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi } from './checked.ts';
import { CARD } from './plans.ts';

const TILES = `
  tiles:
    path: /tiles
    upstream: records
    credential: x-secret-place
    operations:
      - { id: tile.draw, match: POST /draw, price: [{ by: plan, is: { team: 1, bigger: 2 }, absent: team, unknown: most }] }
plans:`;
const TAGS = `
tags:
  - on: https://dune.example/queries/*
    via: none
    tag: { selector: "button.run", operation: query.execute, inputs: { performance: "select#engine" } }
  - on: https://app.example/*
    via: gateway
    tag:
      selector: "#refresh"
      sum: { operation: query.execute, for_each: "[data-query]", inputs: { query_id: { read: attribute, attribute: data-query } } }
      schedule: { every: "#hours", unit: hours }
golden:
  - { call: GET /plain/ok, costs: 1 }
`;

let kit: GatewayKit;
let api: GatewayKit['api'];
beforeAll(async () => {
  kit = await startGateway({ card: `${CARD.replace('\nplans:', TILES)}${TAGS}`, credits: 1_000 });
  api = checkedApi(kit);
});
afterAll(() => kit.close());

const read = async (): Promise<Tags> => tagsShape.parse((await api('GET', 'tags', undefined, kit.spendKey)).body);

function loaded({ card, rateCard }: Tags): RateCard {
  const outcome = loadRateCard(card, { file: 'card.json', version: rateCard.version });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.card;
}

test('rules with their sums written out', async () => {
  expect((await read()).tags).toEqual([
    {
      id: 'tags[0]',
      on: 'https://dune.example/queries/*',
      via: 'none',
      selector: 'button.run',
      parts: [{ operation: 'query.execute', inputs: { performance: 'select#engine' }, forEach: null }],
      schedule: null,
    },
    {
      id: 'tags[1]',
      on: 'https://app.example/*',
      via: 'gateway',
      selector: '#refresh',
      parts: [
        {
          operation: 'query.execute',
          inputs: { query_id: { read: 'attribute', attribute: 'data-query' } },
          forEach: '[data-query]',
        },
      ],
      schedule: { every: '#hours', unit: 'hours' },
    },
  ]);
});

test('what can be priced, with the fields and values to choose from', async () => {
  const { operations } = await read();
  expect(operations.find(({ id }) => id === 'query.execute')).toEqual({
    id: 'query.execute',
    service: 'dune',
    reason: 'Queries',
    method: 'POST',
    path: '/dune/api/v1/query/{query_id}/execute',
    fields: [
      { name: 'body.performance', values: ['medium', 'large'], absent: 'medium' },
      { name: 'path.query_id', values: null, absent: null },
    ],
    quantities: ['compute_seconds'],
  });
  expect(operations.find(({ id }) => id === 'results.export')?.fields).toEqual([
    { name: 'query.limit', values: null, absent: 25_000 },
    { name: 'path.id', values: null, absent: null },
  ]);
});

test('the card prices what the gateway would hold, operation by operation', async () => {
  const card = loaded(await read());
  const inputs: Readonly<Record<string, Record<string, string | number>>> = {
    'chat.complete': { model: 'gpt-4o', max_completion_tokens: 50, 'body.messages': 'Grüße' },
    'response.create': { model: 'gpt-4o-mini' },
    'messages.create': { max_tokens: '30' },
    'query.execute': { performance: 'large', query_id: 'a b' },
    'results.export': { limit: 10, id: 'x' },
    'businesses.enrich': { business_ids: 7 },
  };
  const operations = card.services.flatMap((service) => service.operations);
  expect(operations.length).toBeGreaterThan(12);
  let priced = 0;
  for (const operation of operations) {
    const call = { inputs: inputs[operation.id] ?? {}, quantities: {} };
    const facts = factsOf(operation, call, { labels: {}, plan: null });
    const here = 'code' in facts ? { ok: false as const, refusal: facts } : quoteCall(operation, facts.params, facts.request);
    const { body: there } = await api('POST', 'estimates', { call: { operation: operation.id, ...call } }, kit.spendKey);
    if (here.ok) {
      priced += 1;
      expect([operation.id, here.quote.ceiling / 1e6, here.quote.exact]).toEqual([operation.id, there.quote, there.exact]);
    } else expect([operation.id, here.refusal.code]).toEqual([operation.id, there.code]);
  }
  expect(priced).toBeGreaterThan(10);
});

test('a price by plan is priced for each plan, and of plans nothing is told but their names', async () => {
  const shown = await read();
  const card = loaded(shown);
  const operation = card.services.flatMap((service) => service.operations).find(({ id }) => id === 'tile.draw');
  if (operation === undefined) throw new Error('no tiles');
  const cost = (plan: string | null): unknown => {
    const facts = factsOf(operation, { inputs: {}, quantities: {} }, { labels: {}, plan });
    if ('code' in facts) throw new Error(facts.message);
    const outcome = quoteCall(operation, facts.params, facts.request);
    return outcome.ok && outcome.quote.ceiling / 1e6;
  };
  expect([cost('team'), cost('bigger'), cost('yearly'), cost(null)]).toEqual([1, 2, 2, 1]);
  expect([...card.plans.keys()]).toEqual(['team', 'bigger', 'yearly']);
  for (const hidden of ['USD', 'allowance', 'golden', 'x-secret-place', '"upstream":"openai"', 'packages', 'queries/*'])
    expect(shown.card).not.toContain(hidden);
});

test('whoever has the tags of the card in force is told so, and of another card gets them', async () => {
  const ask = (etag: string): Promise<Response> =>
    fetch(`${kit.url}/tollgate/v1/tags`, { headers: { authorization: `Bearer ${kit.spendKey}`, 'if-none-match': etag } });
  const first = await ask('"another"');
  const etag = first.headers.get('etag') ?? '';
  const { version } = ((await first.json()) as Tags).rateCard;
  expect(etag).toContain(version);
  const again = await ask(etag);
  expect([again.status, await again.text()]).toEqual([304, '']);
  writeFileSync(kit.cardFile, `${CARD}tags: []\n`);
  await api('POST', 'card/reload');
  const other = await ask(etag);
  expect(other.status).toBe(200);
  expect(((await other.json()) as Tags).tags).toEqual([]);
});
