// The demo's applications in a browser without the extension: their buttons do what they say, and spend through the gateway.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openPlainBrowser, type PlainBrowser } from '../kit/plain-browser.ts';

const PATIENCE = { timeout: 15_000 };
let kit: GatewayKit;
let chromium: PlainBrowser;
let page: Page;
beforeAll(async () => {
  [kit, chromium] = await Promise.all([startGateway({ pages: true, upstream: ['--pace-ms', '0'] }), openPlainBrowser()]);
  page = await chromium.newPage();
});
afterAll(async () => {
  await Promise.all([kit.close(), chromium.close()]);
});

const open = (path: string): Promise<unknown> => page.goto(`${kit.upstream.origin}/demo/pages/${path}`);
const says = (selector: string, words: RegExp): Promise<void> =>
  expect.poll(() => page.$eval(selector, (found) => found.textContent ?? ''), PATIENCE).toMatch(words);
const charged = async (operation: string): Promise<number[]> => {
  const { body } = await kit.api('GET', 'calls?limit=100', undefined, kit.spendKey);
  const calls = body.calls as { operation: string; state: string; charge: number }[];
  return calls.filter((call) => call.operation === operation && call.state === 'settled').map(({ charge }) => charge);
};

test('the query editor runs, shows, exports and refreshes, and its address follows', async () => {
  await open('query');
  expect(new URL(page.url()).pathname).toBe('/demo/pages/query/4107');
  await page.waitForSelector('#account option');
  await page.click('#show-rows');
  await page.click('#run');
  await says('.state', /^Finished in .* s: \d+ rows, 5 columns\.$/);
  await page.click('#show-rows');
  await page.waitForSelector('#results tbody tr');
  expect(await page.$$eval('#results tbody tr', (rows) => rows.length)).toBe(20);
  await page.click('#export');
  await page.click('#export-csv');
  await expect.poll(() => charged('results.csv'), PATIENCE).toEqual([0.5]);
  await expect.poll(async () => (await charged('results.export')).length, PATIENCE).toBe(2);
  expect((await charged('query.execute'))[0]).toBeGreaterThan(10);
  await page.click('nav a[href$="dashboard"]');
  await page.click('#refresh-all');
  await says('.state', /^All widgets are new\.$/);
  expect(await page.$$eval('.bars', (bars) => bars.map(({ children }) => children.length))).toEqual([30, 30, 30]);
  await expect.poll(async () => (await charged('query.execute')).length, PATIENCE).toBe(4);
  await page.goBack();
  expect(await page.$('#run')).not.toBeNull();
  expect(chromium.errors).toEqual([]);
});

test('the automation, the chat and the record search name their calls for whoever stands beside them', async () => {
  await open('automation');
  await page.waitForSelector('#account option');
  await page.click('#run-scenario');
  await says('#state', /^The run is done\.$/);
  const run = await page.$eval('#scenario', (found) => found.getAttribute('data-credits-run') ?? '');
  expect((await kit.api('GET', 'calls?limit=1', undefined, kit.spendKey)).body.calls[0].labels).toMatchObject({ run });
  expect(await page.$$eval('[data-credits-module]', (found) => found.length)).toBe(5);
  await open('chat');
  await page.waitForSelector('#account option');
  await page.type('#text', 'Which companies grew?');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.message [data-credits-call]');
  const named = await page.$$eval('[data-credits-call]', (found) => found.map((one) => one.getAttribute('data-credits-call')));
  expect(named).toHaveLength(4);
  for (const id of named) expect((await kit.api('GET', `calls/${id}`, undefined, kit.spendKey)).status).toBe(200);
  await open('records');
  await page.waitForSelector('#account option');
  await page.click('#enrich');
  await says('#state', /^Not sent: choose companies first\.$/);
  await page.click('#search');
  await says('#state', /^25 of \d+ companies\.$/);
  await page.click('.choose');
  await page.click('#enrich');
  await says('#state', /^1 of 1 companies were enriched\.$/);
  await page.click('.open-record');
  await page.waitForSelector('#record h2');
  expect((await charged('businesses.read'))[0]).toBe(2);
  expect(chromium.errors).toEqual([]);
});

test('the page that fights back: it redraws, hides and lists as it says, and attacks what it did not make', async () => {
  await open('hostile?do=rerender,shadow,frames,list,hints,read,clone&theme=dark&dir=rtl');
  await page.waitForSelector('#account option');
  const first = await page.$('#panel .lookup');
  await expect.poll(() => first?.evaluate((one) => one.isConnected), PATIENCE).toBe(false);
  expect(await page.$$eval('#list .lookup', (rows) => rows.length)).toBeLessThan(30);
  await page.$eval('#list', (list) => list.scrollTo(0, 90_000));
  await page.waitForSelector('#list [data-record="row-2501"]');
  await expect.poll(() => page.frames().length, PATIENCE).toBe(3);
  expect(await page.$eval('#closed', (host) => host.shadowRoot)).toBeNull();
  await page.click('#list [data-record="row-2501"]');
  await says('#state', /row-2501/);
  await page.evaluate(`document.body.append(Object.assign(document.createElement('b'), { textContent: 'stands here' }))`);
  await says('#loot', /^B stands here/);
  expect(await page.$$eval('b', (found) => found.length)).toBe(2);
  await open('hostile?do=remove,cover,press,forge,all');
  await page.waitForSelector('#list [data-record="row-5000"]');
  await page.evaluate(`document.body.append(document.createElement('i'))`);
  await expect.poll(() => page.$('i'), PATIENCE).toBeNull();
  await page.click('h1');
  const timings = `performance.getEntriesByType('resource').flatMap(({ serverTiming }) => serverTiming.map(({ description }) => description)).join(' ')`;
  await expect.poll(() => page.evaluate(timings), PATIENCE).toContain('call_forged_');
  expect(chromium.errors).toEqual([]);
});
