// Checkout through Stripe's package against a stand-in of its API: a payment becomes credits once, whatever comes, in whatever order.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkedApi, refused } from '../api/checked.ts';
import { post, sessionOf, WEBHOOK_SECRET, type Event } from './stripe-kit.ts';
import { startStripeTown, type StripeTown } from './stripe-town.ts';

let town: StripeTown;
let api: StripeTown['kit']['api'];
let manage: string;

beforeAll(async () => {
  town = await startStripeTown();
  api = checkedApi(town.kit);
  manage = (await town.kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => town.close());

async function buy(id: string, more: object = {}): Promise<{ id: string; url: string; state: string }> {
  return (await api('POST', 'orders', { id, item: 'small', ...more }, manage)).body.order;
}

async function read(id: string): Promise<Record<string, unknown>> {
  return (await api('GET', `orders/${id}`, undefined, manage)).body.order;
}

async function granted(): Promise<string[]> {
  return (await api('GET', 'grants')).body.grants.map((grant: { id: string }) => grant.id);
}

describe('a package that is paid in Checkout', () => {
  test('is asked for in the card’s price, under the order’s own key, and told where to pay', async () => {
    const order = await buy('first');
    expect(order).toMatchObject({ state: 'open', charging: 'stripe', url: expect.stringContaining('https://checkout.') });
    const [asked] = (await town.asked()).slice(-1);
    expect(asked?.form).toMatchObject({
      mode: 'payment',
      client_reference_id: 'acme:first',
      line_items: { 0: { quantity: '1', price_data: { unit_amount: '1250', currency: 'usd' } } },
      metadata: { order: 'acme:first', organization: 'acme' },
      success_url: 'https://app.example.com/credits',
    });
    expect(asked?.idempotencyKey).toMatch(/^[0-9a-f]{16}:checkout:acme:first$/);
    // A repeat is the same payment, and Stripe is not asked again.
    const count = (await town.asked()).length;
    expect((await buy('first')).url).toBe(order.url);
    expect(await town.asked()).toHaveLength(count);
  });

  test('becomes credits once, with every message five times and in any order', async () => {
    const order = await buy('second');
    const events = await town.happens('complete', { session: sessionOf(order), card: '4242' });
    expect(await granted()).toEqual([]);
    const shuffled = [...events, ...events, ...events].reverse();
    const answers = await Promise.all([...shuffled, ...events, ...events].map(async (event) => (await town.deliver([event]))[0]));
    expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200]));
    expect(await granted()).toEqual(['order:acme:second']);
    expect(await read('second')).toMatchObject({
      state: 'paid',
      url: null,
      reference: sessionOf(order),
      grant: 'order:acme:second',
      expiresAt: '2027-01-31T12:00:00.000Z',
    });
    expect(await town.charged()).toEqual([{ order: 'acme:second', amount: 1250, currency: 'usd' }]);
  });

  test('whose card is declined first and then another one taken is paid', async () => {
    const order = await buy('third');
    await town.deliver(await town.happens('complete', { session: sessionOf(order), card: '0002' }));
    expect(await read('third')).toMatchObject({ state: 'open' });
    await town.deliver(await town.happens('complete', { session: sessionOf(order), card: '4242' }));
    expect(await read('third')).toMatchObject({ state: 'paid' });
  });

  test('whose money takes days is granted when it has come', async () => {
    const order = await buy('slow');
    const done = await town.happens('complete', { session: sessionOf(order), card: '0077' });
    const come = await town.happens('arrive', { session: sessionOf(order) });
    await town.deliver(done);
    expect(await read('slow')).toMatchObject({ state: 'open', grant: null });
    // What says that it has come may overtake what says that it will.
    await town.deliver([...come, ...done]);
    expect(await read('slow')).toMatchObject({ state: 'paid' });
  });

  test('whose money does not come is declined, and one that nobody pays ends', async () => {
    const bounced = await buy('bounced');
    await town.happens('complete', { session: sessionOf(bounced), card: '0077' });
    await town.deliver(await town.happens('bounce', { session: sessionOf(bounced) }));
    expect(await read('bounced')).toMatchObject({ state: 'declined', url: null });
    const left = await buy('left');
    await town.deliver(await town.happens('expire', { session: sessionOf(left) }));
    expect(await read('left')).toMatchObject({ state: 'ended', reason: 'The checkout was not used in time.' });
    // A message that says so after it was paid takes nothing back.
    const paid = await read('second');
    expect((await town.deliver(await town.happens('expire', { session: paid['reference'] })))[0]?.body).toEqual({
      taken: 'repeated',
    });
    expect(await read('second')).toEqual(paid);
    expect(await granted()).not.toContain('order:acme:bounced');
  });

  test('is kept where Stripe does not answer, and is the same payment when it does', async () => {
    // Stripe has made the session, and nobody heard of it; the package asks again by itself, and so do we.
    await town.breakNext('lose', 'lose', 'lose', 'refuse');
    const lost = await api('POST', 'orders', { id: 'lost', item: 'small' }, manage);
    expect(refused(lost)).toEqual([503, 'payments_unavailable', undefined]);
    expect(await read('lost')).toMatchObject({ state: 'open', url: null });
    await town.breakNext();
    let order = await read('lost');
    for (let tries = 0; tries < 5 && order['url'] === null; tries += 1)
      order = (await api('POST', 'orders', { id: 'lost', item: 'small' }, manage)).body.order ?? order;
    expect(order['url']).toContain('https://checkout.');
    const keys = (await town.asked()).filter(({ idempotencyKey }) => idempotencyKey?.endsWith(':checkout:acme:lost'));
    expect(keys.length).toBeGreaterThan(1);
    await town.deliver(await town.happens('complete', { session: sessionOf(order as { url: string }) }));
    expect(await read('lost')).toMatchObject({ state: 'paid' });
  });

  test('changes the plan of its organization', async () => {
    const order = await buy('plan', { what: 'plan', item: 'basic' });
    const events = await town.happens('complete', { session: sessionOf(order) });
    await town.deliver([...events, ...events]);
    expect((await api('GET', 'organizations/acme')).body.organization.plan).toBe('basic');
    expect(await granted()).not.toContain('order:acme:plan');
  });
});

describe('a message', () => {
  test('with a bad signature is refused, changes nothing, and is in the audit a few times a minute', async () => {
    const order = await buy('forged');
    const [, event] = await town.happens('complete', { session: sessionOf(order) });
    if (event === undefined) throw new Error('nothing happened');
    const forged = await town.deliver([event], { secret: 'whsec_of_somebody_else' });
    expect(refused(forged[0] as (typeof forged)[0])).toEqual([400, 'signature_invalid', undefined]);
    const old = await town.deliver([event], { at: town.kit.clock.now - 301_000 });
    expect(old[0]?.status).toBe(400);
    const payload = JSON.stringify(event);
    expect((await post(town.kit.url, payload, undefined)).status).toBe(400);
    expect((await post(town.kit.url, '', 't=1,v1=00')).status).toBe(400);
    for (let more = 0; more < 10; more += 1) expect((await post(town.kit.url, payload, `t=${more},v1=00`)).status).toBe(400);
    expect(await read('forged')).toMatchObject({ state: 'open' });
    const { audit } = (await api('GET', 'audit?action=payment.refuse&limit=100')).body;
    expect(audit).toHaveLength(5);
    expect(audit[0]).toMatchObject({ by: 'gateway', from: expect.stringContaining('127.0.0.1') });
    const metrics = await (await fetch(`${town.kit.metricsUrl}/metrics`)).text();
    expect(metrics).toContain('tollgate_payment_messages_total{taken="bad signature"} 14');
    await town.deliver([event]);
    expect(await read('forged')).toMatchObject({ state: 'paid' });
  });

  test('about an order that nobody made is kept once, and answered 200', async () => {
    const gateway = await markOfGateway();
    const event = sessionEvent('evt_unknown', { gateway, order: 'acme:nobody' }, 1250);
    for (const answer of await town.deliver([event, event, event])) expect(answer.status).toBe(200);
    const { audit } = (await api('GET', 'audit?action=payment.keep')).body;
    expect(audit).toHaveLength(1);
    expect(audit[0]).toMatchObject({
      by: 'stripe',
      subject: { id: 'stripe:evt_unknown' },
      reason: 'there is no order acme:nobody',
    });
  });

  test('with another amount than the price grants nothing, and is kept', async () => {
    const order = await buy('cheap');
    const gateway = await markOfGateway();
    const less = sessionEvent('evt_less', { gateway, order: 'acme:cheap' }, 1249, sessionOf(order));
    const [answer] = await town.deliver([less, less]);
    expect([answer?.status, answer?.body]).toEqual([200, { taken: 'refused' }]);
    expect(await read('cheap')).toMatchObject({ state: 'open' });
    const { audit } = (await api('GET', 'audit?action=payment.refuse&limit=100')).body;
    expect(audit[0]).toMatchObject({ reason: '12.49 USD came for what costs 12.50 USD' });
  });

  test('of another gateway or shop on the same account, or of another kind, is none of ours', async () => {
    await buy('ours');
    const theirs = sessionEvent('evt_theirs', { gateway: '0123456789abcdef', order: 'acme:ours' }, 1250);
    const shop = sessionEvent('evt_shop', {}, 1250);
    const kind = { id: 'evt_kind', type: 'customer.created', data: { object: { id: 'cus_1' } } };
    const events: Event[] = [theirs, shop, kind];
    for (const answer of await town.deliver(events)) {
      expect([answer.status, answer.body]).toEqual([200, { taken: 'foreign' }]);
    }
    expect(await read('ours')).toMatchObject({ state: 'open' });
  });
});

test('no secret is in any answer or audit row', async () => {
  const audit = JSON.stringify((await api('GET', 'audit?limit=200')).body);
  const orders = JSON.stringify((await api('GET', 'orders', undefined, manage)).body);
  for (const text of [audit, orders]) {
    expect(text).not.toContain('sk_test');
    expect(text).not.toContain(WEBHOOK_SECRET);
  }
});

/** What it marks its orders with at Stripe. */
async function markOfGateway(): Promise<string> {
  const [asked] = await town.asked();
  const { gateway } = (asked?.form ?? {})['metadata'] as { gateway: string };
  return gateway;
}

function sessionEvent(id: string, metadata: object, amount: number, session = 'cs_test_other') {
  const object = {
    id: session,
    object: 'checkout.session',
    mode: 'payment',
    payment_status: 'paid',
    amount_total: amount,
    currency: 'usd',
    metadata,
  };
  return { id, object: 'event', type: 'checkout.session.completed', created: 1, data: { object } };
}
