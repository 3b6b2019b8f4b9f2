// The schedule of a webhook over days, and the end of a rotation's overlap: a gateway whose clock the test moves.
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WAITS_MS } from '../../gateway/src/live/retry.ts';
import { startClockedGateway, type ClockedGatewayKit } from '../kit/clocked-gateway.ts';
import { startReceiver, until, type Received, type Receiver } from './receiver.ts';

let kit: ClockedGatewayKit;
let receiver: Receiver;

beforeAll(async () => {
  kit = await startClockedGateway({ at: Date.now(), settings: 'webhooks: { allow_private: true }', credits: 0 });
});
afterAll(() => kit.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

interface Shown {
  id: string;
  state: string;
  attempts: number;
  nextAt: string | null;
}

/** The only delivery of a webhook, once it was attempted so often. */
async function attempted(webhook: string, attempts: number): Promise<Shown> {
  return until(async () => {
    const { body } = await kit.api('GET', `webhooks/${webhook}/deliveries`);
    const [delivery] = body.deliveries as Shown[];
    return delivery?.attempts === attempts ? delivery : undefined;
  }, `${attempts} attempts`);
}

test('ten attempts over three days, each when it is due and not before, then it is dead, and can be sent again', async () => {
  const { body } = await kit.api('POST', 'webhooks', { id: 'patient', url: receiver.url });
  const id = body.webhook.id as string;
  receiver.answers.push(...WAITS_MS.map(() => 503));
  await kit.api('POST', `webhooks/${id}/test`);
  for (const [number, wait] of WAITS_MS.entries()) {
    if (wait > 0) {
      const { nextAt } = await attempted(id, number);
      const due = Date.parse(nextAt ?? '');
      expect(due - kit.clock.now).toBeGreaterThanOrEqual(wait);
      expect(due - kit.clock.now).toBeLessThanOrEqual(wait * 1.1 + 1);
      kit.clock.now = due - 1;
      kit.app().live.webhooks.wake();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(receiver.received).toHaveLength(number);
      kit.clock.now = due;
      kit.app().live.webhooks.wake();
    }
    await receiver.arrived(number + 1);
  }
  const dead = await attempted(id, WAITS_MS.length);
  expect(dead).toMatchObject({ state: 'dead', nextAt: null });
  // The time of each attempt is in its signature: receivers refuse what is old.
  const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
  expect(times.at(-1)).toBe(Math.floor(kit.clock.now / 1_000));
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect((await kit.api('POST', `deliveries/${dead.id}/replay`)).body.delivery).toMatchObject({ id: dead.id, attempts: 0 });
  await receiver.arrived(WAITS_MS.length + 1);
  expect(await attempted(id, 1)).toMatchObject({ state: 'delivered' });
  await kit.api('DELETE', `webhooks/${id}`);
});

test('when the overlap of a rotation is over, the new secret alone signs', async () => {
  kit.clock.now = Date.now();
  const { body } = await kit.api('POST', 'webhooks', { id: 'rotated', url: receiver.url });
  const id = body.webhook.id as string;
  const rotated = await kit.api('POST', `webhooks/${id}/rotate`, { overlap: '1h' });
  const takes = (secret: string, { text, headers }: Received): boolean => {
    try {
      new Webhook(secret).verify(text, headers);
      return true;
    } catch {
      return false;
    }
  };
  const secrets = [body.secret as string, rotated.body.secret as string];
  await kit.api('POST', `webhooks/${id}/test`);
  const [within] = (await receiver.arrived(1)) as [Received];
  expect(secrets.map((secret) => takes(secret, within))).toEqual([true, true]);
  // The receiver's library compares with its own clock: only the signatures are looked at here.
  kit.clock.now += 3_600_000;
  await kit.api('POST', `webhooks/${id}/test`);
  const [, after] = (await receiver.arrived(2)) as [Received, Received];
  const { 'webhook-id': message = '', 'webhook-timestamp': at, 'webhook-signature': signature } = after.headers;
  expect(signature).toBe(new Webhook(secrets[1] ?? '').sign(message, new Date(Number(at) * 1_000), after.text));
});
