// After the click, in a real browser: what it did cost, with everything that ran below it, by the ledger's numbers; and what a page makes up is
// not believed.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Page } from 'puppeteer';
import { showSpent } from '@tollgate/shared/show-credits';
import type { Call } from '../../extension/src/pricing/chain-tree.ts';
import type { Pairing } from '../../extension/src/messages.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { shownSigns, signBeside } from '../kit/page-signs.ts';

const SOON = { timeout: 10_000, interval: 40 };
const RUN = 'button[data-testid=run]';

let gateway: GatewayKit;
let kit: BrowserKit;
let pairing: Pairing;
let page: Page;

beforeAll(async () => {
  [gateway, kit] = await Promise.all([
    startGateway({ pages: true, credits: 10_000, upstream: ['--pace-ms', '0'] }),
    openBrowser(),
  ]);
  pairing = await kit.pair(gateway);
  const on = await kit.ask('siteOn', { origin: gateway.upstream.origin });
  if (!on.ok) throw new Error(on.problem.message);
  page = await kit.newPage();
});
beforeEach(() => page.bringToFront());
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all([gateway.close(), kit.close()]);
});

function open(path: string): Promise<unknown> {
  return page.goto(`${gateway.upstream.origin}/demo/pages/${path}`);
}

function says(selector: string, wanted: Readonly<Record<string, unknown>>): Promise<void> {
  return vi.waitFor(async () => expect(await signBeside(page, selector, 200)).toMatchObject(wanted), SOON);
}

async function callsOf(query: string): Promise<readonly Call[]> {
  const { body } = await gateway.api('GET', `calls?${query}`, undefined, gateway.spendKey);
  return body.calls;
}

function sum(calls: readonly Call[]): number {
  return calls.reduce((all, { charge }) => all + Math.round((charge ?? 0) * 1e6), 0) / 1e6;
}

test('a click’s tag turns into what it did cost, as the ledger has it, once its job has ended', async () => {
  await open('query');
  await says(RUN, { text: 'up to 28' });
  await page.click(RUN);
  // The job is open until its status tells the compute time.
  await says(RUN, { text: '…', spoken: 'is running; its cost is not known yet' });
  await vi.waitFor(async () => {
    const [job] = await callsOf('operation=query.execute');
    expect(job?.charge).toBeGreaterThan(10);
    expect((await signBeside(page, RUN, 200)).text).toBe(showSpent(job?.charge, 'en'));
  }, SOON);
});

test('what another button costs is its own, and the price comes back when what is asked for changes', async () => {
  await page.waitForSelector('#show-rows:not([disabled])');
  await page.click('#show-rows');
  await vi.waitFor(async () => {
    const [read] = await callsOf('operation=results.export');
    expect((await signBeside(page, '#show-rows', 200)).text).toBe(showSpent(read?.charge, 'en'));
  }, SOON);
  await page.select('#engine', 'large');
  await says(RUN, { text: expect.stringMatching(/^≈ 20/) });
});

/** The page's traffic names a call, which any page can have it do. */
async function nameCall(id: string): Promise<void> {
  // Its timing is there once it was read to its end.
  await page.evaluate(async (call) => (await fetch(`/demo/pages/forged?call=${call}`)).text(), id);
}

test('a page that names a call that is not of its click is not believed', async () => {
  await open('query');
  const tag = {
    id: 'forged',
    on: `${gateway.upstream.origin}/*`,
    selector: 'h1',
    pairing: pairing.id,
    operation: 'businesses.read',
  };
  const tagged = { ...tag, inputs: {}, schedule: null, via: 'gateway' as const, name: 'Forged', madeAt: 0 };
  expect(await kit.ask('putOwnTag', { tag: tagged })).toMatchObject({ ok: true });
  await says('h1', { text: '2' });
  const old = (await gateway.call('/records/v1/businesses/1')).headers.get('credits-call') ?? '';
  await vi.waitFor(async () => expect((await signBeside(page, 'h1', 200)).spoken).toContain('leaves'), SOON);
  // That it has ended was heard of.
  const { body: now } = await gateway.api('GET', 'balance', undefined, gateway.spendKey);
  await vi.waitFor(async () => {
    const balance = { available: now.available };
    expect(await kit.ask('standings', {})).toMatchObject({ answer: { standings: [{ balance }] } });
  }, SOON);
  const stranger = await gateway.api('POST', 'organizations', { id: 'strangers' });
  expect(stranger.status).toBeLessThan(300);
  await gateway.api('POST', 'grants', { id: 'theirs', amount: 50, account: 'pool:strangers' });
  const { body } = await gateway.api('POST', 'keys?organization=strangers', { id: 'theirs', scope: 'spend' });
  await page.click('h1');
  const theirs = await gateway.call('/records/v1/businesses/2', { headers: { authorization: `Bearer ${body.text}` } });
  expect(theirs.status).toBe(200);
  const headers = { 'content-type': 'application/json' };
  const other = await gateway.call('/records/v1/businesses', { method: 'POST', headers, body: '{"page_size":1}' });
  // An old one of the same operation; since the click somebody else's, and one of another operation; and one that nobody made.
  const forged = [old, theirs.headers.get('credits-call') ?? '', other.headers.get('credits-call') ?? '', 'nobody-made-this'];
  expect(forged).not.toContain('');
  for (const id of forged) await nameCall(id);
  // What is really of the click comes after all of them, and is the only one that is put to it.
  const mine = (await gateway.call('/records/v1/businesses/3')).headers.get('credits-call') ?? '';
  await nameCall(mine);
  await says('h1', { text: '−2', spoken: 'cost 2 credits' });
  const own = await kit.openPage('manifest.json');
  const used = JSON.stringify(await own.evaluate(() => chrome.storage.session.get('used-calls')));
  await own.close();
  expect(used).toContain(mine);
  for (const id of forged) expect(used).not.toContain(id);
  const signs = await shownSigns(page);
  expect(signs.filter(({ text }) => text.startsWith('−'))).toHaveLength(1);
  expect(await kit.ask('removeOwnTag', { id: 'forged' })).toMatchObject({ ok: true });
});

test('the worker may be killed between a click and its cost', async () => {
  await open('query');
  await says(RUN, { text: expect.stringMatching(/^(up to|≈)/) });
  const before = (await callsOf('operation=query.execute')).length;
  await page.click(RUN);
  await says(RUN, { text: '…' });
  await kit.killWorker();
  await vi.waitFor(async () => {
    const jobs = await callsOf('operation=query.execute');
    expect(jobs).toHaveLength(before + 1);
    expect((await signBeside(page, RUN, 200)).text).toBe(showSpent(jobs[0]?.charge, 'en'));
  }, SOON);
});

test('a message of an agent costs what its sub-agents cost with it, as the chain says', async () => {
  await open('chat');
  await page.type('#text', 'How are sales in Lisbon?');
  await says('#send', { text: expect.stringMatching(/^(up to|≈)/) });
  await page.click('#send');
  await page.waitForSelector('span[data-credits-call]');
  const root = await page.$eval('span[data-credits-call]', (element) => element.getAttribute('data-credits-call') ?? '');
  await vi.waitFor(async () => {
    const all = await callsOf(`chain=${root}&limit=100`);
    expect(all.length).toBeGreaterThan(2);
    expect((await signBeside(page, 'span[data-credits-call]', 200)).text).toBe(showSpent(sum(all), 'en'));
  }, SOON);
  const all = await callsOf(`chain=${root}&limit=100`);
  // The page names all of its calls as of the button; those below another are counted with it, once.
  await says('#send', { text: showSpent(sum(all), 'en'), spoken: expect.stringContaining(`included: ${all.length - 1}`) });
  const answer = await kit.ask('chain', { pairing: pairing.id, id: root });
  expect(answer).toMatchObject({ ok: true, answer: { id: root, inclusive: sum(all) } });
  const own = all.find(({ id }) => id === root);
  expect(answer).toMatchObject({ answer: { own: own?.charge } });
  // As a page does that empties its field once the message was sent; fields that scripts fill are read each second.
  await page.$eval('#text', (field) => ((field as HTMLTextAreaElement).value = 'a draft of the page'));
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  await says('#send', { text: showSpent(sum(all), 'en') });
  await page.type('#text', 'And in Porto?');
  await says('#send', { text: expect.stringMatching(/^(up to|≈)/) });
});

test('each module of an automation’s run has what its calls cost', async () => {
  await open('automation');
  await says('#run-scenario', { text: expect.stringMatching(/^(?:up to|≈)/) });
  await page.click('#run-scenario');
  await vi.waitFor(
    async () => {
      const run = await page.$eval('#scenario', (found) => found.getAttribute('data-credits-run') ?? '');
      const all = await callsOf(`scenario=weekly-leads&run=${run}&limit=100`);
      const done = await page.$$eval('[data-credits-module][data-state=done]', (elements) => elements.length);
      expect(done).toBe(5);
      const wanted = new Map<string, Call[]>();
      for (const call of all) {
        const { module = '' } = call.labels;
        wanted.set(module, [...(wanted.get(module) ?? []), call]);
      }
      const bubbles = (await shownSigns(page)).flatMap(({ text }) => (text.startsWith('−') ? [text] : []));
      // The page names all of them as of the button, whose tag has the sum.
      expect((await signBeside(page, '#run-scenario', 200)).text).toBe(showSpent(sum(all), 'en'));
      expect(bubbles.toSorted()).toEqual([all, ...wanted.values()].map((calls) => showSpent(sum(calls), 'en')).toSorted());
      expect(wanted.size).toBe(5);
    },
    { timeout: 20_000, interval: 100 },
  );
});

test('a card that is open turns into the receipt, and that of several calls has all of them', async () => {
  await open('automation');
  await says('#run-scenario', { text: expect.stringMatching(/^(?:up to|≈)/) });
  await page.mouse.move(1, 1);
  await page.click('#run-scenario');
  const run = (): Promise<string> => page.$eval('#scenario', (found) => found.getAttribute('data-credits-run') ?? '');
  await vi.waitFor(async () => {
    const calls = await callsOf(`run=${await run()}`);
    expect(calls).toHaveLength(5);
    const card = page.frames().findLast((frame) => !frame.detached && frame.url().includes('/card.html'));
    const text = (await card?.$eval('body', (body) => body.textContent)) ?? '';
    expect(text).toContain(showSpent(sum(calls), 'en'));
    for (const { operation } of calls) expect(text).toContain(operation);
  }, SOON);
});
