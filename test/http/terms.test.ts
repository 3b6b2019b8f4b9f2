// What a call is priced and held under is what counts at the moment of its hold (rule 2): plan, labels of its workspace, windows that turn.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksRight, receiptOf } from './books.ts';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';

const CARD = `card: terms
services:
  data:
    path: /data
    upstream: plain
    operations:
      - id: data.upload
        match: GET /ok
        price: [{ by: plan, is: { free: 20, plus: 10, pro: 2 }, absent: pro }]
      - id: data.read
        match: GET /rows
        price: [{ by: label.agent, is: { sidekick: 1, other: 5 }, absent: other }]
plans:
  free: { every: month, pool: 100, draw: [pool] }
  plus: { every: month, pool: 1000, draw: [pool] }
  pro: { every: month, pool: 10000, draw: [pool] }
`;
let kit: ClockedGatewayKit;
const change = (body: object) => kit.api('PATCH', 'organizations/main', body);
const costOf = async (path: string, key = kit.spendKey): Promise<string | null> =>
  (await kit.call(path, { headers: { authorization: `Bearer ${key}` } })).headers.get('credits-cost');

beforeAll(async () => {
  kit = await startClockedGateway({ card: CARD, at: '2026-03-10T12:00:00Z', credits: 1_000 });
});
afterAll(() => kit.close());

test('a price by plan is that of the payer, from the change on, and is stored with the call', async () => {
  expect(await costOf('/data/ok')).toBe('2');
  expect((await change({ plan: 'plus' })).status).toBe(200);
  const paid = await kit.call('/data/ok');
  expect(paid.headers.get('credits-cost')).toBe('10');
  const receipt = await receiptOf(kit, paid.headers.get('credits-call'));
  expect(receipt).toMatchObject({ plan: 'plus', inputs: { plan: 'plus' }, charge: 10 });
  const dry = await kit.call('/data/ok', { headers: { 'credits-dry-run': '?1' } });
  expect(await dry.json()).toMatchObject({ quote: 10, exact: true });
  const { body } = await kit.api('GET', `explain/${paid.headers.get('credits-call')}`);
  expect(body).toMatchObject({ equal: true, stored: { charge: 10 } });
});

test('a label of the workspace decides a price, and one of the key wins over it', async () => {
  await kit.api('POST', 'workspaces', { name: 'helpers', labels: { agent: 'sidekick' } });
  const ours = await kit.makeKey({ id: 'ours', scope: 'spend', workspace: 'helpers' });
  const own = await kit.makeKey({ id: 'own', scope: 'spend', workspace: 'helpers', labels: { agent: 'other' } });
  expect(await costOf('/data/rows?n=1', ours.text)).toBe('1');
  expect(await costOf('/data/rows?n=1', own.text)).toBe('5');
  // What a client claims describes, and decides nothing.
  const claimed = await kit.call('/data/rows?n=1', { headers: { baggage: 'agent=sidekick' } });
  expect(claimed.headers.get('credits-cost')).toBe('5');
});

test('whenever a window or a plan turns while a call is on its way, it is held and priced by what counts then', async () => {
  const midnight = Date.parse('2026-03-11T00:00:00Z');
  await kit.api('POST', 'caps', { id: 'day', scope: { kind: 'organization', id: 'main' }, window: 'day', limit: 1_000 });
  const { directory } = kit.app();
  const clock = Object.getOwnPropertyDescriptor(kit.clock, 'now') ?? {};
  const prices = new Set<string | null>();
  for (let before = 1; before <= 40; before += 1) {
    // The plan changes at midnight of each day; each look at the clock is a millisecond later than the one before.
    const turn = midnight + before * 86_400_000;
    const kept = await directory.get('organization', 'main');
    if (kept === undefined) throw new Error('there is no organization');
    const { body } = kept;
    const next = { at: turn, plan: before % 2 === 0 ? 'plus' : 'free', cycle: body.cycle, timeZone: 'UTC' };
    const plan = before % 2 === 0 ? 'free' : 'plus';
    const lookup = null;
    await directory.write({
      puts: [{ kind: 'organization', id: 'main', organization: 'main', lookup, body: { ...body, plan, next }, expects: null }],
      audits: [],
      events: [],
    });
    await kit.call('/data/ok');
    let time = turn - before;
    Object.defineProperty(kit.clock, 'now', { configurable: true, get: () => time++ });
    const answer = await kit.call('/data/ok');
    Object.defineProperty(kit.clock, 'now', { ...clock, value: time });
    expect(answer.status).toBe(200);
    const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
    const isAfter = Date.parse(receipt.heldAt) >= turn;
    const counts = isAfter ? next.plan : plan;
    expect(receipt).toMatchObject({ plan: counts, charge: counts === 'free' ? 20 : 10 });
    prices.add(`${isAfter}`);
    const { windows } = (await kit.app().store.call(receipt.id)) ?? { windows: [] };
    expect(windows).toContain(`cap:main/day@${isAfter ? turn : turn - 86_400_000}`);
  }
  // The turn fell before the hold, and after it.
  expect(prices).toEqual(new Set(['true', 'false']));
  await expectBooksRight(kit);
});
