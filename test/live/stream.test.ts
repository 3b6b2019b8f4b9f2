// The event stream of a real gateway: what it tells, where it goes on, and when it ends.
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call as callShape } from '@tollgate/shared/contract';
import { streamed, told as toldShape } from '@tollgate/shared/live-contract';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openStream, type EventStream, type Message } from './event-stream.ts';

let kit: GatewayKit;

beforeAll(async () => {
  kit = await startGateway();
});
afterAll(() => kit.close());

/** A call that costs something; its id. */
async function paid(key = kit.spendKey): Promise<string> {
  const answer = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  expect(Number(answer.headers.get('credits-cost'))).toBeGreaterThan(0);
  return answer.headers.get('credits-call') ?? '';
}

test('who opens a stream is told the balance and the rate card, and then what happens, as it happens', async () => {
  const stream = await openStream(kit.url, kit.spendKey);
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('cache-control')).toBe('no-store');
  const [balance] = (await stream.told('balance', 1)) as [Message];
  expect(balance.data).toEqual((await kit.api('GET', 'balance', undefined, kit.spendKey)).body);
  const [card] = (await stream.told('card', 1)) as [Message];
  expect(streamed.card.parse(card.data)).toMatchObject({ version: expect.any(String) as string });
  const from = performance.now();
  const id = await paid();
  const [receipt] = (await stream.told('receipt', 1)) as [Message];
  expect(performance.now() - from).toBeLessThan(3_000);
  expect(callShape.parse(receipt.data)).toMatchObject({ id, state: 'settled' });
  const [, after] = (await stream.told('balance', 2)) as [Message, Message];
  expect(after.data.available + receipt.data.charge).toBeCloseTo(balance.data.available, 6);
  stream.close();
});

test('context says whose balance is told; one that the key has not is refused before anything is opened', async () => {
  const organization = (await kit.api('GET', 'balance', undefined, kit.spendKey)).body.organization as string;
  expect((await kit.api('POST', 'workspaces', { name: 'lab' })).status).toBe(201);
  const { text } = await kit.makeKey({ scope: 'view', contexts: ['lab'] });
  const query = `?context=${encodeURIComponent(`${organization}/lab`)}`;
  const stream = await openStream(kit.url, text, { query });
  const [first] = (await stream.told('balance', 1)) as [Message];
  expect(first.data.context.workspace).toBe('lab');
  await kit.grant(2);
  const [, second] = (await stream.told('balance', 2)) as [Message, Message];
  expect([second.data.context.workspace, second.data.available - first.data.available]).toEqual(['lab', 2]);
  const refused = await kit.api('GET', 'events?context=nowhere', undefined, text);
  expect([refused.status, refused.body.field]).toEqual([403, 'query.context']);
  // Closed while it is watched: the stream ends, instead of standing there without balances.
  expect((await kit.api('DELETE', 'workspaces/lab')).status).toBe(200);
  await kit.grant(2);
  await stream.ended;
  expect(stream.messages.filter(({ event }) => event === 'balance')).toHaveLength(2);
});

test('types picks what is told; an unknown one is refused with its place', async () => {
  const stream = await openStream(kit.url, kit.operateKey, { query: '?types=grant.made' });
  await kit.grant(1, { reason: 'picked' });
  const [grant] = (await stream.told('grant.made', 1)) as [Message];
  expect(toldShape.parse(grant.data)).toMatchObject({ type: 'grant.made', data: { amount: 1, reason: 'picked' } });
  expect(stream.messages.map(({ event }) => event)).toEqual(['grant.made']);
  stream.close();
  expect(await kit.api('GET', 'events?types=grant.made,money')).toMatchObject({
    status: 422,
    body: { code: 'input_invalid', field: 'query.types' },
  });
});

test('a client that comes back is told what it missed, once and in order, also over a kill of the gateway', async () => {
  const first = await openStream(kit.url, kit.spendKey, { query: '?types=receipt' });
  const expected = [await paid(), await paid(), await paid()];
  const seen = (await first.told('receipt', 3)).map(({ data }) => data.id as string);
  const [, second] = first.messages as [Message, Message];
  first.close();
  expected.push(await paid(), await paid());
  await kit.end('SIGKILL');
  await kit.start();
  expected.push(await paid());
  // From its second message: the third comes again to whoever did not see it, the first two do not.
  const resumed = await openStream(kit.url, kit.spendKey, { query: '?types=receipt', lastEventId: second.id });
  await resumed.told('receipt', 4);
  expected.push(await paid());
  const again = (await resumed.told('receipt', 5)).map(({ data }) => data.id as string);
  expect([...seen.slice(0, 2), ...again]).toEqual(expected);
  resumed.close();
  const last = await openStream(kit.url, kit.spendKey, {
    query: '?types=receipt',
    lastEventId: resumed.messages.at(-1)?.id ?? '',
  });
  expected.push(await paid());
  expect((await last.told('receipt', 1)).map(({ data }) => data.id as string)).toEqual(expected.slice(-1));
  last.close();
});

test('a cursor of another store begins with the present and says so; what is none is refused', async () => {
  const stream = await openStream(kit.url, kit.spendKey, { lastEventId: '900000000.3' });
  const [reset] = (await stream.told('reset', 1)) as [Message];
  expect(reset.data.reason).toContain('not told again');
  expect(reset.id).toMatch(/^\d+\.\d+$/);
  await stream.told('balance', 1);
  stream.close();
  const wrong = await fetch(`${kit.url}/tollgate/v1/events`, {
    headers: { authorization: `Bearer ${kit.spendKey}`, 'last-event-id': 'yesterday' },
  });
  expect(await wrong.json()).toMatchObject({ status: 422, code: 'input_invalid', field: 'header.last-event-id' });
});

test('a spend key is told its own calls, a view key those of its workspace', async () => {
  const other = await kit.makeKey({ scope: 'spend' });
  const view = await kit.makeKey({ scope: 'view' });
  const [own, all] = [await openStream(kit.url, kit.spendKey), await openStream(kit.url, view.text)];
  const theirs = await paid(other.text);
  const mine = await paid();
  expect((await all.told('receipt', 2)).map(({ data }) => data.id as string)).toEqual([theirs, mine]);
  expect((await own.told('receipt', 1)).map(({ data }) => data.id as string)).toEqual([mine]);
  own.close();
  all.close();
});

test('a stream ends within two seconds once its key was revoked', async () => {
  const key = await kit.makeKey({ scope: 'view' });
  const stream = await openStream(kit.url, key.text);
  await stream.told('balance', 1);
  const at = performance.now();
  await kit.api('DELETE', `keys/${key.id}`);
  await stream.ended;
  expect(performance.now() - at).toBeLessThan(5_000);
  expect(await openStream(kit.url, key.text)).toMatchObject({ status: 401 });
});

test('no more streams than a key may have, and a place is free again once one is closed', async () => {
  const key = await kit.makeKey({ scope: 'view' });
  const streams: EventStream[] = [];
  for (let number = 0; number < 16; number += 1) streams.push(await openStream(kit.url, key.text));
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200));
  const refused = await openStream(kit.url, key.text);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  streams[3]?.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const next = await openStream(kit.url, key.text);
  expect(next.status).toBe(200);
  for (const stream of [...streams, next]) stream.close();
});

test('a client that leaves without a word is noticed at once', async () => {
  const key = await kit.makeKey({ scope: 'view' });
  const { hostname, port } = new URL(kit.url);
  const open = async (): Promise<net.Socket> => {
    const socket = net.connect(Number(port), hostname);
    socket.write(`GET /tollgate/v1/events HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key.text}\r\n\r\n`);
    await once(socket, 'data');
    return socket;
  };
  const sockets: net.Socket[] = [];
  for (let number = 0; number < 16; number += 1) sockets.push(await open());
  expect((await openStream(kit.url, key.text)).status).toBe(503);
  // Its side is closed and nothing is reset, as where a program ended and its kernel says goodbye.
  const [first] = sockets as [net.Socket];
  first.resume().end();
  await once(first, 'close');
  const next = await openStream(kit.url, key.text);
  expect(next.status).toBe(200);
  next.close();
  for (const socket of sockets) socket.destroy();
});

test('HEAD looks and opens nothing', async () => {
  const head = await fetch(`${kit.url}/tollgate/v1/events`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${kit.spendKey}` },
  });
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    '',
  ]);
});

test('the key goes in a header and never in the address', async () => {
  const answer = await fetch(`${kit.url}/tollgate/v1/events?key=${kit.spendKey}`);
  expect(answer.status).toBe(401);
});

test('a shutdown ends streams and does not wait for them', async () => {
  const stream = await openStream(kit.url, kit.spendKey);
  await stream.told('balance', 1);
  const at = performance.now();
  const ending = kit.end('SIGTERM');
  await stream.ended;
  expect(performance.now() - at).toBeLessThan(3_000);
  expect((await ending).code).toBe(0);
  await kit.start();
});
