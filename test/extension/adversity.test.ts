// What happens to an extension in real life: two windows, grants that go while in use, storage that is full, foreign, or from another version.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const SOON = { timeout: 10_000, interval: 20 };

let gateway: GatewayKit;
let chromium: BrowserKit;
/** A page of the extension that runs nothing, to reach its storage. */
let bare: Page;

beforeAll(async () => {
  [gateway, chromium] = await Promise.all([startGateway({ credits: 1_000 }), openBrowser()]);
  bare = await chromium.openPage('manifest.json');
});

afterAll(async () => {
  await chromium.close();
  await gateway.close();
});

beforeEach(async () => {
  await bare.evaluate(() => Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()]));
  await chromium.killWorker();
  await chromium.pair(gateway);
});

test('two windows show the same, live, and one goes on when the other is closed', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  await Promise.all([first, second].map((page) => reads(page, 'Live')));
  await spend();
  await Promise.all([first, second].map(async (page) => shows(page, await available())));
  await second.close();
  await spend();
  await shows(first, await available());
  await first.close();
  expect(await chromium.errors()).toEqual([]);
});

test('a gateway whose grant is taken back is said so; its last balance stays, as old; and it goes on when granted again', async () => {
  const page = await chromium.openPage('popup.html');
  await reads(page, 'Live');
  const before = await available();
  await chromium.revoke('http://127.0.0.1/*');
  await vi.waitFor(async () => {
    const answered = await chromium.ask('standings', {});
    expect(answered).toMatchObject({ answer: { standings: [{ problem: { code: 'permission_missing' } }] } });
  }, SOON);
  await spend();
  await reads(page, 'does not let Tollgate ask');
  await shows(page, before);
  expect(await textOf(page)).not.toMatch(/^Live$/m);
  await chromium.grant('http://127.0.0.1/*');
  await shows(page, await available());
  await reads(page, 'Live');
  await page.close();
  expect(await chromium.errors()).toEqual([]);
});

test('where the browser has no room, nothing is half kept, a person is told, and the balance is still shown', async () => {
  const tag = {
    id: 'one',
    on: 'https://example.com/*',
    selector: '#run',
    pairing: '',
    operation: 'plain.ok',
    inputs: {},
    schedule: null,
    via: 'none' as const,
    name: 'x'.repeat(200),
    madeAt: 0,
  };
  await fill();
  const full = { ok: false, problem: { code: 'storage_full', message: expect.stringContaining('no more room') } };
  const [pairing] = (await standings()).map((standing) => standing.pairing.id);
  expect(await chromium.ask('putOwnTag', { tag: { ...tag, pairing: pairing ?? '' } })).toMatchObject(full);
  expect(await chromium.ask('ownTags', {})).toMatchObject({ ok: true, answer: { tags: [] } });
  await spend();
  const page = await chromium.openPage('popup.html');
  await shows(page, await available());
  await chromium.killWorker();
  await spend();
  await shows(page, await available());
  await page.close();
  await bare.evaluate(() => Promise.all([chrome.storage.local.remove('ballast'), chrome.storage.session.remove('ballast')]));
  expect(await chromium.ask('putOwnTag', { tag: { ...tag, pairing: pairing ?? '' } })).toMatchObject({ ok: true });
  expect(await chromium.errors()).toEqual([]);
});

test.each([
  ['of a newer version', { version: 99, is: [{ id: 'from the future' }] }],
  ['of no version', ['from', 'the', 'past']],
  ['of another shape', { version: 1, is: 'nonsense' }],
])('what was kept %s is set aside, and the rest goes on', async (_name, value) => {
  await chromium.ask('settings', { change: { badge: 'percent' } });
  await bare.evaluate((kept) => chrome.storage.local.set({ 'own-tags': kept, sites: kept }), value);
  await chromium.killWorker();
  expect(await chromium.ask('ownTags', {})).toMatchObject({ ok: true, answer: { tags: [] } });
  expect(await chromium.ask('sites', {})).toMatchObject({ ok: true, answer: { sites: [] } });
  const aside = await bare.evaluate(() => chrome.storage.local.get(['aside.own-tags', 'aside.sites']));
  expect(aside).toEqual({ 'aside.own-tags': value, 'aside.sites': value });
  const page = await chromium.openPage('popup.html');
  await shows(page, await available());
  expect(await chromium.ask('standings', {})).toMatchObject({ answer: { settings: { badge: 'percent' } } });
  await page.close();
  expect(await chromium.errors()).toEqual([]);
});

test('where all that was kept is unreadable, it begins as if new', async () => {
  await bare.evaluate(async () => {
    const kept = await chrome.storage.local.get();
    await chrome.storage.local.set(Object.fromEntries(Object.keys(kept).map((name) => [name, 42])));
    await chrome.storage.session.clear();
  });
  await chromium.killWorker();
  const page = await chromium.openPage('popup.html');
  await reads(page, 'Pair this browser');
  await page.close();
  expect(await chromium.errors()).toEqual([]);
});

async function standings() {
  const answered = await chromium.ask('standings', {});
  if (!answered.ok) throw new Error(answered.problem.message);
  return answered.answer.standings;
}

/** A window of its own, and so a page that stays visible beside others. */
async function openWindow(): Promise<Page> {
  const page = await chromium.browser.newPage({ type: 'window' });
  await page.goto(`chrome-extension://${chromium.extensionId}/popup.html`);
  return page;
}

async function spend(): Promise<void> {
  expect((await gateway.call('/plain/ok')).status).toBe(200);
}

/** As the ledger has it, and a page writes it. */
async function available(): Promise<string> {
  const { body } = await gateway.api('GET', 'balance', undefined, gateway.spendKey);
  return (body.available as number).toLocaleString('en-US');
}

async function reads(page: Page, text: string): Promise<void> {
  await vi.waitFor(async () => expect(await textOf(page)).toContain(text), SOON);
}

/** The odometer at once; what is read out follows in its own time. */
async function shows(page: Page, credits: string): Promise<void> {
  const titled = (): Promise<string | undefined> => page.evaluate(() => document.querySelector<HTMLElement>('.odometer')?.title);
  await vi.waitFor(async () => expect(await titled()).toBe(`Exactly ${credits} credits`), SOON);
}

function textOf(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText);
}

/** Leaves less room than anything needs. */
async function fill(): Promise<void> {
  await bare.evaluate(async () => {
    for (const area of [chrome.storage.local, chrome.storage.session]) {
      const used = await area.getBytesInUse(null);
      // Its name and two quotes count as well.
      await area.set({ ballast: 'x'.repeat(area.QUOTA_BYTES - used - 'ballast'.length - 2) });
    }
  });
}
