// Extra credits: drawn past the pool at a fee, up to their limit, and billed once when their cycle has ended.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedApi, refused } from '../api/checked.ts';
import { sessionOf } from './stripe-kit.ts';
import { startStripeTown, type StripeTown } from './stripe-town.ts';

let town: StripeTown;
let api: StripeTown['kit']['api'];
let manage: string;
const JANUARY = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  town = await startStripeTown('2026-01-31T12:00:00Z');
  api = checkedApi(town.kit);
  manage = (await town.kit.makeKey({ id: 'boss', scope: 'manage' })).text;
  await town.done('PATCH', 'organizations/acme', { plan: 'team' });
});
afterAll(() => town.close());

async function extra(): Promise<{
  limit: number;
  fee: unknown;
  cycles: { from: string; credits: number; fees: unknown[]; bills: string[] }[];
}> {
  return (await api('GET', 'extra', undefined, manage)).body;
}

interface Bill {
  id: string;
  what: string;
  state: string;
  credits: number;
  price: unknown;
  reason: string;
}

async function bills(): Promise<Bill[]> {
  const { body } = await api('GET', 'orders?limit=1000', undefined, manage);
  return (body.orders as Bill[]).filter(({ what }) => what === 'extra');
}

test('they need a payment method, and then go up to their limit', async () => {
  expect(refused(await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage))[0]).toBe(422);
  await town.saveCard('4242', manage);
  await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage);
  expect((await town.spend('service', 100)).status).toBe(200);
  expect((await town.spend('service', 10.5)).status).toBe(200);
  expect((await town.spend('service', 9.6)).status).toBe(402);
  expect(await extra()).toMatchObject({
    charging: 'stripe',
    limit: 20,
    fee: { amount: '0.3', currency: 'USD' },
    cycles: [
      {
        from: '2026-01-01T00:00:00.000Z',
        credits: 10.5,
        held: 0,
        fees: [{ credits: 10.5, fee: { amount: '3.15', currency: 'USD' } }],
        bills: [],
      },
    ],
  });
});

test('what is not billed yet keeps its payment method', async () => {
  for (const key of [manage, town.kit.operateKey])
    expect(refused(await api('DELETE', 'payment-method', undefined, key))).toEqual([409, 'conflict', undefined]);
  await api('PATCH', 'organizations/acme', { extraLimit: 0 }, manage);
  const refusal = await api('DELETE', 'payment-method', undefined, manage);
  expect(refusal.body.message).toContain('2026-01-01T00:00:00.000Z are not billed yet');
  await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage);
});

test('the cycle is billed when it has ended, once', async () => {
  await town.kit.app().sweep();
  expect(await bills()).toEqual([]);
  await town.kit.turnTo('2026-02-01T00:00:00Z');
  await town.kit.app().sweep();
  const [bill, ...more] = await bills();
  expect(more).toEqual([]);
  expect(bill).toMatchObject({
    id: `extra:acme@${JANUARY}`,
    state: 'paid',
    credits: 10.5,
    price: { amount: '3.15', currency: 'USD' },
    grant: null,
    method: 'Visa ending in 4242',
  });
  expect(await town.charged()).toEqual([{ order: bill?.id, amount: 315, currency: 'usd' }]);
  expect((await extra()).cycles[0]?.bills).toEqual([bill?.id]);
  // The limit begins anew with the cycle, and the pool's allowance is there again.
  expect((await town.spend('service', 100)).status).toBe(200);
});

test('two cycles that ended while nobody looked are billed each, in the fees of their moments', async () => {
  expect((await town.spend('service', 2)).status).toBe(200);
  writeFileSync(town.kit.cardFile, readFileSync(town.kit.cardFile, 'utf8').replace('fee: 0.3 USD', 'fee: 0.25 EUR'));
  await api('POST', 'card/reload');
  expect((await town.spend('service', 4)).status).toBe(200);
  town.kit.clock.now = Date.parse('2026-03-15T00:00:00Z');
  expect((await town.spend('service', 108)).status).toBe(200);
  await town.kit.turnTo('2026-06-01T00:00:00Z');
  const february = Date.parse('2026-02-01T00:00:00Z');
  const march = Date.parse('2026-03-01T00:00:00Z');
  expect((await bills()).slice(1)).toMatchObject([
    { id: `extra:acme@${february}:EUR`, state: 'paid', credits: 4, price: { amount: '1', currency: 'EUR' } },
    { id: `extra:acme@${february}:USD`, state: 'paid', credits: 2, price: { amount: '0.6', currency: 'USD' } },
    { id: `extra:acme@${march}`, state: 'paid', credits: 8, price: { amount: '2', currency: 'EUR' } },
  ]);
  await town.kit.app().sweep();
  expect(await bills()).toHaveLength(4);
  expect(await town.charged()).toHaveLength(4);
});

test('a bill that is declined ends extra credits until it is paid, in a checkout', async () => {
  await town.saveCard('0002', manage);
  expect((await town.spend('service', 100)).status).toBe(200);
  expect((await town.spend('service', 5)).status).toBe(200);
  await town.kit.turnTo('2026-07-01T00:00:00Z');
  const bill = (await bills()).at(-1);
  expect(bill).toMatchObject({
    state: 'declined',
    reason: 'Your card was declined.',
    price: { amount: '1.25', currency: 'EUR' },
  });
  expect((await api('GET', 'organizations/acme', undefined, manage)).body.organization.extraLimit).toBe(0);
  expect((await town.spend('service', 100)).status).toBe(200);
  expect((await town.spend('service', 1)).status).toBe(402);
  const told = await town.kit.app().store.events({ after: 0, limit: 1_000, types: ['purchase.declined'] });
  expect(told.map(({ data }) => data['order'])).toEqual([bill?.id]);
  // The same card would only be declined again, a cycle later.
  expect(refused(await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage))).toEqual([
    409,
    'conflict',
    'body.extraLimit',
  ]);

  const opened = await api('POST', `orders/${bill?.id}/checkout`, undefined, manage);
  expect(opened.body.order).toMatchObject({ state: 'open', reason: '', url: expect.stringContaining('https://checkout.') });
  expect((await api('POST', `orders/${bill?.id}/checkout`, undefined, manage)).body).toEqual(opened.body);
  // Stripe's own message about the decline comes late, and is about the payment before.
  for (const answer of await town.deliver(await town.happens('told', { order: bill?.id })))
    expect(answer.body).toEqual({ taken: 'repeated' });
  await town.deliver(await town.happens('expire', { session: sessionOf(opened.body.order) }));
  expect((await bills()).at(-1)).toMatchObject({ state: 'ended' });
  const again = await api('POST', `orders/${bill?.id}/checkout`, undefined, manage);
  expect(again.body.order.url).not.toBe(opened.body.order.url);
  // An old one tells again that it has ended, while the new one is open.
  await town.deliver(await town.happens('expire', { session: sessionOf(opened.body.order) }));
  expect((await bills()).at(-1)).toMatchObject({ state: 'open' });
  await town.deliver(await town.happens('complete', { session: sessionOf(again.body.order) }));
  expect((await bills()).at(-1)).toMatchObject({ state: 'paid', credits: 5 });
  expect(refused(await api('POST', `orders/${bill?.id}/checkout`, undefined, manage))[0]).toBe(409);
  expect((await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage)).status).toBe(200);
});

test('a bill without a payment method waits for the operator’s word', async () => {
  await town.done('PATCH', 'organizations/acme', { extraLimit: 0 });
  await town.done('DELETE', 'payment-method');
  await town.done('PATCH', 'organizations/acme', { extraLimit: 10 });
  expect((await town.spend('service', 4)).status).toBe(200);
  await town.kit.turnTo('2026-08-01T00:00:00Z');
  const bill = (await bills()).at(-1);
  expect(bill).toMatchObject({ state: 'open', url: null, method: null, price: { amount: '1', currency: 'EUR' } });
  const paid = await api('POST', `orders/${bill?.id}/confirm`, {});
  expect(paid.body.order).toMatchObject({ state: 'paid', grant: null });
  await town.kit.app().sweep();
  expect(await town.charged()).toHaveLength(5);
});

test('the sums of the bills are those of the receipts', async () => {
  const { grants } = (await api('GET', 'grants?account=extra:acme')).body;
  const drawn = grants.reduce((sum: number, grant: { spent: number }) => sum + grant.spent * 1e6, 0) / 1e6;
  expect((await bills()).reduce((sum, { credits }) => sum + credits, 0)).toBe(drawn);
  expect(drawn).toBe(10.5 + 2 + 4 + 8 + 5 + 4);
});

test('a limit that a card let be more ends with the card, whoever vouched for less before', async () => {
  expect((await api('GET', 'organizations/acme')).body.organization).toMatchObject({ extraLimit: 10 });
  expect((await api('GET', 'organizations/acme')).body.organization.extraWord).toMatch(/^operate-/);
  await town.saveCard('0002', manage);
  expect((await api('PATCH', 'organizations/acme', { extraLimit: 30 }, manage)).status).toBe(200);
  expect((await town.spend('service', 100)).status).toBe(200);
  expect((await town.spend('service', 5)).status).toBe(200);
  await town.kit.turnTo('2026-09-01T00:00:00Z');
  expect((await bills()).at(-1)).toMatchObject({ state: 'declined', credits: 5 });
  expect((await api('GET', 'organizations/acme')).body.organization).toMatchObject({ extraLimit: 0, extraWord: null });
});

test('whoever forgets the payment method and raises the limit at once gets one of the two', async () => {
  for (let round = 0; round < 10; round += 1) {
    await town.done('PATCH', 'organizations/acme', { extraLimit: 0 });
    await town.saveCard('4242', manage);
    const settled = (await bills()).filter(({ state }) => state === 'declined');
    for (const { id } of settled) await town.done('POST', `orders/${id}/confirm`, {});
    const forget = api('DELETE', 'payment-method', undefined, manage);
    const [forgotten, raised] = await Promise.all([
      forget,
      api('PATCH', 'organizations/acme', { extraLimit: 30 + round }, manage),
    ]);
    const { extraLimit, paymentMethod } = (await api('GET', 'organizations/acme')).body.organization;
    expect([forgotten.status, raised.status], `round ${round}`).not.toEqual([200, 200]);
    expect(paymentMethod === null ? extraLimit : 0).toBe(0);
  }
});
