// The page for pairing, as a person meets it: at a phone's width, by keyboard, with a key that is wrong before it is right.
import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openPlainBrowser, type PlainBrowser } from '../kit/plain-browser.ts';

let kit: GatewayKit;
let chromium: PlainBrowser;
let page: Page;
beforeAll(async () => {
  [kit, chromium] = await Promise.all([startGateway(), openPlainBrowser()]);
  page = await chromium.newPage();
  await page.setViewport({ width: 360, height: 720 });
});
afterAll(async () => {
  expect(chromium.errors).toEqual([]);
  await Promise.all([kit.close(), chromium.close()]);
});

const open = async (hash = ''): Promise<void> => {
  await page.goto('about:blank');
  await page.goto(`${kit.url}/tollgate/console/pair${hash}`);
};
const text = (id: string): Promise<string> => page.$eval(`#${id}`, (found) => found.textContent ?? '');
const shown = (id: string): Promise<unknown> => page.waitForSelector(`#${id}:not([hidden])`);
const says = (id: string, words: string): Promise<void> => expect.poll(() => text(id), { timeout: 10_000 }).toContain(words);

async function typeKey(key: string): Promise<void> {
  await page.$eval('#key', (field) => ((field as { value: string }).value = ''));
  await page.type('#key', key);
  await page.keyboard.press('Enter');
}

async function violations(): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Nothing stands out of the page to the side. */
const isNarrow = (): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth <= innerWidth') as Promise<boolean>;

test('a key makes a code, and the code lets a browser in that can never spend', async () => {
  await open();
  await typeKey('nonsense');
  await says('problem', 'this is no key of a gateway');
  await typeKey('tg_spend_nonsense');
  await says('problem', 'unknown, revoked or expired');
  expect(await violations()).toEqual([]);
  await typeKey((await kit.makeKey({ scope: 'view' })).text);
  await shown('make');
  expect(await text('who')).toBe('Signed in for main/main');
  expect(await text('problem')).toBe('');
  expect(await violations()).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await shown('code-made');
  const code = await text('code');
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
  expect(await text('left')).toMatch(/^Good once, for (10:00|9:5\d) more\.$/);
  expect(await violations()).toEqual([]);
  expect(await isNarrow()).toBe(true);
  const link = await page.$eval('#link', (field) => (field as { value: string }).value);
  expect(link).toBe(`${kit.url}/tollgate/console/pair#${code}`);
  await page.click('#copy');
  await says('said', 'The link is ');
  expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])')).not.toContain(
    'tg_',
  );

  const claimed = await kit.api('POST', 'pairings/claim', { code, name: 'Chrome on Linux' }, null);
  expect(claimed).toMatchObject({ status: 201, body: { key: { scope: 'view' } } });
  const spent = await kit.call('/records/v1/businesses/b1', { headers: { authorization: `Bearer ${claimed.body.text}` } });
  expect(spent.status).toBe(403);
});

test('the link itself shows its code and three steps, and claims nothing', async () => {
  const { code, link } = (await kit.api('POST', 'pairings', {})).body as { code: string; link: string };
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await open(new URL(link).hash);
  await shown('code-made');
  expect(await text('code')).toBe(code);
  expect(await page.$$eval('#code-made li', (steps) => steps.length)).toBe(3);
  expect(await page.$eval('#again-line', (line) => (line as { hidden: boolean }).hidden)).toBe(true);
  expect(await violations()).toEqual([]);
  expect(await isNarrow()).toBe(true);
  expect(asked.filter((url) => url.includes('/tollgate/v1/') || url.includes(code))).toEqual([
    `${kit.url}/tollgate/console/pair#${code}`,
  ]);
  expect((await kit.api('POST', 'pairings/claim', { code, name: 'Firefox' }, null)).status).toBe(201);
  await open('#half');
  await shown('sign-in');
  await says('problem', 'This link is not whole, and nothing was paired.');
  await page.emulateMediaFeatures([]);
});

test('an operate key names whose browser it is; what the gateway refuses stands there in its words', async () => {
  await open();
  await typeKey(kit.operateKey);
  await shown('make');
  await page.type('#user', 'nobody');
  await page.click('#make-code');
  await says('problem', 'No code was made. ');
  expect(await text('problem')).toContain('nobody');
  await page.$eval('#user', (field) => ((field as { value: string }).value = ''));
  await page.click('#make-code');
  await shown('code-made');
  await page.click('#again');
  await page.waitForFunction(`document.activeElement.id === 'code'`);
});

test('the gateway gone: said, and nothing is lost', async () => {
  await open();
  await typeKey(kit.operateKey);
  await shown('make');
  await kit.end('SIGKILL');
  await page.click('#make-code');
  await says('problem', 'The gateway does not answer.');
  await kit.start();
  await page.click('#make-code');
  await shown('code-made');
});

test('its files are served with a policy that lets it talk to this gateway alone', async () => {
  for (const name of ['pair', 'pair.js', 'console.css', 'tokens.css', '', 'usage', 'calls/x']) {
    const { status, headers } = await fetch(`${kit.url}/tollgate/console/${name}`);
    expect([name, status]).toEqual([name, 200]);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
