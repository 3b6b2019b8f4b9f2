import { expect, test } from 'vitest';
import type { Delivery, EventRow } from '../ledger/beside.ts';
import type { Webhook } from '../people/documents.ts';
import { deliveryOf, fanOut, type FanOutParts } from './fan-out.ts';

const webhook = (id: string, more: Partial<Webhook> = {}): Webhook => ({
  id,
  organization: 'acme',
  url: 'https://example.com/',
  types: [],
  secret: 1,
  rotatedUntil: null,
  disabled: null,
  ...more,
});
const event = (number: number, more: Partial<EventRow> = {}): EventRow => ({
  number,
  id: `e${number}`,
  type: 'grant.made',
  organization: 'acme',
  workspace: null,
  at: 0,
  data: {},
  ...more,
});

/** What was given out, write by write. */
async function givenOut(webhooks: readonly Webhook[], events: readonly EventRow[]): Promise<[upTo: number, ids: string[]][]> {
  const writes: [number, string[]][] = [];
  let place = 0;
  const store: FanOutParts['store'] = {
    fannedOut: () => Promise.resolve(place),
    events: ({ after, limit }) => Promise.resolve(events.filter(({ number }) => number > after).slice(0, limit)),
    fanOut: (deliveries: readonly Delivery[], upTo) => {
      writes.push([upTo, deliveries.map(({ id }) => id)]);
      place = upTo;
      return Promise.resolve();
    },
  };
  const list = (_: string, { organization }: { organization?: string }): Promise<unknown> =>
    Promise.resolve(webhooks.filter((one) => one.organization === organization).map((body) => ({ body, version: 1, at: 0 })));
  const directory = { list } as unknown as FanOutParts['directory'];
  while (await fanOut({ store, directory, now: () => 5 })) continue;
  return writes;
}

test('each event goes to the webhooks of its organization that want its type, and to none that is off', async () => {
  const webhooks = [
    webhook('all'),
    webhook('some', { types: ['key.changed'] }),
    webhook('off', { disabled: 'switched off' }),
    webhook('theirs', { organization: 'umbrella' }),
  ];
  const events = [
    event(1),
    event(2, { type: 'key.changed' }),
    event(3, { organization: 'umbrella' }),
    event(4, { organization: 'nobody' }),
  ];
  expect(await givenOut(webhooks, events)).toEqual([
    [4, ['000000000001.all', '000000000002.all', '000000000002.some', '000000000003.theirs']],
  ]);
});

test('a test goes to its own webhook alone, whatever types that one wants', async () => {
  const tested = event(7, { type: 'webhook.tested', data: { webhook: 'some' } });
  expect(await givenOut([webhook('all'), webhook('some', { types: ['key.changed'] })], [tested])).toEqual([
    [7, ['000000000007.some']],
  ]);
});

test('many are given out in writes of a bounded size, none left out and none twice', async () => {
  const webhooks = Array.from({ length: 20 }, (_, number) => webhook(`wh-${number}`));
  const events = Array.from({ length: 1_201 }, (_, index) => event(index + 1));
  const writes = await givenOut(webhooks, events);
  const ids = writes.flatMap(([, written]) => written);
  expect([ids.length, new Set(ids).size]).toEqual([1_201 * 20, 1_201 * 20]);
  expect(Math.max(...writes.map(([, written]) => written.length))).toBe(1_000);
  expect(writes.at(-1)?.[0]).toBe(1_201);
});

test('without a webhook only the place moves on', async () => {
  expect(
    (
      await givenOut(
        [],
        Array.from({ length: 700 }, (_, index) => event(index + 1)),
      )
    ).map(([upTo]) => upTo),
  ).toEqual([500, 700]);
});

test('a replay is a delivery of its own', () => {
  expect(deliveryOf(12, 'wh-1', 5, 2)).toMatchObject({ id: '000000000012.wh-1.2', state: 'waiting', attempts: 0, nextAt: 5 });
});
