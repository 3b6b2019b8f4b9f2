// Two organizations on one gateway: neither is told, sees or can touch anything of the other's (promise 7).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openStream } from './event-stream.ts';
import { startReceiver, until, type Receiver } from './receiver.ts';

interface Side {
  organization: string;
  manage: string;
  view: string;
  spend: string;
  receiver: Receiver;
  webhook: string;
}

let kit: GatewayKit;
const sides: Side[] = [];

beforeAll(async () => {
  kit = await startGateway({ settings: 'webhooks: { allow_private: true }\n', credits: 0 });
  for (const organization of ['ours', 'theirs']) {
    const made = await kit.api('POST', 'organizations', { id: organization });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const keyOf = async (scope: string): Promise<string> => {
      const { status, body } = await kit.api('POST', `keys?organization=${organization}`, {
        id: `${organization}-${scope}`,
        scope,
      });
      expect(status, JSON.stringify(body)).toBe(201);
      return body.text as string;
    };
    const [manage, view, spend] = [await keyOf('manage'), await keyOf('view'), await keyOf('spend')];
    const receiver = await startReceiver();
    const webhook = await kit.api('POST', 'webhooks', { id: 'hook', url: receiver.url }, manage);
    expect(webhook.body.webhook.organization).toBe(organization);
    sides.push({ organization, manage, view, spend, receiver, webhook: webhook.body.webhook.id as string });
  }
});
afterAll(async () => {
  for (const { receiver } of sides) await receiver.close();
  await kit.close();
});

test('webhooks and streams are told of their own organization alone', async () => {
  const [ours, theirs] = sides as [Side, Side];
  const streams = await Promise.all([theirs.manage, theirs.view, theirs.spend].map((key) => openStream(kit.url, key)));
  const all = await openStream(kit.url, kit.operateKey);
  const one = await openStream(kit.url, kit.operateKey, { query: '?organization=theirs' });
  const own = await openStream(kit.url, ours.manage);
  const granted = await kit.api('POST', 'grants', {
    id: 'secret-grant',
    amount: 100,
    account: 'pool:ours',
    reason: 'ours alone',
  });
  expect(granted.status, JSON.stringify(granted.body)).toBe(201);
  const paid = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${ours.spend}` } });
  expect(paid.status).toBe(200);
  const callId = paid.headers.get('credits-call') ?? '';
  // Ours are told, so that it is known that there was something to tell.
  await until(() => ours.receiver.received.find(({ body }) => body.data['grant'] === 'secret-grant'), 'our webhook');
  expect((await own.told('receipt', 1))[0]?.data.id).toBe(callId);
  await own.told('grant.made', 1);
  expect((await all.told('receipt', 1))[0]?.data.id).toBe(callId);
  // And something of theirs, told later, is all that they see.
  await kit.api('POST', 'grants', { id: 'their-grant', amount: 1, account: 'pool:theirs', reason: 'theirs' });
  await until(() => theirs.receiver.received.find(({ body }) => body.data['grant'] === 'their-grant'), 'their webhook');
  const seen = [...streams, one];
  for (const stream of [streams[0], streams[1], one]) await stream?.told('grant.made', 1);
  await streams[2]?.told('balance', 2);
  const texts = [...seen.map((stream) => stream.text()), ...theirs.receiver.received.map(({ text }) => text)];
  for (const text of texts) {
    for (const ofOurs of ['ours', 'secret-grant', callId]) expect(text).not.toContain(ofOurs);
  }
  for (const stream of [...seen, all, own]) stream.close();
});

test("a manage key does not find another organization's webhooks and deliveries, and changes nothing of them", async () => {
  const [ours, theirs] = sides as [Side, Side];
  await kit.api('POST', `webhooks/${ours.webhook}/test`, undefined, ours.manage);
  const delivery = await until(async () => {
    const { body } = await kit.api('GET', `webhooks/${ours.webhook}/deliveries?state=delivered`, undefined, ours.manage);
    return body.deliveries[0] as { id: string } | undefined;
  }, 'a delivery of ours');
  const before = await kit.api('GET', `webhooks/${ours.webhook}`, undefined, ours.manage);
  const tries: [method: string, path: string, body?: unknown][] = [
    ['GET', `webhooks/${ours.webhook}`],
    ['PATCH', `webhooks/${ours.webhook}`, { url: theirs.receiver.url }],
    ['DELETE', `webhooks/${ours.webhook}`],
    ['POST', `webhooks/${ours.webhook}/rotate`, {}],
    ['POST', `webhooks/${ours.webhook}/test`],
    ['GET', `webhooks/${ours.webhook}/deliveries`],
    ['POST', `webhooks/${ours.webhook}/replay`, { since: '2020-01-01T00:00:00Z' }],
    ['POST', `deliveries/${delivery.id}/replay`],
    ['GET', 'webhooks?organization=ours'],
    ['GET', 'events?organization=ours'],
  ];
  for (const [method, path, body] of tries) {
    const answer = await kit.api(method, path, body, theirs.manage);
    expect([method, path, answer.status], JSON.stringify(answer.body)).toEqual([method, path, 404]);
  }
  expect((await kit.api('GET', 'webhooks', undefined, theirs.manage)).body.webhooks).toMatchObject([{ id: theirs.webhook }]);
  expect(await kit.api('GET', `webhooks/${ours.webhook}`, undefined, ours.manage)).toMatchObject({ body: before.body });
});

test('an address within the network is refused with its place, unless the operator allows it', async () => {
  const strict = await startGateway({ credits: 0 });
  try {
    for (const url of [
      'http://127.0.0.1:8403/metrics',
      'https://169.254.169.254/',
      'https://[::ffff:10.0.0.1]/',
      'https://localhost/',
    ]) {
      const refused = await strict.api('POST', 'webhooks', { id: 'hook', url });
      expect(refused).toMatchObject({ status: 422, body: { code: 'input_invalid', field: 'body.url' } });
      expect(refused.body.message).toMatch(/^body\.url: it takes /);
    }
    expect((await strict.api('GET', 'webhooks')).body.webhooks).toEqual([]);
  } finally {
    await strict.close();
  }
});
