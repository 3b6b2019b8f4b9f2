import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Delivery, EventRow } from '../ledger/beside.ts';
import type { Directory } from '../people/directory.ts';
import type { Webhook } from '../people/documents.ts';
import { deliveryOf } from './fan-out.ts';
import { createTargets } from './target.ts';
import { startWebhooks, type WebhookParts, type Webhooks } from './webhooks.ts';

/** Deliveries in a map, with events and webhooks that are always there. */
function storeOf(webhooks: readonly Webhook[], deliveries: readonly Delivery[], at: number) {
  const rows = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  const faults = { puts: 0 };
  const event: Omit<EventRow, 'number'> = { id: 'e', type: 'grant.made', organization: 'acme', workspace: null, at, data: {} };
  const store: WebhookParts['store'] = {
    fannedOut: () => Promise.resolve(1_000),
    fanOut: () => Promise.resolve(),
    events: ({ after, limit }) => Promise.resolve(limit === 1 ? [{ ...event, number: after + 1 }] : []),
    dueDeliveries: (now, most, except = []) =>
      Promise.resolve(
        [...rows.values()]
          .filter(({ nextAt, webhook }) => nextAt !== null && nextAt <= now && !except.includes(webhook))
          .slice(0, most),
      ),
    putDelivery: (delivery) => {
      faults.puts -= 1;
      if (faults.puts >= 0) return Promise.reject(new Error('the disk did not answer'));
      rows.set(delivery.id, delivery);
      return Promise.resolve();
    },
  };
  const kept = (id: string): { body: Webhook; version: number; at: number } | undefined => {
    const body = webhooks.find((webhook) => webhook.id === id);
    return body === undefined ? undefined : { body, version: 1, at };
  };
  const directory = {
    get: (_: string, id: string) => Promise.resolve(kept(id)),
    list: () => Promise.resolve([]),
    write: () => Promise.reject(new Error('nothing is written here')),
  } as unknown as Directory;
  return { rows, store, directory, faults };
}

function webhookTo(id: string, url: string): Webhook {
  return { id, organization: 'acme', url, types: [], secret: 1, rotatedUntil: null, disabled: null };
}

const open: { webhooks?: Webhooks; servers: http.Server[] } = { servers: [] };
afterEach(async () => {
  await open.webhooks?.stop();
  for (const server of open.servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serverOf(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener);
  open.servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function start(parts: Pick<WebhookParts, 'store' | 'directory'>, errors: string[] = []): void {
  open.webhooks = startWebhooks({
    ...parts,
    targets: createTargets({ allowPrivate: true }),
    timeoutMs: 15_000,
    secret: 'a secret of tests',
    now: () => 1_000,
    random: () => 0,
    log: {
      error: (_: unknown, message?: string) => void errors.push(message ?? ''),
      warn: (facts: unknown) => void errors.push(JSON.stringify(facts)),
    },
    everyMs: 20,
  });
}

/** Waits for what a server counts; the test's own time is the limit. */
async function reached(count: () => number, least: number): Promise<void> {
  while (count() < least) await pause(5);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a receiver that hangs has few attempts at once, and keeps nobody else waiting', async () => {
  let hanging = 0;
  const slow = await serverOf(() => (hanging += 1));
  let delivered = 0;
  const quick = await serverOf((_, res) => {
    delivered += 1;
    res.writeHead(204).end();
  });
  // Two webhooks of one slow host, with more due, and due before, than is read at a time.
  const deliveries = [
    ...Array.from({ length: 300 }, (_, number) => deliveryOf(number + 1, number % 2 === 0 ? 'slow' : 'slow-too', 10)),
    ...Array.from({ length: 40 }, (_, number) => deliveryOf(number + 1, 'quick', 20)),
  ];
  const parts = storeOf([webhookTo('slow', slow), webhookTo('slow-too', slow), webhookTo('quick', quick)], deliveries, 0);
  start(parts);
  await reached(() => delivered, 40);
  await pause(50);
  expect([hanging, delivered]).toEqual([4, 40]);
  expect([...parts.rows.values()].filter(({ webhook }) => webhook === 'quick').every(({ state }) => state === 'delivered')).toBe(
    true,
  );
  // Broken off, they are as they were: attempted again after the next start.
  await open.webhooks?.stop();
  expect([...parts.rows.values()].filter(({ attempts }) => attempts > 0)).toHaveLength(40);
});

test('an organization with many hosts that hang leaves places for the others', async () => {
  let hanging = 0;
  const hosts = await Promise.all(Array.from({ length: 6 }, () => serverOf(() => (hanging += 1))));
  let delivered = 0;
  const quick = await serverOf((_, res) => {
    delivered += 1;
    res.writeHead(204).end();
  });
  const theirs = hosts.map((url, number) => ({ ...webhookTo(`slow-${number}`, url), organization: 'umbrella' }));
  const deliveries = theirs.flatMap(({ id }) => Array.from({ length: 50 }, (_, number) => deliveryOf(number + 1, id, 10)));
  const parts = storeOf([...theirs, webhookTo('quick', quick)], [...deliveries, deliveryOf(1, 'quick', 20)], 0);
  start(parts);
  await reached(() => delivered, 1);
  await pause(50);
  expect(hanging).toBe(8);
});

test('one that may have arrived is not sent over and over while the store does not answer', async () => {
  let arrived = 0;
  const url = await serverOf((_, res) => {
    arrived += 1;
    res.writeHead(204).end();
  });
  const parts = storeOf([webhookTo('one', url)], [deliveryOf(1, 'one', 10)], 0);
  parts.faults.puts = Infinity;
  const errors: string[] = [];
  start(parts, errors);
  await reached(() => errors.length, 1);
  await pause(200);
  expect([arrived, errors]).toEqual([1, ['what came of a delivery could not be written']]);
});

test('what is for a webhook that was deleted or switched off is given up, and not sent', async () => {
  let arrived = 0;
  const url = await serverOf(() => (arrived += 1));
  const off = { ...webhookTo('off', url), disabled: 'switched off by web' };
  const parts = storeOf([off], [deliveryOf(1, 'off', 10), deliveryOf(2, 'gone', 10)], 0);
  const warnings: string[] = [];
  start(parts, warnings);
  await reached(() => warnings.length, 2);
  expect([...parts.rows.values()].map(({ state, lastError }) => [state, lastError])).toEqual([
    ['dead', 'not sent: switched off by web'],
    ['dead', 'not sent: the webhook was deleted'],
  ]);
  expect(arrived).toBe(0);
  expect(warnings.join()).not.toContain(url);
});
