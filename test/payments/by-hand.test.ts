// Buying where no payment account is set up: everything works but real charging, and every answer says so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkedApi, refused } from '../api/checked.ts';
import { startTown, type Town } from '../kit/town.ts';
import { PLANS } from './plans.ts';

let town: Town;
let api: Town['kit']['api'];
let manage: string;

beforeAll(async () => {
  town = await startTown(PLANS, '2026-01-31T12:00:00Z', 'time_zone: Europe/Berlin\n');
  api = checkedApi(town.kit);
  manage = (await town.kit.makeKey({ id: 'boss', scope: 'manage' })).text;
});
afterAll(() => town.kit.close());

async function inPool(): Promise<number> {
  const { body } = await api('GET', 'balance', undefined, town.kit.spendKey);
  return body.available as number;
}

describe('a package', () => {
  test('waits for the operator, and becomes credits once', async () => {
    const made = await api('POST', 'orders', { id: 'one', item: 'small' }, manage);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      repeated: false,
      order: {
        id: 'acme:one',
        state: 'open',
        charging: 'by hand',
        url: null,
        credits: 50,
        price: { amount: '12.50', currency: 'USD' },
        grant: null,
        by: 'boss',
      },
    });
    const again = await api('POST', 'orders', { id: 'one', item: 'small' }, manage);
    expect([again.status, again.body.repeated]).toEqual([200, true]);
    expect(await inPool()).toBe(0);

    expect(refused(await api('POST', 'orders/one/confirm', {}, manage))[0]).toBe(403);
    const paid = await api('POST', 'orders/one/confirm', {});
    // Twelve months later at the same time of day in Berlin.
    expect(paid.body.order).toMatchObject({
      state: 'paid',
      grant: 'order:acme:one',
      paidAt: '2026-01-31T12:00:00.000Z',
      expiresAt: '2027-01-31T12:00:00.000Z',
    });
    const twice = await api('POST', 'orders/acme:one/confirm', {});
    expect(twice.body).toEqual(paid.body);
    expect(await inPool()).toBe(50);

    const { body } = await api('GET', 'grants');
    expect(body.grants).toHaveLength(1);
    expect(body.grants[0]).toMatchObject({
      id: 'order:acme:one',
      kind: 'top-up',
      amount: 50,
      priority: 100,
      reason: 'package small',
    });
    expect(refused(await api('POST', 'orders/one/decline', {}))).toEqual([409, 'conflict', undefined]);
  });

  test('of which somebody said that no money comes is paid after all when it does', async () => {
    await api('POST', 'orders', { id: 'two', item: 'large' }, manage);
    const declined = await api('POST', 'orders/two/decline', { reason: 'The invoice was returned.' });
    expect(declined.body.order).toMatchObject({ state: 'declined', reason: 'The invoice was returned.', grant: null });
    expect(await inPool()).toBe(50);
    const paid = await api('POST', 'orders/two/confirm', { reason: 'It came by transfer.' });
    expect((await api('GET', 'audit?action=order.pay', undefined, manage)).body.audit[0]).toMatchObject({
      reason: 'It came by transfer.',
    });
    expect(paid.body.order).toMatchObject({ state: 'paid', reason: '', expiresAt: null });
    expect(await inPool()).toBe(450);
  });

  test.each([
    [{ id: 'x', item: 'huge' }, [422, 'input_invalid', 'body.item']],
    [{ id: 'x', what: 'plan', item: 'small' }, [422, 'input_invalid', 'body.item']],
    [{ id: 'x', item: 'small', pay: 'saved' }, [422, 'input_invalid', 'body.pay']],
    [{ id: 'x', item: 'small', pay: 'cash' }, [422, 'input_invalid', 'body.pay']],
    [{ id: 'x', item: 'small', amount: 5 }, [422, 'input_invalid', 'body.amount']],
    [{ item: 'small' }, [422, 'input_invalid', 'body.id']],
    [{ id: 'one', item: 'large' }, [409, 'conflict', 'body.id']],
  ])('is refused for %j', async (body, refusal) => {
    expect(refused(await api('POST', 'orders', body, manage))).toEqual(refusal);
    expect((await api('GET', 'orders', undefined, manage)).body.orders).toHaveLength(2);
  });

  test('what is not for sale is told with what is', async () => {
    const { body } = await api('POST', 'orders', { id: 'x', item: 'huge' }, manage);
    expect(body.message).toContain('small, large');
    expect(body.known).toEqual(['small', 'large']);
  });
});

test('orders are listed by id, by state, in pages', async () => {
  await api('POST', 'orders', { id: 'three', item: 'small' }, manage);
  const all = await api('GET', 'orders?limit=2', undefined, manage);
  expect(all.body.orders.map(({ id }: { id: string }) => id)).toEqual(['acme:one', 'acme:three']);
  const rest = await api('GET', `orders?limit=2&after=${all.body.next}`, undefined, manage);
  expect(rest.body).toMatchObject({ orders: [{ id: 'acme:two' }], next: null });
  const open = await api('GET', 'orders?state=open', undefined, manage);
  expect(open.body.orders.map(({ id }: { id: string }) => id)).toEqual(['acme:three']);
});

test('a plan changes the organization in the commit that ends its order', async () => {
  await api('POST', 'orders', { id: 'plan', what: 'plan', item: 'team' }, manage);
  await api('POST', 'orders/plan/confirm', {});
  const { body } = await api('GET', 'organizations/acme');
  expect(body.organization).toMatchObject({ plan: 'team', next: null });
  expect(await inPool()).toBe(550);
  // Somebody changes it back; whoever confirms once more changes nothing.
  await api('PATCH', 'organizations/acme', { plan: null });
  await api('POST', 'orders/plan/confirm', {});
  expect((await api('GET', 'organizations/acme')).body.organization.next).toMatchObject({ plan: null });
  await api('PATCH', 'organizations/acme', { plan: 'team' });
});

test('what another organization ordered does not exist', async () => {
  await town.done('POST', 'organizations', { id: 'other' });
  const { text: theirs } = await town.done('POST', 'keys?organization=other', { id: 'theirs', scope: 'manage' });
  for (const path of ['orders/acme:one', 'orders/one', 'orders/acme:three']) {
    expect(refused(await api('GET', path, undefined, theirs))[0]).toBe(404);
  }
  expect((await api('GET', 'orders', undefined, theirs)).body.orders).toEqual([]);
  // The same id is another order there.
  const made = await api('POST', 'orders', { id: 'one', item: 'large' }, theirs);
  expect([made.status, made.body.order.id]).toEqual([201, 'other:one']);
  expect(refused(await api('POST', 'orders/other:one/confirm', {}))[0]).toBe(404);
  const paid = await api('POST', 'orders/one/confirm?organization=other', {});
  expect(paid.body.order).toMatchObject({ id: 'other:one', state: 'paid' });
});

test('each step is in the audit, with who and from where', async () => {
  const { body } = await api('GET', 'audit?limit=200', undefined, manage);
  const rows = body.audit as { action: string; by: string; from: string; subject: { id: string } }[];
  const of = (id: string): string[] => rows.filter(({ subject }) => subject.id === id).map(({ action, by }) => `${action} ${by}`);
  expect(of('acme:one')).toHaveLength(2);
  expect(of('acme:one')[1]).toBe('order.make boss');
  expect(of('acme:one')[0]).toMatch(/^order\.pay operate-/);
  expect(of('acme:two').map((row) => row.split(' ')[0])).toEqual(['order.pay', 'order.decline', 'order.make']);
  expect(rows.every(({ from }) => from.includes('127.0.0.1'))).toBe(true);
});

describe('the saved payment method', () => {
  test('is the operator’s word, which lets extra credits be', async () => {
    expect(refused(await api('POST', 'payment-methods/setup', undefined, manage))[0]).toBe(403);
    expect(refused(await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage))).toEqual([
      422,
      'input_invalid',
      'body.extraLimit',
    ]);
    const set = await api('POST', 'payment-methods/setup');
    expect(set.body).toMatchObject({
      charging: 'by hand',
      url: null,
      paymentMethod: { label: expect.stringContaining('by hand') },
    });
    expect((await api('PATCH', 'organizations/acme', { extraLimit: 20 }, manage)).body.organization.extraLimit).toBe(20);
    expect(refused(await api('DELETE', 'payment-method', undefined, manage))[0]).toBe(409);
    await api('PATCH', 'organizations/acme', { extraLimit: 0 }, manage);
    expect((await api('DELETE', 'payment-method', undefined, manage)).status).toBe(200);
    expect((await api('GET', 'payment-method', undefined, manage)).body).toEqual({ charging: 'by hand', paymentMethod: null });
  });
});

test('auto-purchase orders, and waits for the operator; declined, it stands still', async () => {
  await town.kit.app().sweep();
  const left = await inPool();
  expect((await town.spend('service', left - 5)).status).toBe(200);
  await api('PATCH', 'auto-purchase', { package: 'small', threshold: 10 }, manage);
  await town.kit.app().sweep();
  const open = (await api('GET', 'orders?state=open', undefined, manage)).body.orders.filter(
    ({ what }: { what: string }) => what === 'auto',
  );
  expect(open).toMatchObject([{ charging: 'by hand', credits: 50, by: 'gateway' }]);
  await town.kit.app().sweep();
  await api('POST', `orders/${open[0].id}/decline`, { reason: 'The invoice was not paid.' });
  const { body } = await api('GET', 'auto-purchase', undefined, manage);
  expect(body).toMatchObject({ charging: 'by hand', autoPurchase: { paused: { reason: 'The invoice was not paid.' } } });
  expect(await inPool()).toBe(5);
});

test('there is nobody who could send webhooks', async () => {
  for (const adapter of ['manual', 'stripe', 'none']) {
    expect(refused(await api('POST', `payments/${adapter}/webhook`, '{}', null))[0]).toBe(404);
  }
});
