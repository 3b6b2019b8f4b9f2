// Asking before a click, and what it did cost after it: the demo's pages, a real gateway, real clicks.
import type { Frame, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Settings } from '../../extension/src/messages.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { cardOf, shownSigns, signBeside, waitForSigns } from '../kit/page-signs.ts';
import { servePages, type PagesKit } from '../kit/pages-server.ts';

const RUN = '[data-testid=run]';
const SOON = { timeout: 15_000, interval: 40 };

let gateway: GatewayKit;
let kit: BrowserKit;
let pages: PagesKit;
const open: Page[] = [];

beforeAll(async () => {
  [gateway, kit, pages] = await Promise.all([startGateway({ pages: true, credits: 5_000 }), openBrowser(), servePages()]);
  await kit.pair(gateway);
  for (const origin of [gateway.upstream.origin, pages.origin]) {
    const on = await kit.ask('siteOn', { origin });
    if (!on.ok) throw new Error(on.problem.message);
  }
});
afterEach(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all(open.splice(0).map((page) => page.close()));
});
afterAll(async () => {
  await Promise.all([gateway.close(), kit.close(), pages.close()]);
});

async function openAt(address: string): Promise<Page> {
  const page = await kit.newPage();
  open.push(page);
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(address);
  return page;
}

async function askAbove(above: number | null, more: Partial<Settings['ask']> = {}): Promise<void> {
  const answer = await kit.ask('settings', { change: { ask: { above, share: null, crossing: false, refused: false, ...more } } });
  if (!answer.ok) throw new Error(answer.problem.message);
}

/** The frame of the question, once a person can see it. */
async function questionOf(page: Page): Promise<Frame> {
  await expect.poll(async () => (await cardOf(page))?.isShown, SOON).toBe(true);
  const nonce = (await cardOf(page))?.url.split('#')[1] ?? 'none';
  const frame = page.frames().find((each) => each.url().endsWith(nonce));
  if (frame === undefined) throw new Error('no frame of the extension');
  return frame;
}

async function press(page: Page, name: 'Go ahead' | 'Stay'): Promise<void> {
  const frame = await questionOf(page);
  const button = await frame.waitForSelector(`::-p-xpath(//button[not(@disabled) and normalize-space()='${name}'])`);
  await button?.click();
  await expect.poll(() => cardOf(page), SOON).toBeNull();
}

/** A page of four ways to click, which counts what came through. */
async function clicksPage(): Promise<Page> {
  const said = 'data-credits-operation="query.execute" data-credits-input-body.performance="large" data-credits-via="gateway"';
  const page = await openAt(
    pages.put(
      '/clicks',
      `<p><button id="button" ${said}><b>Run</b></button></p><form id="form"><input name="field" aria-label="Field"> <button id="submit" ${said}>Send</button></form>
       <p><a id="link" href="#there" ${said}>Go there</a></p>`,
      {
        script: `globalThis.clicks = []; globalThis.early = []; addEventListener('click', (event) => { if (event.isTrusted && event.target.closest('button, a')) early.push(event.target.localName); }, true); addEventListener('DOMContentLoaded', () => {
          for (const id of ['button', 'link']) document.getElementById(id).addEventListener('click', (event) => clicks.push(id + ' ' + event.target.localName));
          document.getElementById('form').addEventListener('submit', (event) => { event.preventDefault(); clicks.push('form'); });
        });`,
      },
    ),
  );
  await waitForSigns(page, (signs) => signs.length === 3);
  return page;
}

function clicksOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { clicks: string[] }).clicks);
}

test('a click that passes the threshold is asked about; staying sends nothing, going ahead sends it once, and the tag becomes the cost', async () => {
  await askAbove(25);
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/query/4107`);
  await signBeside(page, RUN);
  const before = await gateway.upstream.arrived();
  await page.click(RUN);
  const text = await (await questionOf(page)).evaluate(() => document.body.innerText);
  expect(text).toMatch(/28/);
  expect((await cardOf(page))?.url).not.toContain('http:');
  await press(page, 'Stay');
  await page.click(RUN);
  await questionOf(page);
  await page.keyboard.press('Escape');
  await expect.poll(() => cardOf(page), SOON).toBeNull();
  expect(await gateway.upstream.arrived()).toBe(before);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Run');

  await page.click(RUN);
  await press(page, 'Go ahead');
  await expect.poll(async () => (await signBeside(page, RUN)).text, SOON).toMatch(/^−10\./);
  const cost = await signBeside(page, RUN);
  expect(cost.spoken).toMatch(/cost 10\./);
  const { body } = await gateway.api('GET', 'calls?limit=10');
  const executed = (body as { calls: { operation: string; charge: number }[] }).calls.filter(
    ({ operation }) => operation === 'query.execute',
  );
  expect(executed).toHaveLength(1);
  expect(cost.text).toBe(`−${executed[0]?.charge.toFixed(3).replace(/\.?0+$/, '')}`);

  // The receipt on hover; after it the price again.
  await page.hover(RUN);
  expect(await (await questionOf(page)).evaluate(() => document.body.innerText)).toContain('compute_seconds');
  await page.mouse.move(900, 780);
  await expect.poll(async () => (await signBeside(page, RUN)).text, SOON).not.toMatch(/^−/);
});

test('a cost that comes while the pointer is there stays when it goes', async () => {
  await askAbove(null);
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/query/4107`);
  await signBeside(page, RUN);
  await page.hover(RUN);
  await expect.poll(async () => (await cardOf(page))?.isShown, SOON).toBe(true);
  await page.click(RUN);
  await expect.poll(async () => (await signBeside(page, RUN)).text, SOON).toMatch(/^−/);
  await page.mouse.move(900, 780);
  await expect.poll(() => cardOf(page), SOON).toBeNull();
  expect((await signBeside(page, RUN)).text).toMatch(/^−/);
});

test('a cost gives way to the price as soon as an input changes', async () => {
  await askAbove(null);
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/query/4107`);
  await signBeside(page, RUN);
  await page.click(RUN);
  await expect.poll(async () => (await signBeside(page, RUN)).text, SOON).toMatch(/^−/);
  await page.select('#engine', 'large');
  await expect.poll(async () => (await signBeside(page, RUN)).text, SOON).not.toMatch(/^−/);
});

test('keys, forms and links are asked about as clicks are; what a script does is not', async () => {
  await askAbove(25);
  const page = await clicksPage();
  await page.$eval('#button b', (inner) => inner.click());
  expect(await clicksOf(page)).toEqual(['button b']);
  expect(await cardOf(page)).toBeNull();

  await page.focus('#button');
  await page.keyboard.press('Enter');
  await press(page, 'Go ahead');
  await page.click('#button b');
  await page.click('#button b').catch(() => undefined);
  await press(page, 'Go ahead');
  expect(await clicksOf(page)).toEqual(['button b', 'button button', 'button b']);

  await page.focus('[name=field]');
  await page.keyboard.press('Enter');
  await press(page, 'Stay');
  expect(await clicksOf(page)).not.toContain('form');
  await page.click('#submit');
  await press(page, 'Go ahead');
  await page.click('#link');
  await press(page, 'Go ahead');
  expect((await clicksOf(page)).slice(3)).toEqual(['form', 'link a']);
  expect(page.url()).toMatch(/#there$/);
  // Not even a listener of the page's that was there before all else has heard of a click that a person was asked about.
  expect(await page.evaluate(() => (globalThis as unknown as { early: string[] }).early)).toEqual([]);
});

test('a worker that was just ended is woken, and asks all the same', async () => {
  await askAbove(25);
  const page = await clicksPage();
  await kit.killWorker();
  await page.click('#button');
  await press(page, 'Stay');
  await page.click('#button');
  await press(page, 'Go ahead');
  expect(await clicksOf(page)).toEqual(['button b']);
});

test('not again for this button today', async () => {
  await askAbove(25);
  const page = await clicksPage();
  await page.click('#link');
  const frame = await questionOf(page);
  await frame.click('.not-today input');
  await press(page, 'Go ahead');
  await page.click('#link');
  await expect.poll(() => clicksOf(page), SOON).toEqual(['link a', 'link a']);
  expect(await cardOf(page)).toBeNull();
});

test('what would be refused is asked about where a person wants that, with the reason', async () => {
  await askAbove(null, { refused: true });
  const page = await openAt(
    pages.put(
      '/refused',
      '<button id="many" data-credits-operation="businesses.search" data-credits-input-body.page_size="900000" data-credits-via="gateway">Search</button>',
    ),
  );
  expect((await signBeside(page, '#many')).tone).toBe('refused');
  await page.click('#many');
  expect(await (await questionOf(page)).evaluate(() => document.body.innerText)).toMatch(/90,001/);
  await press(page, 'Stay');
});

test('costs of modules stand beside them, until they are switched off at the name of the scenario', async () => {
  await askAbove(null);
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/automation`);
  await waitForSigns(page, (signs) => signs.some(({ isSwitch }) => isSwitch) && signs.length === 2);
  await page.click('#run-scenario');
  // A card at the pointer could lie over the switch.
  await page.mouse.move(5, 5);
  const all = await waitForSigns(page, (signs) => signs.filter(({ text }) => text.startsWith('−')).length >= 5, 30_000);
  const toggle = all.find(({ isSwitch }) => isSwitch);
  const { box } = toggle ?? { box: { left: 0, top: 0, width: 0, height: 0 } };
  await page.mouse.click(box.left + box.width / 2, box.top + box.height / 2);
  await expect
    .poll(async () => (await shownSigns(page)).filter(({ text }) => text.startsWith('−')).length, SOON)
    .toBeLessThanOrEqual(1);
  await page.reload();
  await waitForSigns(page, (signs) => signs.some(({ isSwitch, text }) => isSwitch && text === 'Costs hidden'));
});

test('in a conversation the cost stands beside each message, those of sub-agents too', async () => {
  await askAbove(null);
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/chat`);
  await page.type('#text', 'Which companies in logistics grow?');
  await page.click('#send');
  await page.waitForSelector('[data-credits-call]', { timeout: 20_000 });
  const named = await page.$$eval('[data-credits-call]', (all) => all.length);
  await waitForSigns(page, (signs) => signs.filter(({ spoken }) => /cost/i.test(spoken)).length >= named, 20_000);
});
