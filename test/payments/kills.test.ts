// A real gateway process that is killed while payments come in: every message is sent until it is answered, as Stripe does, several times and in any
// order, and each payment is credited once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { randomFrom } from '../model/random.ts';
import { PLANS } from './plans.ts';
import { shuffled } from './storm-plan.ts';
import { sendSigned, sessionOf, startStripe, WEBHOOK_SECRET, type Event, type StripeKit } from './stripe-kit.ts';

const ORDERS = 200;
const TOP_UPS = 50;
const seed = Number(process.env['TOLLGATE_KILLS_SEED'] ?? Date.now() % 1_000_000_000);
let stripe: StripeKit;
let kit: GatewayKit;

beforeAll(async () => {
  stripe = await startStripe();
  kit = await startGateway({
    credits: 0,
    card: `card: kills\nservices: { plain: { path: /plain, upstream: plain, operations: [{ id: ok, match: GET /ok, price: [{ rate: 1 }] }] } }\n${PLANS}`,
    settings: `log: debug
public_url: https://gateway.example.com
payments:
  adapter: stripe
  stripe: { secret_key: "\${STRIPE_SECRET_KEY}", webhook_secret: "\${STRIPE_WEBHOOK_SECRET}", api_base: "${stripe.base}" }
`,
    environment: { STRIPE_SECRET_KEY: stripe.key, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
  });
});
afterAll(async () => {
  await kit.close();
  await stripe.end();
});

test(`each of ${ORDERS} payments is credited once, seed ${seed}`, { timeout: 120_000 }, async () => {
  const random = randomFrom(seed);
  const { text: manage } = await kit.makeKey({ id: 'boss', scope: 'manage' });
  const written: string[] = [];
  const messages: Event[] = [];
  let isOver = false;
  const killer = (async () => {
    for (let kills = 0; kills < 3; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200 + random.below(400)));
      if (isOver) return;
      await kit.end('SIGKILL');
      written.push(kit.output());
      await kit.start();
    }
  })();

  // Clients ask again with the same id until they are told where to pay.
  await inParallel(ORDERS, async (number) => {
    const order = await untilAnswered(async () => {
      const { status, body } = await kit.api(
        'POST',
        'orders',
        { id: `o${number}`, item: number % 3 === 0 ? 'large' : 'small' },
        manage,
      );
      return status < 300 && body.order.url !== null ? (body.order as { url: string }) : undefined;
    });
    const events = await stripe.happens('complete', { session: sessionOf(order), card: '4242' });
    messages.push(...events.flatMap((event) => Array.from({ length: 1 + random.below(4) }, () => event)));
  });
  const sent = shuffled(random, messages);
  await inParallel(sent.length, async (number) => {
    const event = sent[number];
    if (event === undefined) return;
    // Top-ups by hand come in between, each asked for several times.
    const topUp = { id: `hand-${number % TOP_UPS}`, amount: 7 };
    if (number < 3 * TOP_UPS)
      await untilAnswered(async () => ((await kit.api('POST', 'grants', topUp)).status < 300 ? true : undefined));
    await untilAnswered(async () => ((await sendSigned(kit.url, event, Date.now())).status === 200 ? true : undefined));
  });
  isOver = true;
  await killer;
  written.push(kit.output());

  expect(written.length, 'it was killed at least once').toBeGreaterThan(1);
  expect(await stripe.charged()).toHaveLength(ORDERS);
  const { grants } = (await kit.api('GET', 'grants?limit=1000')).body as { grants: { id: string; amount: number }[] };
  const wanted = Array.from({ length: ORDERS }, (_, number) => [`order:main:o${number}`, number % 3 === 0 ? 400 : 50] as const);
  const byHand = Array.from({ length: TOP_UPS }, (_, number) => [`hand-${number}`, 7] as const);
  expect(grants).toHaveLength(ORDERS + TOP_UPS);
  expect(new Map(grants.map(({ id, amount }) => [id, amount]))).toEqual(new Map([...wanted, ...byHand]));
  const { orders } = (await kit.api('GET', 'orders?limit=1000', undefined, manage)).body as { orders: { state: string }[] };
  expect(orders.map(({ state }) => state)).toEqual(Array.from({ length: ORDERS }, () => 'paid'));
  const sum = [...wanted, ...byHand].reduce((all, [, credits]) => all + credits, 0);
  expect((await kit.api('GET', 'balance', undefined, kit.spendKey)).body.available).toBe(sum);
  expect((await kit.api('GET', 'verify')).body).toMatchObject({ findings: [] });
  for (const text of written) {
    expect(text).not.toContain(stripe.key);
    expect(text).not.toContain(WEBHOOK_SECRET);
  }
});

/** Twenty at a time. */
async function inParallel(count: number, run: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

/** Again and again, also while nobody listens. */
async function untilAnswered<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('never answered');
}
