// Auto-purchase from a saved card, through Stripe's package against a stand-in of its API: below the threshold one package is bought, however
// many calls notice it; a decline makes it stand still and is told.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkedApi, refused } from '../api/checked.ts';
import { startStripeTown, type StripeTown } from './stripe-town.ts';

let town: StripeTown;
let api: StripeTown['kit']['api'];
let manage: string;
const MINUTE = 60_000;

beforeAll(async () => {
  town = await startStripeTown();
  api = checkedApi(town.kit);
  manage = (await town.kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => town.close());

// Far enough from the purchases of the test before.
beforeEach(() => {
  town.kit.clock.now += 20 * MINUTE;
});

interface Order {
  id: string;
  state: string;
  grant: string | null;
  reason: string;
}

async function autoOrders(): Promise<Order[]> {
  const { body } = await api('GET', 'orders?limit=1000', undefined, manage);
  return (body.orders as (Order & { what: string })[]).filter(({ what }) => what === 'auto');
}

async function settings(): Promise<{ paused: { reason: string } | null; bought: number }> {
  return (await api('GET', 'auto-purchase', undefined, manage)).body.autoPurchase;
}

/** What is watched is looked at beside the calls: an answer to a call does not wait for it. */
async function untilQuiet(): Promise<void> {
  await town.kit.app().sweep();
}

async function events(type: string): Promise<object[]> {
  return (await town.kit.app().store.events({ after: 0, limit: 1_000, types: [type] })).map(({ data }) => data);
}

async function spendDownTo(left: number): Promise<void> {
  const { body } = await api('GET', 'balance', undefined, town.kit.spendKey);
  if (body.available > left) expect((await town.spend('service', body.available - left)).status).toBe(200);
}

describe('settings', () => {
  test.each([
    [{ threshold: 10 }, 'body.package'],
    [{ package: 'small' }, 'body.threshold'],
    [{ package: 'huge', threshold: 10 }, 'body.package'],
    [{ package: 'small', threshold: 0 }, 'body.threshold'],
    [{ package: 'small', threshold: -1 }, 'body.threshold'],
    [{ package: 'small', threshold: 0.0000001 }, 'body.threshold'],
    [{ package: 'small', threshold: 10, mostPerCycle: 0 }, 'body.mostPerCycle'],
    [{ package: 'small', threshold: 10, mostPerCycle: 1.5 }, 'body.mostPerCycle'],
    [{ package: 'small', threshold: 10, coolDown: '10' }, 'body.coolDown'],
    [{ package: 'small', threshold: 10, unit: 3 }, 'body.unit'],
  ])('%j is refused', async (body, field) => {
    expect(refused(await api('PATCH', 'auto-purchase', body, manage))).toEqual([422, 'input_invalid', field]);
    expect(await settings()).toBeNull();
  });

  test('are a document: what is left out stays, and a stale version is refused', async () => {
    const body = { package: 'small', threshold: 10, mostPerCycle: 4, coolDown: '90s' };
    const made = await api('PATCH', 'auto-purchase', body, manage);
    expect(made.body).toMatchObject({
      charging: 'stripe',
      autoPurchase: { ...body, paused: null, credits: 50, price: { amount: '12.50', currency: 'USD' }, bought: 0 },
    });
    const changed = await api('PATCH', 'auto-purchase', { coolDown: '60m', paused: true }, manage);
    expect(changed.body.autoPurchase).toMatchObject({ package: 'small', coolDown: '1h', paused: { reason: 'Paused by boss.' } });
    const stale = await fetch(`${town.kit.url}/tollgate/v1/auto-purchase`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${manage}`, 'if-match': made.headers.get('etag') ?? '' },
      body: JSON.stringify({ paused: false }),
    });
    expect([stale.status, await stale.json()]).toEqual([422, expect.objectContaining({ field: 'header.if-match' })]);
    const ended = await api('DELETE', 'auto-purchase', undefined, manage);
    expect(ended.body.autoPurchase).toBeNull();
  });
});

describe('below the threshold', () => {
  test('without a saved payment method it stands still, and says so', async () => {
    await town.kit.grant(20);
    await api('PATCH', 'auto-purchase', { package: 'small', threshold: 15, mostPerCycle: 100, coolDown: '1s' }, manage);
    await spendDownTo(15);
    await untilQuiet();
    expect(await settings()).toMatchObject({ paused: null });
    await spendDownTo(14);
    await untilQuiet();
    expect(await settings()).toMatchObject({ paused: { reason: 'There is no saved payment method.' } });
    expect(await autoOrders()).toEqual([]);
    expect(await events('auto_purchase.paused')).toEqual([{ reason: 'There is no saved payment method.', order: null }]);
  });

  test('one package is bought, whichever of fifty calls notices', async () => {
    await town.saveCard('4242', manage);
    expect((await api('GET', 'payment-method', undefined, manage)).body.paymentMethod).toMatchObject({
      label: 'Visa ending in 4242',
    });
    await town.kit.grant(86);
    await api('PATCH', 'auto-purchase', { paused: false }, manage);
    await untilQuiet();
    expect(await autoOrders()).toEqual([]);
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await town.spend('service', 2)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    // At once, long before the next look at everything.
    await expect.poll(async () => (await autoOrders()).map(({ state }) => state), { timeout: 5_000 }).toEqual(['paid']);
    await untilQuiet();
    const bought = await autoOrders();
    expect(bought).toMatchObject([{ state: 'paid', item: 'small', credits: 50, method: 'Visa ending in 4242', by: 'gateway' }]);
    expect(bought[0]?.id).toMatch(/^auto:acme@\d{13}:1$/);
    expect((await api('GET', 'balance', undefined, town.kit.spendKey)).body.available).toBe(50);
    // Stripe's own word about it comes as well, and again.
    const told = await town.happens('told', { order: bought[0]?.id });
    for (const answer of await town.deliver([...told, ...told])) expect(answer.body).toEqual({ taken: 'repeated' });
    expect((await town.charged()).filter(({ order }) => order === bought[0]?.id)).toHaveLength(1);
  });

  test('the next one waits for the cool-down', async () => {
    await api('PATCH', 'auto-purchase', { coolDown: '30m' }, manage);
    await spendDownTo(5);
    await untilQuiet();
    expect(await autoOrders()).toHaveLength(1);
    town.kit.clock.now += 10 * MINUTE;
    await untilQuiet();
    expect(await autoOrders()).toHaveLength(2);
  });

  test('a charge that Stripe has made and nobody heard of is made once', async () => {
    // The package asks again by itself, and each of its answers is lost.
    await town.breakNext('lose', 'lose', 'lose', 'lose', 'lose', 'lose');
    await api('PATCH', 'auto-purchase', { coolDown: '1s' }, manage);
    await spendDownTo(4);
    await untilQuiet();
    const [, , open] = await autoOrders();
    expect(open).toMatchObject({ state: 'open' });
    // While it is on its way nothing else is bought.
    await untilQuiet();
    await untilQuiet();
    const orders = await autoOrders();
    expect(orders).toHaveLength(3);
    expect(orders[2]).toMatchObject({ state: 'paid' });
    expect((await town.charged()).filter(({ order }) => order === open?.id)).toHaveLength(1);
  });

  test('most per cycle is most, and the next cycle begins anew', async () => {
    await api('PATCH', 'auto-purchase', { mostPerCycle: 3 }, manage);
    await spendDownTo(3);
    await untilQuiet();
    expect(await settings()).toMatchObject({ bought: 3, paused: null });
    expect(await autoOrders()).toHaveLength(3);
    await town.kit.turnTo('2026-02-01T00:00:00Z');
    await untilQuiet();
    expect(await settings()).toMatchObject({ bought: 1 });
    expect(await autoOrders()).toHaveLength(4);
  });

  test('a declined card makes it stand still and is told; resumed, it goes on', async () => {
    await town.saveCard('0002', manage);
    await spendDownTo(2);
    await untilQuiet();
    const declined = (await autoOrders()).at(-1);
    expect(declined).toMatchObject({ state: 'declined', reason: 'Your card was declined.', grant: null });
    expect(await settings()).toMatchObject({ paused: { reason: 'Your card was declined.' } });
    expect(await events('purchase.declined')).toMatchObject([{ order: declined?.id, reason: 'Your card was declined.' }]);
    expect(await events('auto_purchase.paused')).toContainEqual({ reason: 'Your card was declined.', order: declined?.id });
    await untilQuiet();
    expect((await autoOrders()).at(-1)).toEqual(declined);

    await town.saveCard('4242', manage);
    await api('PATCH', 'auto-purchase', { paused: false }, manage);
    await untilQuiet();
    expect((await autoOrders()).at(-1)).toMatchObject({ state: 'paid' });
  });

  test('a card that needs its owner is a decline too, and one whose bank is slow waits for the bank', async () => {
    await town.saveCard('3155', manage);
    await spendDownTo(2);
    await untilQuiet();
    expect(await settings()).toMatchObject({ paused: { reason: expect.stringContaining('requires authentication') } });
    await town.saveCard('0077', manage);
    await api('PATCH', 'auto-purchase', { paused: false, mostPerCycle: 100 }, manage);
    await untilQuiet();
    const slow = (await autoOrders()).at(-1);
    expect(slow).toMatchObject({ state: 'open' });
    await untilQuiet();
    expect((await autoOrders()).at(-1)).toEqual(slow);
    await town.deliver(await town.happens('succeed', { order: slow?.id }));
    expect((await autoOrders()).find(({ id }) => id === slow?.id)).toMatchObject({ state: 'paid' });
  });

  test('the fourth within ten minutes is not bought, whatever the settings: something spends unusually fast', async () => {
    await town.saveCard('4242', manage);
    const before = (await autoOrders()).length;
    for (let round = 0; round < 5; round += 1) {
      town.kit.clock.now += 2 * MINUTE;
      await spendDownTo(1);
      await untilQuiet();
    }
    expect((await autoOrders()).length - before).toBe(3);
    expect(await settings()).toMatchObject({ paused: { reason: expect.stringContaining('3 purchases within 10 minutes') } });
  });
});

test('what was due while nothing ran is bought when the gateway starts', async () => {
  await api('PATCH', 'auto-purchase', { paused: false, coolDown: '40m', mostPerCycle: 1_000 }, manage);
  await spendDownTo(1);
  await untilQuiet();
  const before = (await autoOrders()).length;
  await town.kit.end();
  town.kit.clock.now += 40 * MINUTE;
  await town.kit.start();
  await expect
    .poll(async () => (await autoOrders()).slice(before).map(({ state }) => state), { timeout: 10_000 })
    .toEqual(['paid']);
});
