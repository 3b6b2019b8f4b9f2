// The whole way of a person in Firefox: the built extension, a real gateway, the demo's pages.
import { writeFileSync } from 'node:fs';
import type { ElementHandle, Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { pairingLink } from '../kit/browser.ts';
import { goTo, openFirefox, until, type FirefoxKit } from '../kit/firefox.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const SOON = { timeout: 15_000, interval: 50 };

let gateway: GatewayKit;
let firefox: FirefoxKit;
let popup: Page;
let page: Page;
let annsKey: string;
let pages: string;

beforeAll(async () => {
  [gateway, firefox] = await Promise.all([startGateway({ pages: true, credits: 500 }), openFirefox()]);
  await gateway.api('POST', 'users', { id: 'ann', name: 'Ann', email: 'ann@example.com', workspace: 'main' });
  await gateway.api('POST', 'workspaces', { name: 'lab' });
  await gateway.api('PUT', 'workspaces/lab/users/ann', { role: 'member' });
  annsKey = (await gateway.makeKey({ id: 'anns-key', scope: 'spend', user: 'ann' })).text;
  const account = { id: 'ann', name: 'Ann', key: annsKey };
  writeFileSync(gateway.pagesFile, JSON.stringify({ gateway: gateway.url, accounts: [account] }));
  pages = `${gateway.upstream.origin}/demo/pages/`;
  page = await firefox.newPage();
});

afterAll(async () => {
  await firefox.close();
  await gateway.close();
});

test('pairing by the link, in the popup', async () => {
  popup = await firefox.openPage('popup.html');
  await until(popup, `document.querySelector('form input') !== null`);
  await popup.type('form input', await pairingLink(gateway, { user: 'ann' }));
  await popup.click('form button');
  await shows('500');
  const { body } = await gateway.api('GET', 'keys?user=ann&scope=view');
  expect(body.keys).toMatchObject([{ scope: 'view', name: expect.stringContaining('Firefox') }]);
});

test('a charge moves the odometer by itself', async () => {
  expect((await gateway.call('/records/v1/businesses/1', asAnn())).status).toBe(200);
  await shows(await available());
});

test('another context is chosen, and the first again', async () => {
  await popup.bringToFront();
  await until(popup, `document.querySelector('select') !== null`);
  for (const context of ['main/lab', 'main/main']) {
    await popup.select('select', await optionOf(popup, context));
    await vi.waitFor(async () => {
      const answered = await firefox.ask('standings', {});
      expect(answered).toMatchObject({
        answer: { standings: [{ pairing: { context }, balance: { context: expect.anything() } }] },
      });
    }, SOON);
  }
});

test('a site is switched on, and tags of the rate card stand beside its buttons, with a schedule', async () => {
  const options = await firefox.openPage('options.html');
  const field = `input[placeholder="https://example.com"]`;
  await until(options, `document.querySelector('${field}') !== null`);
  await options.type(field, gateway.upstream.origin);
  await options.keyboard.press('Enter');
  await until(options, `document.body.innerText.includes(${JSON.stringify(gateway.upstream.origin)})`);
  await options.close();
  await open('query.html');
  await signsWith(/credits, leaves .*pool pays/);
  await signsWith(/\d+ runs in the whole cycle/);
});

test('own tags and those that a page places are told apart', async () => {
  const paired = await firefox.ask('standings', {});
  if (!paired.ok) throw new Error(paired.problem.message);
  const [{ pairing } = expect.fail('nothing is paired')] = paired.answer.standings;
  const tag = {
    id: 'own',
    on: `${pages}records*`,
    selector: 'h1',
    pairing: pairing.id,
    operation: 'businesses.read',
    inputs: {},
    schedule: null,
    via: 'none' as const,
    name: 'Companies',
    madeAt: Date.now(),
  };
  expect(await firefox.ask('putOwnTag', { tag })).toMatchObject({ ok: true });
  await open('records.html');
  await signsWith(/an estimate only/);
  await page.click('#search');
  await signsWith(/placed by the page/);
});

test('a question before a click: staying sends nothing, going ahead runs it, and the tag becomes the receipt', async () => {
  expect(
    await firefox.ask('settings', { change: { ask: { above: 1, share: null, crossing: true, refused: true } } }),
  ).toMatchObject({
    ok: true,
  });
  await open('query.html');
  // Of the button that runs it: what has no price yet is not asked about.
  await signsWith(/^up to 28 \| up to 28 credits, leaves/);
  const before = await available();
  await page.click('button[data-testid=run]');
  await press(await question(), 'button:not(.main)');
  await gone();
  expect(await available()).toBe(before);
  await page.click('button[data-testid=run]');
  await press(await question(), 'button.main');
  await signsWith(/^−\d/);
  await shows(await available());
  expect(await available()).not.toBe(before);
});

test('a run of an automation shows what each module took', async () => {
  await firefox.ask('settings', { change: { ask: { above: null, share: null, crossing: false, refused: false } } });
  await open('automation.html');
  await signsWith(/credits/);
  await page.click('#run-scenario');
  await vi.waitFor(async () => {
    const signs = await firefox.signs(page);
    expect(signs.filter((sign) => /\d credits in (one call|\d+ calls)/.test(sign)).length).toBeGreaterThanOrEqual(3);
  }, SOON);
});

test('from the options an element of an open page is pointed at, and its tag is kept', async () => {
  await open('records.html');
  const options = await firefox.openPage('options.html');
  await until(options, `document.querySelector('#sites .entry button') !== null`);
  await press(options, '#sites .entry button');
  const panel = await framed('/point-panel.html', `document.body.innerText.includes('Click the button that spends credits.')`);
  await page.bringToFront();
  await page.click('h1');
  const ready = `document.querySelector('.operation input') !== null`;
  await vi.waitFor(async () => expect(await panel.evaluate(ready)).toBe(true), SOON);
  await press(panel, '.operation input');
  await press(panel, 'button[type=submit]');
  await vi.waitFor(async () => expect(await firefox.ask('ownTags', {})).toMatchObject({ answer: { tags: { length: 2 } } }), SOON);
  await options.close();
});

test('a key that is revoked is said so, with what helps', async () => {
  const { body } = await gateway.api('GET', 'keys?user=ann&scope=view');
  const [{ id }] = body.keys as [{ id: string }];
  expect((await gateway.api('DELETE', `keys/${id}`)).status).toBeLessThan(300);
  await popup.bringToFront();
  await until(popup, `document.body.innerText.includes("knows this browser's key no more")`, 20_000);
  expect(firefox.errors()).toEqual([]);
});

function asAnn(): RequestInit {
  return { headers: { authorization: `Bearer ${annsKey}` } };
}

async function open(name: string): Promise<void> {
  await page.bringToFront();
  await goTo(page, `${pages}${name}`);
}

async function available(): Promise<string> {
  const { body } = await gateway.api('GET', 'balance', undefined, annsKey);
  return (body.available as number).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

async function shows(credits: string): Promise<void> {
  await until(popup, `document.querySelector('.odometer')?.title === 'Exactly ${credits} credits'`);
}

async function signsWith(pattern: RegExp): Promise<string[]> {
  return vi.waitFor(async () => {
    const signs = await firefox.signs(page);
    expect(signs.filter((sign) => pattern.test(sign))).not.toEqual([]);
    return signs;
  }, SOON);
}

async function optionOf(view: Page, text: string): Promise<string> {
  return view.$$eval(
    'select option',
    (options, wanted) => options.find((one) => one.textContent?.includes(wanted))?.value ?? '',
    text,
  );
}

/** The extension's own frame, with a question in it that can be answered. */
function question(): Promise<Frame> {
  return framed('/card.html', `document.querySelector('button.main')?.disabled === false`);
}

/** A frame of the extension in the page, once it is what is waited for. */
async function framed(path: string, ready: string): Promise<Frame> {
  return vi.waitFor(async () => {
    for (const frame of page.frames()) {
      // What the driver says of its address is what it was at first.
      if (await firefox.isTrue(frame, `location.pathname === '${path}' && ${ready}`).catch(() => false)) return frame;
    }
    throw new Error(`no frame of ${path} that is ready`);
  }, SOON);
}

async function gone(): Promise<void> {
  await vi.waitFor(() => expect(page.frames()).toHaveLength(1), SOON);
}

async function press(frame: Frame | Page, selector: string): Promise<void> {
  const button: ElementHandle | null = await frame.$(selector);
  if (button === null) throw new Error(`no ${selector}`);
  await button.click();
}
