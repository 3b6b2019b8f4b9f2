// A saved card, through Stripe's package against a stand-in of its API: charged for orders, replaced and forgotten.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkedApi } from '../api/checked.ts';
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

describe('an order that is paid from the saved card', () => {
  test('is granted in the answer, and charged once however often it is asked for', async () => {
    await town.saveCard('4242', manage);
    const body = { id: 'now', item: 'large', pay: 'saved' };
    const [first] = await Promise.all([api('POST', 'orders', body, manage), api('POST', 'orders', body, manage)]);
    expect(first.body.order).toMatchObject({ state: 'paid', grant: 'order:acme:now', url: null, method: 'Visa ending in 4242' });
    expect((await api('POST', 'orders', body, manage)).body).toMatchObject({ repeated: true, order: { state: 'paid' } });
    expect((await town.charged()).filter(({ order }) => order === 'acme:now')).toEqual([
      { order: 'acme:now', amount: 8000, currency: 'usd' },
    ]);
  });

  test('says why it was declined, and grants nothing', async () => {
    await town.saveCard('0002', manage);
    const made = await api('POST', 'orders', { id: 'no', item: 'large', pay: 'saved' }, manage);
    expect(made.status).toBe(201);
    expect(made.body.order).toMatchObject({ state: 'declined', reason: 'Your card was declined.', grant: null });
    // Resuming is only needed where something was bought by itself.
    expect((await api('POST', 'orders/no/confirm', {})).status).toBe(409);
  });
});

async function detached(): Promise<number> {
  return (await town.asked()).filter(({ path }) => path.endsWith('/detach')).length;
}

test('a payment method that was replaced, or forgotten, is ended at Stripe', async () => {
  const before = await detached();
  await town.saveCard('4242', manage);
  expect(await detached()).toBe(before + 1);
  expect((await api('DELETE', 'payment-method', undefined, manage)).body).toEqual({ charging: 'stripe', ended: true });
  expect(await detached()).toBe(before + 2);
  expect((await api('GET', 'payment-method', undefined, manage)).body.paymentMethod).toBeNull();
});

test('an older message about a saved payment method, or the same again, does not bring it back', async () => {
  const setUp = async (card: string) => {
    const { body } = await api('POST', 'payment-methods/setup', undefined, manage);
    return town.happens('complete', { session: String(body.url).split('/').at(-1), card });
  };
  const first = (await setUp('1111')).map((event) => ({ ...event, created: 1_000 }));
  const second = (await setUp('2222')).map((event) => ({ ...event, created: 2_000 }));
  await town.deliver([...second, ...first, ...first]);
  expect((await api('GET', 'payment-method', undefined, manage)).body.paymentMethod.label).toBe('Visa ending in 2222');
  await api('DELETE', 'payment-method', undefined, manage);
  await town.deliver([...second]);
  expect((await api('GET', 'payment-method', undefined, manage)).body.paymentMethod).toBeNull();
});

test('the card of a person who is erased is ended at Stripe too', async () => {
  await town.join('ann');
  await town.done('POST', 'organizations', { id: 'anns', kind: 'person', user: 'ann' });
  const { text } = await town.done('POST', 'keys?organization=anns', {
    id: 'anns-boss',
    scope: 'manage',
    workspace: 'personal',
    user: 'ann',
  });
  await town.saveCard('4242', text);
  expect((await api('GET', 'payment-method', undefined, text)).body.paymentMethod.label).toBe('Visa ending in 4242');
  const before = await detached();
  await town.done('DELETE', 'users/ann');
  expect((await api('GET', 'organizations/anns')).body.organization.paymentMethod).toBeNull();
  expect(await detached()).toBe(before + 1);
});

test('a charge that nobody has heard of for a day is not asked for again, and counts when it is told after all', async () => {
  await town.saveCard('4242', manage);
  // Stripe's package asks three times; each time it is done, and the answer is lost.
  await town.breakNext('lose', 'lose', 'lose');
  const lost = await api('POST', 'orders', { id: 'lost', item: 'small', pay: 'saved' }, manage);
  expect(lost.body.code).toBe('payments_unavailable');
  const asked = (await town.asked()).length;
  await town.kit.turnTo(town.kit.clock.now + 24 * 3_600_000);
  expect((await api('GET', 'orders/lost', undefined, manage)).body.order).toMatchObject({
    state: 'declined',
    reason: 'The payment account did not say within a day whether it was paid.',
  });
  expect(await town.asked()).toHaveLength(asked);
  await town.deliver(await town.happens('told', { order: 'acme:lost' }));
  expect((await api('GET', 'orders/lost', undefined, manage)).body.order).toMatchObject({ state: 'paid', reason: '' });
  expect((await town.charged()).filter(({ order }) => order === 'acme:lost')).toHaveLength(1);
});
