// Pointing in a real browser, on a page of a strict policy: what is picked, that the click does nothing there, and that the page gets no hold
// of the panel.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { OwnTag } from '../../extension/src/messages.ts';
import { violations } from '../kit/axe.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

let gateway: GatewayKit;
let kit: BrowserKit;
let site: Server;
let other: Server;
let origin: string;
let page: Page;
/** A page of the extension that runs nothing: it tells which tab is which. */
let quiet: Page;

const PAGE = `<!doctype html><html lang="en"><title>Editor</title>
<h1>Query editor</h1>
<label>Engine <select id="engine"><option value="medium">Medium</option><option value="large">Large</option></select></label>
<label>Speed <select name="speed"><option value="1">medium</option><option value="2">large</option></select></label>
<p>Rows: <b class="rows">1,250</b></p>
<input type="password" aria-label="Secret" value="hunter2">
<div id="q-8f3a9c0112"><button class="css-1q2w3e" id="ember4711">Run query</button></div>
<button disabled data-testid="export">Export</button>
<ul>${['one', 'two', 'three'].map((name) => `<li><span>${name}</span> <button>Refresh</button></li>`).join('')}</ul>
<dialog><button>Export all</button></dialog>
<open-part></open-part> <closed-part></closed-part>
<iframe src="/frame" title="Inner"></iframe> <iframe src="OTHER/frame" title="Foreign"></iframe>
<script nonce="n">
  const part = (mode) => class extends HTMLElement {
    constructor() { super(); this.attachShadow({ mode }).innerHTML = '<label>Limit <input name="limit" value="10"></label> <button>Enrich</button>'; }
  };
  customElements.define('open-part', part('open'));
  customElements.define('closed-part', part('closed'));
  if (location.hash === '#dialog') document.querySelector('dialog').showModal();
  document.addEventListener('click', (event) => { window.clicks = (window.clicks ?? 0) + 1; }, true);
  window.addEventListener('keydown', (event) => { if (event.key === 'Enter') window.entered = true; }, true);
  window.heard = [];
  addEventListener('message', (event) => window.heard.push(event.data));
</script>`;
const FRAME = '<!doctype html><html lang="en"><title>In</title><button data-testid="inner">Run inside</button>';

beforeAll(async () => {
  [gateway, kit] = await Promise.all([startGateway(), openBrowser()]);
  [site, other] = [serve(), serve()];
  origin = await listening(site);
  const otherOrigin = await listening(other);
  site.on('request', (request, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.setHeader('content-security-policy', `default-src 'none'; script-src 'nonce-n'; frame-src 'self' ${otherOrigin}`);
    answer.end(request.url === '/frame' ? FRAME : PAGE.replace('OTHER', otherOrigin));
  });
  await kit.pair(gateway);
  await kit.ask('siteOn', { origin });
  quiet = await kit.openPage('manifest.json');
});
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  for (const server of [site, other]) {
    server.closeAllConnections();
    server.close();
  }
  await Promise.all([gateway.close(), kit.close()]);
});
afterEach(() => page.close());

function serve(): Server {
  return createServer((request, answer) => {
    if (request.headers.host === undefined || request.socket.localPort === portOf(site)) return;
    answer.setHeader('content-type', 'text/html');
    answer.end(FRAME);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${portOf(server)}`;
}

/** A page of the site, with the panel open and waiting for the first click. */
async function point(path = '/queries/4132129?tab=1'): Promise<Frame> {
  page = await kit.newPage();
  await page.setViewport({ width: 1100, height: 800 });
  await page.goto(origin + path);
  await page.bringToFront();
  expect(await kit.ask('point', { tab: await tabOf(page) })).toEqual({ ok: true, answer: {} });
  const panel = await page.waitForFrame((frame) => frame.url().endsWith('/point-panel.html'));
  await shows(panel, 'Click the button that spends credits.');
  return panel;
}

async function tabOf(one: Page): Promise<number> {
  const tab = await quiet.evaluate(
    async (url) => (await chrome.tabs.query({})).find((found) => found.url === url)?.id,
    one.url(),
  );
  return tab ?? -1;
}

async function shows(panel: Frame, words: string): Promise<void> {
  await panel.waitForFunction((text) => document.body.innerText.includes(text), { polling: 50 }, words);
}

async function choose(panel: Frame, operation: string): Promise<void> {
  await panel.locator('input[type=search]').fill(operation);
  await panel.locator('.operation input').click();
  await panel.locator('.chosen').wait();
}

async function kept(panel: Frame): Promise<OwnTag> {
  await panel.locator('button[type=submit]').click();
  await shows(panel, 'is kept');
  const told = await kit.ask('ownTags', {});
  const tag = told.ok ? told.answer.tags.at(-1) : undefined;
  if (tag === undefined) throw new Error('no tag is kept');
  return tag;
}

async function clicksOf(): Promise<number> {
  return page.evaluate(() => (window as unknown as { clicks?: number }).clicks ?? 0);
}

test('a button is picked, its inputs are mapped, its price is live, and the tag stands beside it', async () => {
  const panel = await point();
  await page.click('::-p-text(Run query)');
  await shows(panel, 'What does it do?');
  expect(await clicksOf()).toBe(0);
  expect(await violations(panel)).toEqual([]);
  await choose(panel, 'query.exec');
  await panel.locator('[data-input="body.performance"] select').fill('page');
  await shows(panel, 'Click what decides body.performance');
  await page.click('#engine');
  await shows(panel, 'Now medium');
  await shows(panel, 'up to 28');
  await page.select('#engine', 'large');
  await shows(panel, 'Now large');
  await shows(panel, 'up to 38');
  expect(await violations(panel)).toEqual([]);
  const tag = await kept(panel);
  // Neither the generated id nor the generated class is in it.
  expect(tag).toMatchObject({
    on: `${origin}/queries/*`,
    operation: 'query.execute',
    inputs: { 'body.performance': '#engine' },
    via: 'none',
    name: 'Run query',
  });
  expect(tag.selector).not.toMatch(/ember|css-|8f3a/);
  expect(await page.$$eval(tag.selector, (found) => found.map((one) => one.textContent))).toEqual(['Run query']);
});

test('a select whose words the API knows is read by its words; a number is read out of a text', async () => {
  const panel = await point();
  await page.click('::-p-text(Run query)');
  await choose(panel, 'query.exec');
  await panel.locator('[data-input="body.performance"] select').fill('page');
  await shows(panel, 'Click what decides');
  await page.click('select[name=speed]');
  await shows(panel, 'Now medium');
  await panel.locator('[data-input="quantity.compute_seconds"] select').fill('page');
  await shows(panel, 'Click what decides quantity.compute_seconds');
  await page.click('.rows');
  await shows(panel, 'Now 1250');
  const { inputs } = await kept(panel);
  expect(inputs).toEqual({
    'body.performance': { from: 'select[name="speed"]', read: 'text' },
    'quantity.compute_seconds': { from: '.rows', read: 'number' },
  });
});

test('of three that are alike the one that was pointed at is found', async () => {
  const panel = await point();
  const [, second] = await page.$$('li button');
  await second?.click();
  await shows(panel, 'What does it do?');
  await choose(panel, 'query.exec');
  const { selector } = await kept(panel);
  expect(await page.$$eval(selector, (found) => found.map((one) => one.parentElement?.textContent))).toEqual(['two Refresh']);
});

test('a disabled button has no click, and is picked all the same', async () => {
  const panel = await point();
  const box = await (await page.$('[data-testid=export]'))?.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
  await shows(panel, '[data-testid="export"]');
});

test('in an open shadow root its field is found; a closed one says what can be done', async () => {
  const panel = await point();
  await page.click('open-part >>> button');
  await shows(panel, 'Enrich');
  await choose(panel, 'query.exec');
  await panel.locator('[data-input="quantity.compute_seconds"] select').fill('page');
  await shows(panel, 'Click what decides');
  await page.click('closed-part');
  await shows(panel, 'closes the inside of this part to extensions, so nothing can be read');
  await page.click('open-part >>> input');
  await shows(panel, 'Now 10');
  await panel.locator('::-p-text(Another element)').click();
  await shows(panel, 'Click the button that spends credits.');
  await page.click('closed-part');
  await shows(panel, 'The price stands beside the whole of it');
});

test('a secret is not read', async () => {
  const panel = await point();
  await page.click('::-p-text(Run query)');
  await choose(panel, 'query.exec');
  await panel.locator('[data-input="quantity.compute_seconds"] select').fill('page');
  await shows(panel, 'Click what decides');
  await page.click('input[type=password]');
  await shows(panel, 'holds a secret');
  expect(await panel.evaluate(() => document.body.innerText)).not.toContain('hunter2');
});

test('in a frame of the site it works as well; a frame of a site that is not on is said to be so', async () => {
  const panel = await point();
  const inner = page.frames().find((frame) => frame.url() === `${origin}/frame`);
  const foreign = page.frames().find((frame) => frame.url().endsWith('/frame') && !frame.url().startsWith(origin));
  await foreign?.click('button');
  await shows(panel, 'where prices are not on');
  await inner?.click('button');
  await shows(panel, '[data-testid="inner"]');
  await choose(panel, 'query.exec');
  expect(await kept(panel)).toMatchObject({ on: `${origin}/frame*`, selector: '[data-testid="inner"]' });
});

test('by keyboard alone: Tab to an element, Enter picks it, Escape goes back and out', async () => {
  const panel = await point();
  await panel.evaluate(() => window.focus());
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Tab');
  await shows(panel, 'button Run query');
  await page.keyboard.press('ArrowUp');
  await shows(panel, 'div Run query');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await shows(panel, 'What does it do?');
  expect(await page.evaluate(() => (window as unknown as { entered?: boolean }).entered)).toBe(undefined);
  await panel.locator('::-p-text(Another element)').click();
  await shows(panel, 'Click the button');
  // The key takes its frame away, and with it what would say that it has arrived.
  page.keyboard.press('Escape').catch(() => undefined);
  await vi.waitFor(() => expect(page.frames().some((frame) => frame.url().endsWith('/point-panel.html'))).toBe(false), {
    timeout: 15_000,
  });
});

test('what a page clicks itself picks nothing, and when pointing ends the page is as before', async () => {
  const panel = await point('/without-tags');
  // Panel and highlight have a host each; tags are drawn in one more, which stays.
  const hosts = (): Promise<number> => page.$$eval('html > [popover]', (found) => found.length);
  const body = await page.evaluate(() => document.body.outerHTML);
  await page.evaluate(() => document.querySelector<HTMLElement>('[id^=ember]')?.click());
  expect(await clicksOf()).toBe(1);
  expect(await panel.evaluate(() => document.body.innerText)).toContain('Click the button');
  await page.hover('::-p-text(Run query)');
  await vi.waitFor(async () => expect(await hosts()).toBeGreaterThanOrEqual(2));
  panel.click('::-p-text(Close)').catch(() => undefined);
  await vi.waitFor(async () => expect(await hosts()).toBeLessThanOrEqual(1), { timeout: 15_000 });
  expect(await page.evaluate(() => document.body.outerHTML)).toBe(body);
  await page.click('::-p-text(Run query)');
  expect(await clicksOf()).toBe(2);
});

test('over a dialog of the page the panel can be pressed, and its button picked', async () => {
  const panel = await point('/without-tags#dialog');
  await page.click('dialog button');
  await shows(panel, 'Export all');
  await panel.click('::-p-text(Another element)');
  await shows(panel, 'Click the button that spends credits.');
});

test('started again it is one panel; a page that takes it away has its clicks back', async () => {
  const first = await point('/without-tags');
  const tab = await tabOf(page);
  expect(await kit.ask('point', { tab })).toEqual({ ok: true, answer: {} });
  await vi.waitFor(() => expect(first.detached).toBe(true));
  const second = await page.waitForFrame((frame) => frame.url().endsWith('/point-panel.html') && frame !== first);
  await shows(second, 'Click the button that spends credits.');
  await page.click('::-p-text(Run query)');
  await shows(second, 'What does it do?');
  await second.click('::-p-text(Another element)');
  await shows(second, 'Click the button that spends credits.');
  await page.evaluate(() => document.querySelectorAll('html > [popover]').forEach((host) => host.remove()));
  await vi.waitFor(async () => {
    await page.click('::-p-text(Run query)');
    expect(await clicksOf()).toBe(1);
  });
});

test('where the worker ends pointing ends too, and the page has its clicks', async () => {
  const panel = await point('/without-tags');
  await kit.killWorker();
  await vi.waitFor(() => expect(panel.detached).toBe(true));
  await page.click('::-p-text(Run query)');
  expect(await clicksOf()).toBe(1);
});

test('the page can neither read the panel nor have one of its own', async () => {
  const panel = await point('/without-tags');
  const address = panel.url();
  const seen = await page.evaluate(() => ({
    frames: window.length,
    heard: (window as unknown as { heard: unknown[] }).heard,
    roots: [...document.documentElement.children].filter((one) => one.shadowRoot !== null),
    found: (window as unknown as { find(text: string): boolean }).find('spends credits'),
  }));
  // The two frames of the page itself; ours is in none of its lists.
  expect(seen).toEqual({ frames: 2, heard: [], roots: [], found: false });
  // As an extension's page it is opened by its address: nobody hands it a secret, and it does nothing.
  const copy = await kit.openPage('point-panel.html');
  await copy.evaluate(() => postMessage({ secret: 'guessed' }, '*'));
  await copy.waitForFunction(() => document.body.innerText.includes('belongs to no page'), { polling: 50 });
  await copy.close();
  expect(address).toContain('point-panel.html');
});
