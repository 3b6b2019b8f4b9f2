// The options page in a real browser: each change is kept at once, each problem stands where it was made, and all of it goes by keyboard.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Answer, AskName, OwnTag, Settings } from '../../extension/src/messages.ts';
import { openBrowser, pairingLink, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { violations } from '../kit/axe.ts';

let gateway: GatewayKit;
let kit: BrowserKit;
let page: Page;
const RATES = readFileSync(join(import.meta.dirname, '../kit/rates.yaml'), 'utf8');
const TAGS = 'tags: [{ on: "http://127.0.0.1:9123/queries/*", via: none, tag: { selector: "#run", operation: query.execute } }]';
const folder = mkdtempSync(join(tmpdir(), 'tollgate-options-'));

beforeAll(async () => {
  [gateway, kit] = await Promise.all([startGateway({ card: `${RATES}\n${TAGS}` }), openBrowser()]);
  page = await kit.openOptions();
  await page.locator('#kept').wait();
});
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all([gateway.close(), kit.close()]);
  rmSync(folder, { recursive: true });
});

function answered<Name extends AskName>(answer: Answer<Name>): Extract<Answer<Name>, { ok: true }>['answer'] {
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.message}`);
  return answer.answer;
}

async function settings(): Promise<Settings> {
  return answered(await kit.ask('standings', {})).settings;
}

async function textOf(selector: string): Promise<string> {
  return page.$eval(selector, (element) => (element as HTMLElement).innerText);
}

/** What a person would press, by its words. */
function button(words: string, within = 'body'): string {
  return `${within} ::-p-aria([name="${words}"][role="button"])`;
}

async function press(words: string, within?: string): Promise<void> {
  await page.locator(button(words, within)).click();
}

async function type(selector: string, text: string): Promise<void> {
  await page.locator(selector).fill(text);
  // A field is kept when one leaves it.
  await page.keyboard.press('Tab');
}

async function ownTags(): Promise<readonly OwnTag[]> {
  return answered(await kit.ask('ownTags', {})).tags;
}

function tagOf(id: string, more: Partial<OwnTag> = {}): OwnTag {
  return {
    id,
    on: 'https://dune.com/queries/*',
    selector: '#run',
    pairing: 'http://nowhere.example gone',
    operation: 'query.execute',
    inputs: { 'body.performance': '#engine' },
    schedule: null,
    via: 'none',
    name: id,
    madeAt: 1,
    ...more,
  };
}

test('with nothing set, each section says what would fill it', async () => {
  expect(await textOf('#gateways')).toContain('None is paired yet');
  expect(await textOf('#sites')).toContain('No site is on');
  expect(await textOf('#tags')).toContain('press Point at a button');
  expect(await violations(page)).toEqual([]);
});

test('a gateway is paired from a link, and said so', async () => {
  await kit.allow('http://127.0.0.1/*');
  await type('#gateways .pair input', await pairingLink(gateway));
  await press('Pair', '#gateways');
  await page.locator('#gateways .gateway').wait();
  expect(await textOf('#gateways .gateway')).toContain(gateway.url);
  await page.waitForFunction(() => document.querySelector('.saved')?.textContent === 'Saved');
});

test('a site for which the rate card has prices is offered, and no more once it is on', async () => {
  await press('Switch on http://127.0.0.1:9123', '#sites .suggested');
  await page.waitForFunction(
    () => document.querySelector('#sites .entry')?.textContent?.includes('http://127.0.0.1:9123') === true,
  );
  await page.waitForFunction(() => document.querySelector('#sites .suggested') === null);
  await press('Remove http://127.0.0.1:9123');
  await page.locator('#sites .suggested').wait();
});

test('the badge is another at once, and again what another page sets shows here', async () => {
  await page.locator('#badge input[value="percent"]').click();
  await vi.waitFor(async () => expect((await settings()).badge).toBe('percent'));
  await kit.ask('settings', { change: { badge: 'today' } });
  await page.locator('#badge input[value="today"]:checked').wait();
});

test('a number is kept once it is typed; what is none is kept nowhere and says what would do', async () => {
  await type('#badge .number-field input', '35');
  await vi.waitFor(async () => expect((await settings()).lowPercent).toBe(35));
  await type('#badge .number-field input', '350');
  await page.locator('#badge .field-error').wait();
  expect(await textOf('#badge .field-error')).toBe('Not saved: this takes a number from 0 to 100. 35 stays.');
  expect((await settings()).lowPercent).toBe(35);
  await type('#badge .number-field input', '15');
  await page.waitForFunction(() => document.querySelector('#badge .field-error') === null);
  await vi.waitFor(async () => expect((await settings()).lowPercent).toBe(15));
});

test('asking: each reason by itself, with its example in numbers', async () => {
  await page.locator('#ask-above').click();
  await vi.waitFor(async () => expect((await settings()).ask.above).toBe(50));
  await type('#asking .choice:nth-of-type(1) .number-field input', '12,5');
  await vi.waitFor(async () => expect((await settings()).ask.above).toBe(12.5));
  expect(await textOf('#asking')).toContain('At 12.5, a run that can cost 22.5 asks first.');
  await page.locator('#ask-above').click();
  await vi.waitFor(async () =>
    expect((await settings()).ask).toEqual({ above: null, share: null, crossing: true, refused: true }),
  );
});

test('thresholds are a list; rubbish in it is said in place', async () => {
  await type('#notifications .wide input', '30, 5');
  await vi.waitFor(async () => expect((await settings()).notifications.percents).toEqual([30, 5]));
  await type('#notifications .wide input', '30, lots');
  await page.locator('#notifications .field-error').wait();
  expect((await settings()).notifications.percents).toEqual([30, 5]);
});

test('a site is added by its address and removed beside it; what is no address is not', async () => {
  await type('#sites .add input', 'two words');
  await press('Add', '#sites');
  await page.locator('#sites .problem').wait();
  expect(await textOf('#sites .problem')).toContain('Not added: this is no web address');
  await type('#sites .add input', '127.0.0.1:9000/demo/pages');
  await press('Add', '#sites');
  await page.locator('#sites .entry').wait();
  expect(answered(await kit.ask('sites', {})).sites).toMatchObject([{ origin: 'http://127.0.0.1:9000', granted: true }]);
  await press('Point at a button of http://127.0.0.1:9000');
  await page.locator('#sites .problem').wait();
  expect(await textOf('#sites .problem')).toContain('no page of http://127.0.0.1:9000 is open');
  await press('Remove http://127.0.0.1:9000');
  await vi.waitFor(async () => expect(answered(await kit.ask('sites', {})).sites).toEqual([]));
  await page.waitForFunction(() => document.querySelector('#sites .entry') === null);
});

test('an own tag is changed as a whole or not at all, deleted, and put back', async () => {
  const [pairing] = answered(await kit.ask('standings', {})).standings.map((one) => one.pairing.id);
  await kit.ask('putOwnTag', { tag: tagOf('Run the query', { pairing: pairing ?? '' }) });
  await page.bringToFront();
  await page.reload();
  await press('Edit Run the query');
  await page.locator('dialog[open] .chosen').wait();
  expect(await violations(page)).toEqual([]);
  await type('dialog .labelled:nth-of-type(3) input', 'button[');
  expect(await textOf('#own-tag-wrong')).toContain('needs a CSS selector');
  await press('Save', 'dialog');
  await type('dialog .labelled:nth-of-type(3) input', '#run-all');
  expect(await ownTags()).toMatchObject([{ selector: '#run' }]);
  await page.locator('dialog [data-input="body.performance"] select').fill('typed');
  await press('Save', 'dialog');
  await vi.waitFor(async () =>
    expect(await ownTags()).toMatchObject([{ selector: '#run-all', inputs: { 'body.performance': { value: 'medium' } } }]),
  );
  await press('Delete Run the query');
  await vi.waitFor(async () => expect(await ownTags()).toEqual([]));
  await press('Undo');
  await vi.waitFor(async () => expect(await ownTags()).toHaveLength(1));
});

test('own tags go out as a file and as a piece of rate card, and come in whole or not at all', async () => {
  await press('As a piece of rate card');
  const yaml = await page
    .locator('.card-piece textarea')
    .map(({ value }) => value)
    .wait();
  expect(parse(yaml)).toMatchObject({ tags: [{ on: 'https://dune.com/queries/*', via: 'none', tag: { selector: '#run-all' } }] });

  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await press('Export own tags');
  const file = join(folder, 'tollgate-tags.json');
  const exported = await vi.waitFor(() => readFileSync(file, 'utf8'));
  expect(exported).not.toContain('badge');

  await take('#tags', exported.replace('#run-all', '#imported'));
  await page.waitForFunction(() => document.querySelector('#tags')?.textContent?.includes('Own tags taken over: 1') === true);
  expect(await ownTags()).toMatchObject([{ selector: '#imported' }]);
  await take('#tags', exported.replace('"via": "none"', '"via": "sometimes"').replace('"via":"none"', '"via":"sometimes"'));
  await page.locator('#tags .problem').wait();
  expect(await ownTags()).toMatchObject([{ selector: '#imported' }]);
  await take('#tags', 'not even JSON');
  await page.locator('#tags .problem').wait();
});

async function take(section: string, text: string): Promise<void> {
  const path = join(folder, 'import.json');
  writeFileSync(path, text);
  const field = (await page.$(`${section} input[type=file]`)) as ElementHandle<HTMLInputElement>;
  await field.uploadFile(path);
}

test('dark, narrow and from right to left nothing is cut off, and nothing keeps anyone out', async () => {
  await page.setViewport({ width: 390, height: 800 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  for (const direction of ['ltr', 'rtl']) {
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  }
  await page.setViewport(null);
});

test('500 sites and 10,000 own tags stay quick to look through', async () => {
  const everything = JSON.parse(answered(await kit.ask('exportAll', {})).json) as { kept: Record<string, { is: unknown }> };
  const tags = Array.from({ length: 10_000 }, (_, at) =>
    tagOf(`tag ${at}`, { operation: at === 7_777 ? 'rare.one' : 'query.execute' }),
  );
  const [own] = [everything.kept['own-tags']];
  if (own === undefined) throw new Error('own tags are not in the export');
  own.is = tags;
  expect(answered(await kit.ask('importAll', { json: JSON.stringify(everything) })).tags).toBe(10_000);
  await keepSites(500);
  await page.reload();
  await page.locator('#tags tbody tr').wait();
  await page.locator('#sites .entry').wait();
  expect(await textOf('#sites')).toContain('100 of 500');
  expect(await page.$$eval('#tags tbody tr', (rows) => rows.length)).toBe(100);
  const took = await page.evaluate(async () => {
    const field = document.querySelector<HTMLInputElement>('#tags .find');
    const from = performance.now();
    if (field !== null) field.value = 'rare';
    field?.dispatchEvent(new Event('input', { bubbles: true }));
    while (document.querySelectorAll('#tags tbody tr').length !== 1) await new Promise((done) => requestAnimationFrame(done));
    return performance.now() - from;
  });
  expect(await textOf('#tags tbody tr')).toContain('tag 7777');
  expect(took).toBeLessThan(500);
});

/** As if that many had been switched on one by one; the worker reads them when it starts again. */
async function keepSites(count: number): Promise<void> {
  await page.evaluate(
    async (sites) => {
      await chrome.storage.local.set({ sites: { version: 1, is: sites } });
    },
    Array.from({ length: count }, (_, at) => ({ origin: `http://127.0.0.1:${9_001 + at}`, since: 1 })),
  );
  await kit.killWorker();
}

test('unpairing says what will happen, Escape keeps all, and the key is revoked', async () => {
  await press(`Unpair ${new URL(gateway.url).host}`, '#gateways .entry-head');
  await page.locator('#gateways .confirm').wait();
  expect(await textOf('#gateways .confirm')).toContain('is revoked');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('.confirm') === null);
  expect(answered(await kit.ask('standings', {})).standings).toHaveLength(1);
  await press(`Unpair ${new URL(gateway.url).host}`, '#gateways .entry-head');
  await press(`Unpair ${new URL(gateway.url).host}`, '#gateways .confirm');
  await page.waitForFunction(() => document.querySelector('#gateways')?.textContent?.includes('its key is revoked') === true);
  expect(answered(await kit.ask('standings', {})).standings).toEqual([]);
});

test('erasing names what goes, and then nothing is left', async () => {
  await press('Erase everything');
  await vi.waitFor(async () => {
    for (const words of ['Paired gateways: 0', 'Sites: 500', 'Own tags: 10,001'])
      expect(await textOf('#kept .confirm')).toContain(words);
  });
  await press('Erase everything now');
  await page.waitForFunction(() => document.querySelector('#kept')?.textContent?.includes('Erased.') === true);
  expect(await ownTags()).toEqual([]);
  expect((await settings()).badge).toBe('low');
});
