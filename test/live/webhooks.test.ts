// Webhooks of a real gateway to a real receiver.
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkedApi, refused } from '../api/checked.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { startReceiver, until, type Received, type Receiver } from './receiver.ts';

let kit: GatewayKit;
let api: GatewayKit['api'];
let receiver: Receiver;
let made = 0;

beforeAll(async () => {
  kit = await startGateway({ settings: 'webhooks: { allow_private: true }\n' });
  api = checkedApi(kit);
});
beforeEach(async () => {
  receiver = await startReceiver();
  return () => receiver.close();
});
afterAll(() => kit.close());

async function makeWebhook(more: object = {}): Promise<{ id: string; secret: string }> {
  const { status, body } = await api('POST', 'webhooks', { id: `hook-${(made += 1)}`, url: receiver.url, ...more });
  expect(status).toBe(201);
  return { id: body.webhook.id as string, secret: body.secret as string };
}

/** As a receiver does it; throws where the signature or the time is wrong. */
function verified(secret: string, { text, headers }: Received): unknown {
  return new Webhook(secret).verify(text, headers);
}

async function deliveryOf(id: string, state: string): Promise<Record<string, unknown>> {
  return until(async () => {
    const { body } = await api('GET', `webhooks/${id}/deliveries?state=${state}`);
    return body.deliveries[0] as Record<string, unknown> | undefined;
  }, `a delivery that is ${state}`);
}

test('an event is delivered once, signed, in credits and ISO times', async () => {
  const { id, secret } = await makeWebhook({ types: ['grant.made'] });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const grant = await kit.grant(12.5, { reason: 'told of', expiresAt: '2099-01-01T00:00:00Z' });
  const [message] = (await receiver.arrived(1)) as [Received];
  expect(verified(secret, message)).toEqual({
    type: 'grant.made',
    timestamp: expect.stringMatching(/^20\d\d-.*Z$/) as string,
    data: {
      organization: 'main',
      workspace: null,
      grant,
      account: 'pool:main',
      kind: 'top-up',
      amount: 12.5,
      effectiveAt: expect.stringMatching(/Z$/) as string,
      expiresAt: '2099-01-01T00:00:00.000Z',
      reason: 'told of',
    },
  });
  expect(message.headers['webhook-id']).toMatch(/^evt_[0-9a-f]{32}$/);
  expect(await deliveryOf(id, 'delivered')).toMatchObject({ attempts: 1, lastStatus: 204, lastError: '', nextAt: null });
  // Repeats of the grant tell nothing again, and nothing is delivered twice.
  await api('POST', 'grants', { id: grant, amount: 12.5, reason: 'told of', expiresAt: '2099-01-01T00:00:00Z' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(receiver.received).toHaveLength(1);
  await api('DELETE', `webhooks/${id}`);
});

test('a message that was changed on its way is not taken', async () => {
  const { id, secret } = await makeWebhook();
  await api('POST', `webhooks/${id}/test`);
  const [message] = (await receiver.arrived(1)) as [Received];
  expect(() => verified(secret, { ...message, text: message.text.replace('main', 'other') })).toThrow('No matching signature');
  expect(() => verified(secret, { ...message, headers: { ...message.headers, 'webhook-id': 'evt_other' } })).toThrow();
  await api('DELETE', `webhooks/${id}`);
});

test('a failed attempt is made again after five seconds, under the same webhook-id', async () => {
  const { id, secret } = await makeWebhook();
  receiver.answers.push(500);
  await api('POST', `webhooks/${id}/test`);
  const waiting = await until(async () => {
    const { body } = await api('GET', `webhooks/${id}/deliveries`);
    return body.deliveries[0]?.attempts === 1 ? (body.deliveries[0] as Record<string, unknown>) : undefined;
  }, 'the first attempt');
  expect(waiting).toMatchObject({ state: 'waiting', lastStatus: 500, lastError: 'answered 500' });
  const [first, second] = (await receiver.arrived(2)) as [Received, Received];
  expect(second.at - first.at).toBeGreaterThanOrEqual(4_900);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp']);
  expect(verified(secret, second)).toEqual(verified(secret, first));
  expect(await deliveryOf(id, 'delivered')).toMatchObject({ attempts: 2 });
  await api('DELETE', `webhooks/${id}`);
});

test('a redirect is a failure and is not followed', async () => {
  const { id } = await makeWebhook();
  receiver.answers.push(302);
  await api('POST', `webhooks/${id}/test`);
  await receiver.arrived(1);
  // It is waiting before the attempt as after it.
  const failed = async (): Promise<unknown> => (await deliveryOf(id, 'waiting'))['lastError'];
  await expect.poll(failed, { timeout: 10_000 }).toBe('answered 302: redirects are not followed');
  expect(receiver.received).toHaveLength(1);
  await api('DELETE', `webhooks/${id}`);
});

test('410 disables a webhook, says why, and what was given up can be sent again', async () => {
  const { id, secret } = await makeWebhook();
  receiver.answers.push(410);
  await api('POST', `webhooks/${id}/test`);
  const dead = await deliveryOf(id, 'dead');
  expect(dead).toMatchObject({ attempts: 1, lastStatus: 410, nextAt: null });
  expect((await api('GET', `webhooks/${id}`)).body.webhook).toMatchObject({
    enabled: false,
    disabled: 'its receiver answered 410: gone for good',
  });
  expect(refused(await api('POST', `webhooks/${id}/test`))[1]).toBe('conflict');
  await api('PATCH', `webhooks/${id}`, { enabled: true });
  const since = new Date(Date.now() - 60_000).toISOString();
  expect((await api('POST', `webhooks/${id}/replay`, { since: '2099-01-01T00:00:00Z' })).body).toEqual({
    replayed: 0,
    more: false,
  });
  expect((await api('POST', `webhooks/${id}/replay`, { since })).body).toEqual({ replayed: 1, more: false });
  const [first, again] = (await receiver.arrived(2)) as [Received, Received];
  expect(verified(secret, again)).toEqual(verified(secret, first));
  expect(await deliveryOf(id, 'delivered')).toMatchObject({ id: dead['id'] });
  await api('DELETE', `webhooks/${id}`);
});

test('a delivered one is sent again as a delivery of its own, under the same webhook-id', async () => {
  const { id } = await makeWebhook();
  await api('POST', `webhooks/${id}/test`);
  const delivered = await deliveryOf(id, 'delivered');
  const again = await api('POST', `deliveries/${String(delivered['id'])}/replay`);
  expect(again.status).toBe(201);
  expect(again.body.delivery).toMatchObject({ id: `${String(delivered['id'])}.1`, state: 'waiting', attempts: 0 });
  const [first, second] = (await receiver.arrived(2)) as [Received, Received];
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  const { body } = await api('GET', `webhooks/${id}/deliveries?limit=1`);
  expect(body.next).toBe(body.deliveries[0].id);
  await api('DELETE', `webhooks/${id}`);
});

test('while a rotation overlaps, both secrets sign; a stale If-Match makes no further one', async () => {
  const { id, secret } = await makeWebhook();
  const rotated = await api('POST', `webhooks/${id}/rotate`, {});
  expect(rotated.body.secret).toMatch(/^whsec_/);
  expect(rotated.body.secret).not.toBe(secret);
  await api('POST', `webhooks/${id}/test`);
  const [message] = (await receiver.arrived(1)) as [Received];
  expect(verified(secret, message)).toEqual(verified(rotated.body.secret as string, message));
  expect(message.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  const stale = await fetch(`${kit.url}/tollgate/v1/webhooks/${id}/rotate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${kit.operateKey}`, 'if-match': '"1"' },
    body: '{}',
  });
  expect([stale.status, ((await stale.json()) as { field: string }).field]).toEqual([422, 'header.if-match']);
  await api('DELETE', `webhooks/${id}`);
});

test('what is due outlives the process', async () => {
  const { id, secret } = await makeWebhook();
  receiver.answers.push(503);
  await api('POST', `webhooks/${id}/test`);
  await receiver.arrived(1);
  await deliveryOf(id, 'waiting');
  await kit.end('SIGKILL');
  await kit.start();
  const [first, second] = (await receiver.arrived(2)) as [Received, Received];
  expect(verified(secret, second)).toEqual(verified(secret, first));
  await api('DELETE', `webhooks/${id}`);
});

test('an Idempotency-Key makes one webhook, and tells its secret once', async () => {
  const make = async (url: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await fetch(`${kit.url}/tollgate/v1/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${kit.operateKey}`, 'idempotency-key': 'one hook' },
      body: JSON.stringify({ url }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const first = await make(receiver.url);
  const again = await make(receiver.url);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toEqual({ ...first.body, secret: null, repeated: true });
  expect((await make(`${receiver.url}/other`)).status).toBe(409);
  expect(await make(`${receiver.url}/other`)).toMatchObject({ body: { code: 'conflict' } });
});

test('an id of the client makes one webhook, whose secret is told once, and finds it', async () => {
  const wanted = { id: 'alerts', url: receiver.url, types: ['grant.made'] };
  const first = await api('POST', 'webhooks', wanted);
  expect(first).toMatchObject({ status: 201, body: { webhook: { id: 'main:alerts' }, repeated: false } });
  expect(await api('POST', 'webhooks', wanted)).toMatchObject({
    status: 200,
    body: { webhook: first.body.webhook, secret: null, repeated: true },
  });
  expect(refused(await api('POST', 'webhooks', { ...wanted, types: [] }))).toEqual([409, 'conflict', 'body.id']);
  expect(refused(await api('POST', 'webhooks', { url: receiver.url }))).toEqual([422, 'input_invalid', 'body.id']);
  expect(refused(await api('POST', 'webhooks', { ...wanted, id: 'a:b' }))).toEqual([422, 'input_invalid', 'body.id']);
  for (const name of ['alerts', 'main:alerts']) {
    expect((await api('GET', `webhooks/${name}`)).body.webhook).toEqual(first.body.webhook);
  }
  // Where the answer was lost: another secret is told.
  expect((await api('POST', 'webhooks/alerts/rotate', {})).body.secret).toMatch(/^whsec_/);
  await api('DELETE', 'webhooks/alerts');
  expect(refused(await api('POST', 'webhooks', wanted))).toEqual([409, 'conflict', undefined]);
});

test('each change is a row of the audit, without the secret', async () => {
  const { id, secret } = await makeWebhook();
  await api('PATCH', `webhooks/${id}`, { types: ['key.changed'], enabled: false });
  await api('POST', `webhooks/${id}/rotate`, { overlap: '1h' });
  await api('DELETE', `webhooks/${id}`);
  const { body } = await api('GET', `audit?limit=10`);
  const rows = body.audit.filter((row: { subject: { id: string } }) => row.subject.id === id) as { action: string }[];
  expect(rows.map(({ action }) => action)).toEqual(['webhook.delete', 'webhook.rotate', 'webhook.change', 'webhook.make']);
  expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
  expect(refused(await api('GET', `webhooks/${id}`))).toEqual([404, 'not_found', undefined]);
});
