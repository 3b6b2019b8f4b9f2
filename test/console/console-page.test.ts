// The console's own pages, where links of the popup lead: a person signs in once and goes from view to view.
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openPlainBrowser, type PlainBrowser } from '../kit/plain-browser.ts';

const { source: axe } = createRequire(import.meta.url)('axe-core') as { source: string };

let kit: GatewayKit;
let chromium: PlainBrowser;
let page: Page;
let callId: string;
beforeAll(async () => {
  [kit, chromium] = await Promise.all([startGateway({ pages: true }), openPlainBrowser()]);
  const answer = await kit.call('/records/v1/businesses/b-1', { headers: { baggage: 'scenario=<b>bold</b>' } });
  callId = answer.headers.get('credits-call') ?? '';
  await answer.text();
  page = await chromium.newPage();
});
afterAll(async () => {
  await Promise.all([kit.close(), chromium.close()]);
});

const open = (path: string): Promise<unknown> => page.goto(`${kit.url}/tollgate/console/${path}`);
const view = (): Promise<string> => page.$eval('#view', (found) => found.textContent ?? '');
const title = (words: string): Promise<void> =>
  expect.poll(() => page.$$eval('#view h1', ([found]) => found?.textContent ?? ''), { timeout: 10_000 }).toBe(words);

async function signIn(key: string): Promise<void> {
  await page.$eval('#key', (field) => ((field as { value: string }).value = ''));
  await page.type('#key', key);
  await page.keyboard.press('Enter');
}

async function violations(): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

test('a link to a receipt: who signs in there sees it, and from there what is left and where it went', async () => {
  await open(`calls/${callId}`);
  await signIn('tg_view_nonsense');
  await expect.poll(() => page.$eval('#problem', (found) => found.textContent), { timeout: 10_000 }).toContain('Not signed in.');
  expect(await view()).toBe('');
  expect(await violations()).toEqual([]);
  await signIn(kit.spendKey);
  await title('businesses.read');
  expect(await view()).toContain('2 per call');
  expect(await view()).toContain('Label scenario<b>bold</b>');
  expect(await violations()).toEqual([]);

  await page.click('nav a[data-view="usage"]');
  await title('Where did the last 30 days go?');
  expect(await view()).toContain('Enrichment12');
  expect(await page.$$eval('#view tbody', (bodies) => bodies.map(({ children }) => children.length))).toEqual([1, 30]);
  expect(await violations()).toEqual([]);

  await page.click('nav a[data-view=""]');
  await title('What is left');
  expect(new URL(page.url()).pathname).toBe('/tollgate/console/');
  expect(await view()).toContain('998 credits');
  expect(await violations()).toEqual([]);
  await page.click('#view a');
  await title('businesses.read');
  await page.goBack();
  await title('What is left');
  expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])')).not.toContain(
    'tg_',
  );
  await page.click('#sign-out');
  expect(await view()).toBe('');
  expect(chromium.errors).toEqual([]);
});

test('a key that is revoked meanwhile, and a receipt that is not this key’s', async () => {
  const { id, text } = await kit.makeKey({ id: 'brief', scope: 'spend' });
  await open('');
  await signIn(text);
  await title('What is left');
  await page.evaluate(`history.pushState(null, '', '/tollgate/console/calls/${callId}')`);
  await page.goBack();
  await page.goForward();
  await expect.poll(() => page.$eval('#problem', (found) => found.textContent), { timeout: 10_000 }).not.toBe('');
  expect(await view()).not.toContain('2 per call');
  await kit.api('DELETE', `keys/${id}`);
  await page.click('nav a[data-view="usage"]');
  await page.waitForSelector('#sign-in:not([hidden])');
  expect(await view()).toBe('');
});

test('files, views and nothing else', async () => {
  const status = async (path: string): Promise<number> =>
    (await fetch(`${kit.url}/tollgate/console${path}`, { redirect: 'manual' })).status;
  expect(await status('')).toBe(302);
  for (const path of [
    '/',
    '/usage',
    '/calls/any',
    '/pair',
    '/console.js',
    '/console-views.js',
    '/ask-gateway.js',
    '/console.css',
  ])
    expect([path, await status(path)]).toEqual([path, 200]);
  for (const path of ['/calls', '/calls/a/b', '/console.html', '/console-page.ts', '/usage/x', '/%2e%2e/app.ts'])
    expect([path, await status(path)]).toEqual([path, 404]);
});
