// The toolbar button as a person sees it: quiet at first, never more than there is, and its title with the exact figure.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Settings } from '../../extension/src/messages.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const SOON = { timeout: 10_000, interval: 50 };
const GREY = [106, 102, 93, 255];
const LOW = [138, 83, 0, 255];
const STOPPED = [163, 42, 34, 255];

let gateway: GatewayKit;
let kit: BrowserKit;
let bare: Page;

beforeAll(async () => {
  [gateway, kit] = await Promise.all([startGateway({ credits: 0 }), openBrowser()]);
  bare = await kit.openPage('manifest.json');
});
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all([gateway.close(), kit.close()]);
});

interface Seen {
  text: string;
  title: string;
  colour: number[];
}

function seen(): Promise<Seen> {
  return bare.evaluate(async () => ({
    text: await chrome.action.getBadgeText({}),
    title: await chrome.action.getTitle({}),
    colour: [...(await chrome.action.getBadgeBackgroundColor({}))],
  }));
}

async function shows(wanted: Partial<Seen>): Promise<void> {
  await vi.waitFor(async () => expect(await seen()).toMatchObject(wanted), SOON);
}

async function set(change: Partial<Settings>): Promise<void> {
  expect(await kit.ask('settings', { change })).toMatchObject({ ok: true });
}

/** Asks the gateway now, as nobody watches. */
async function look(): Promise<void> {
  const answer = await kit.ask('standings', {});
  const pairing = answer.ok ? answer.answer.settings.shown : null;
  expect(await kit.ask('refresh', { pairing: pairing ?? '' })).toMatchObject({ ok: true });
}

test('without a gateway it says nothing, and its title why', async () => {
  await shows({ text: '', title: 'Tollgate: no gateway is paired' });
});

test('at first it is silent while there is enough; the title has the exact figure and whose it is', async () => {
  await gateway.grant(7_412.612345);
  await kit.pair(gateway);
  await shows({ text: '', title: '7,412.612345 credits · main/main' });
});

test.each<[Settings['badge'], string]>([
  ['remaining', '7.4K'],
  ['percent', '100%'],
  ['off', ''],
  ['low', ''],
])('%s: %s, at once', async (badge, text) => {
  await set({ badge });
  await shows({ text, colour: GREY });
});

test('low: it speaks in its colour when little is left, floored', async () => {
  const spent = await gateway.call('/plain/ok');
  expect(spent.status).toBe(200);
  await set({ badge: 'low', lowPercent: 100 });
  await look();
  await shows({ text: '7.4K', colour: LOW });
  await set({ lowPercent: 20 });
  await shows({ text: '' });
});

test('spent today is what the gateway says of the day', async () => {
  await set({ badge: 'today' });
  await look();
  const { body } = await gateway.api('GET', 'usage?by=day&days=1&zone=UTC');
  expect(body.total).toBeGreaterThan(0);
  await shows({ text: body.total < 1 ? '<1' : String(Math.floor(body.total * 10) / 10) });
});

test('many changes are at most one a second, and the last one is shown', async () => {
  await set({ badge: 'remaining' });
  await bare.evaluate(() => {
    const texts: string[] = [];
    Object.assign(globalThis, { texts });
    const note = async (): Promise<void> => {
      const text = await chrome.action.getBadgeText({});
      if (texts.at(-1) !== text) texts.push(text);
      setTimeout(() => void note(), 10);
    };
    void note();
  });
  const from = performance.now();
  for (const badge of ['off', 'percent', 'off', 'remaining', 'off', 'percent', 'off', 'remaining', 'percent'] as const)
    await set({ badge });
  await shows({ text: expect.stringContaining('%') as string });
  const seconds = (performance.now() - from) / 1_000;
  const texts = await bare.evaluate(() => (globalThis as unknown as { texts: string[] }).texts);
  expect(texts.length).toBeLessThanOrEqual(Math.ceil(seconds) + 2);
});

test('what nobody watches is asked by the clock of the browser, also when the worker was ended', async () => {
  await set({ badge: 'off' });
  await look();
  await kit.killWorker();
  const spent = await gateway.call('/plain/ok');
  const available = Number(spent.headers.get('credits-available'));
  // The alarm of every 30 s, now.
  await bare.evaluate(() => chrome.alarms.create('refresh', { when: Date.now() }));
  await vi.waitFor(
    async () => expect(Number((await seen()).title.replace(/ credits.*/s, '').replace(',', ''))).toBe(available),
    SOON,
  );
  expect(await bare.evaluate(() => chrome.alarms.getAll())).toMatchObject([{ name: 'refresh', periodInMinutes: 0.5 }]);
});

test('old news is not shown as new: a gateway that is down has no figure on the badge, and the title says since when', async () => {
  await set({ badge: 'remaining' });
  await gateway.end('SIGKILL');
  await look();
  await shows({ text: '–', colour: GREY });
  const { title } = await seen();
  expect(title).toMatch(/^7,4\d\d\.\d+ credits · main\/main\nAs of .+\n127\.0\.0\.1:\d+ does not answer/);
  await set({ badge: 'low' });
  await shows({ text: '' });
  await gateway.start();
  await look();
});

test('a key that was revoked is red, and the title says what to do', async () => {
  const answer = await kit.ask('standings', {});
  const keyId = answer.ok ? answer.answer.standings[0]?.pairing.keyId : '';
  await gateway.api('DELETE', `keys/${keyId}`);
  await look();
  await shows({ text: '!', colour: STOPPED, title: expect.stringContaining('Pair again') as string });
  await set({ badge: 'off' });
  await shows({ text: '' });
});
