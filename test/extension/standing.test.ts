// What is known of a gateway, and how new it is, while it runs, is slow, is gone, is another, or knows the key no more. Unknown is never zero
// and old is never new.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Pairing, Standing, ToView } from '../../extension/src/messages.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startClockedGateway } from '../kit/clocked-gateway.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const SOON = { timeout: 10_000, interval: 20 };

let gateway: GatewayKit;
let kit: BrowserKit;
let pairing: Pairing;
let view: Page;

beforeAll(async () => {
  [gateway, kit] = await Promise.all([startGateway(), openBrowser()]);
  pairing = await kit.pair(gateway);
  view = await openView();
});
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all([gateway.close(), kit.close()]);
});

interface Watching {
  heard: { at: number; message: ToView }[];
}

/** A page that watches standings as the popup does, and nothing else. */
async function openView(): Promise<Page> {
  const page = await kit.openPage('manifest.json');
  await page.evaluate(() => {
    const heard: Watching['heard'] = [];
    Object.assign(globalThis, { heard });
    const connect = (): void => {
      const port = chrome.runtime.connect({ name: 'view' });
      port.onMessage.addListener((message: unknown) => heard.push({ at: Date.now(), message: message as ToView }));
      port.onDisconnect.addListener(() => setTimeout(connect, 50));
      port.postMessage({ type: 'visible' });
    };
    connect();
  });
  return page;
}

/** The standing that was told last. */
async function told(id = pairing.id): Promise<Standing | undefined> {
  const last = await view.evaluate(() => (globalThis as unknown as Watching).heard.at(-1)?.message);
  return last?.standings.find((one) => one.pairing.id === id);
}

async function spend(): Promise<number> {
  const answer = await gateway.call('/plain/ok');
  await answer.text();
  expect(answer.status).toBe(200);
  return Number(answer.headers.get('credits-available'));
}

/** Something else answers at the gateway's address, until it is closed. */
async function standIn(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(Number(new URL(gateway.url).port), '127.0.0.1', resolve);
  });
  return server;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

test('while something of ours is visible the balance is live, and a charge is seen within a moment', async () => {
  await vi.waitFor(async () => expect(await told()).toMatchObject({ link: 'live', balance: { available: 1_000 } }), SOON);
  const tookMs: number[] = [];
  for (let number = 0; number < 10; number += 1) {
    const available = await spend();
    const chargedAt = Date.now();
    const seenAt = await vi.waitFor(async () => {
      const messages = await view.evaluate(() => (globalThis as unknown as Watching).heard);
      const seen = messages.find(({ message }) => message.standings[0]?.balance?.available === available);
      if (seen === undefined) throw new Error(`${available} is not seen`);
      return seen.at;
    }, SOON);
    tookMs.push(seenAt - chargedAt);
  }
  // The number of DESIGN (250 ms for 95 of 100) is measured by the benchmark; here a loaded machine has some room.
  expect(tookMs.toSorted((one, other) => one - other)[5]).toBeLessThan(400);
});

test('a worker that was ended goes on behind what it had seen', async () => {
  await kit.killWorker();
  const available = await spend();
  await vi.waitFor(async () => expect(await told()).toMatchObject({ link: 'live', balance: { available } }), SOON);
});

test('a gateway that is down is offline, not zero; what was known stays, with its age; and it goes on by itself', async () => {
  const before = await spend();
  await vi.waitFor(async () => expect((await told())?.balance?.available).toBe(before), SOON);
  await gateway.end('SIGKILL');
  const host = new URL(gateway.url).host;
  await vi.waitFor(async () => {
    expect(await told()).toMatchObject({ link: 'offline', balance: { available: before }, problem: { code: 'offline' } });
  }, SOON);
  const { problem, asOf } = (await told()) ?? {};
  expect(problem?.message).toContain(`${host} does not answer`);
  expect(Date.now() - (asOf ?? 0)).toBeLessThan(60_000);
  await gateway.start();
  const after = await spend();
  await vi.waitFor(
    async () => expect(await told()).toMatchObject({ link: 'live', balance: { available: after }, problem: null }),
    { ...SOON, timeout: 40_000 },
  );
});

const OTHERS: readonly (readonly [string, RequestListener, string])[] = [
  ['HTML', (_, res) => res.setHeader('content-type', 'text/html').end('<h1>It works</h1>'), 'not_a_gateway'],
  ['JSON of something else', (_, res) => res.setHeader('content-type', 'application/json').end('{"balance":0}'), 'not_a_gateway'],
  ['a redirect to a login', (_, res) => res.writeHead(302, { location: '/login' }).end(), 'not_a_gateway'],
  [
    'more than 4 MB',
    (_, res) => res.setHeader('content-type', 'application/json').end(`"${'x'.repeat(4_100_000)}"`),
    'not_a_gateway',
  ],
  ['a connection that breaks', (req) => req.socket.destroy(), 'offline'],
  ['an error page', (_, res) => res.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'), 'not_a_gateway'],
];

test('what answers in its place is no gateway: said so, nothing is taken from it, the last balance stays as old', async () => {
  const before = (await told())?.balance?.available;
  await gateway.end();
  for (const [what, listener, code] of OTHERS) {
    const seen: string[] = [];
    const server = await standIn((req, res) => {
      seen.push(req.headers.cookie ?? 'no cookie');
      listener(req, res);
    });
    await kit.ask('refresh', { pairing: pairing.id });
    const answer = await kit.ask('standings', {});
    const standing = answer.ok ? answer.answer.standings[0] : undefined;
    expect(standing, what).toMatchObject({ balance: { available: before }, problem: { code } });
    expect(['stale', 'offline'], what).toContain(standing?.link);
    expect(await kit.ask('calls', { pairing: pairing.id, before: null, limit: 5 }), what).toMatchObject({ ok: false });
    expect(new Set(seen), what).toEqual(new Set(['no cookie']));
    await closed(server);
  }
  await gateway.start();
  await kit.ask('refresh', { pairing: pairing.id });
  await vi.waitFor(async () => expect(await told()).toMatchObject({ problem: null }), SOON);
});

test('a gateway whose clock is hours off is as new as it is', async () => {
  const off = await startClockedGateway({ at: Date.now() - 7 * 3_600_000 });
  const late = await kit.pair(off);
  await vi.waitFor(async () => expect(await told(late.id)).toMatchObject({ link: 'live' }), SOON);
  const { asOf } = (await told(late.id)) ?? {};
  expect(Math.abs(Date.now() - (asOf ?? 0))).toBeLessThan(30_000);
  await kit.ask('unpair', { pairing: late.id });
  await off.close();
});

test('a key that was revoked is refused: said what to do, not asked again, the last balance stays as old', async () => {
  const before = await spend();
  await vi.waitFor(async () => expect((await told())?.balance?.available).toBe(before), SOON);
  expect((await gateway.api('DELETE', `keys/${pairing.keyId}`)).status).toBe(200);
  await vi.waitFor(async () => {
    expect(await told()).toMatchObject({ link: 'refused', problem: { code: 'key_unknown' }, balance: { available: before } });
  }, SOON);
  expect((await told())?.problem?.message).toContain('until you pair again');
  const again = await kit.pair(gateway);
  await vi.waitFor(async () => expect(await told(again.id)).toMatchObject({ link: 'live', problem: null }), SOON);
});
