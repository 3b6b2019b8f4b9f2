// The popup as a person uses it: the built extension in a real browser, a real gateway, and what stands on the screen.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { violations } from '../kit/axe.ts';
import { openBrowser, pairingLink, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const CARD = `card: popup
services:
  work:
    path: /jobs
    upstream: plain
    operations:
      - id: work.do
        match: GET /ok
        reason: Work
        quantities: { units: query.credits }
        price: [{ per: units, rate: 1 }]
plans:
  team:
    every: month
    cycle: calendar
    pool: 1000
    seats: { pro: { allowance: 80 } }
    draw: [individual, pool, extra]
    extra: { limit: 50, fee: 0.002 USD }
`;

/** Other tests may keep the machine busy. */
const PATIENT = { timeout: 20_000, interval: 20 };

let gateway: GatewayKit;
let kit: BrowserKit;
let popup: Page;
let annsKey: string;

beforeAll(async () => {
  [gateway, kit] = await Promise.all([startGateway({ card: CARD, credits: 0 }), openBrowser()]);
  await gateway.api('PATCH', 'organizations/main', { plan: 'team' });
  await gateway.api('POST', 'users', { id: 'ann', name: 'Ann', email: 'ann@example.com', workspace: 'main' });
  await gateway.api('POST', 'seats', { id: 'anns-seat', type: 'pro', user: 'ann' });
  await gateway.api('POST', 'workspaces', { name: 'lab' });
  await gateway.api('PUT', 'workspaces/lab/users/ann', { role: 'member' });
  await gateway.api('POST', 'caps', { id: 'lab', scope: { kind: 'workspace', id: 'lab' }, window: 'day', limit: 0 });
  annsKey = (await gateway.makeKey({ id: 'anns-key', scope: 'spend', user: 'ann' })).text;
});
afterAll(async () => {
  const errors = await kit.errors();
  await Promise.all([gateway.close(), kit.close()]);
  expect(errors).toEqual([]);
});

/** A call that costs so many credits of Ann's; answers with its id. */
async function spend(credits: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await gateway.call(`/jobs/ok?credits=${credits}`, {
    headers: { authorization: `Bearer ${annsKey}`, ...headers },
  });
  expect(answer.status).toBe(200);
  return answer.headers.get('credits-call') ?? '';
}

const textOf = (page: Page): Promise<string> => page.evaluate(() => document.body.innerText);

async function says(...texts: readonly (string | RegExp)[]): Promise<void> {
  await vi.waitFor(async () => {
    const now = await textOf(popup);
    for (const text of texts) expect(now).toMatch(typeof text === 'string' ? new RegExp(RegExp.escape(text)) : text);
  }, PATIENT);
}

/** What the odometer shows, and its exact title. */
async function odometer(): Promise<{ digits: string; title: string; tone: string }> {
  return popup.evaluate(() => {
    const shown = document.querySelector<HTMLElement>('.odometer');
    const flow = document.querySelector('number-flow');
    const number = flow as unknown as { value: number; format: Intl.NumberFormatOptions } | null;
    const digits = number === null ? (shown?.innerText ?? '') : new Intl.NumberFormat('en', number.format).format(number.value);
    return { digits, title: shown?.title ?? '', tone: shown?.className ?? '' };
  });
}

async function press(
  ...keys: readonly ('Tab' | 'Enter' | 'ArrowRight' | 'ArrowLeft' | 'ArrowDown' | 'ArrowUp' | 'Home' | 'Space')[]
): Promise<void> {
  for (const key of keys) await popup.keyboard.press(key);
}

/** The tab of this name, by keyboard alone: the tabs are one stop, arrows go between them. */
async function lookAt(name: string): Promise<void> {
  await popup.focus('[role=tab][aria-selected=true]');
  const chosen = (): Promise<string> =>
    popup.$eval('[role=tab][aria-selected=true]', (tab) => (document.activeElement === tab ? (tab.textContent ?? '') : ''));
  for (let step = 0; step < 4 && (await chosen()) !== name; step += 1) await press('ArrowRight');
  expect(await chosen()).toBe(name);
}

test('without a pairing: one field, how to get what goes into it, and words where it is wrong', async () => {
  popup = await kit.openPage('popup.html');
  await says('Pair this browser with your gateway', 'Where do I get a link?', 'tollgate pair');
  await vi.waitFor(
    async () => expect(await popup.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('link'),
    PATIENT,
  );
  expect(await violations(popup)).toEqual([]);
  await popup.keyboard.type('hello');
  await press('Enter');
  await says('Not paired: this is no pairing link');
  expect((await gateway.api('GET', 'keys?scope=view')).body.keys).toEqual([]);
  await popup.$eval('input[name=link]', (field) => field.select());
});

test('a link pasted pairs in one step: the balance, its context, and a key named after the browser', async () => {
  await kit.allow('http://127.0.0.1/*');
  await popup.keyboard.type(await pairingLink(gateway, { user: 'ann', workspace: 'main' }));
  await press('Enter');
  await says('main/main', /Live|As of/);
  expect(await odometer()).toMatchObject({ digits: '1,080.00', title: 'Exactly 1,080 credits' });
  const { body } = await gateway.api('GET', 'keys?scope=view');
  expect(body.keys).toMatchObject([{ name: 'Chrome on Linux', user: 'ann' }]);
});

test('nothing was called yet: the line that makes a call is there', async () => {
  await lookAt('Calls');
  await says('No calls yet', `curl '${gateway.url}/jobs/ok`, '$TOLLGATE_KEY');
  expect(await violations(popup)).toEqual([]);
});

test('the odometer follows a charge while the popup is open, and the list with it', async () => {
  await says('Live');
  const root = await spend(12.4, { baggage: 'agent=planner' });
  await vi.waitFor(async () => expect(await odometer()).toMatchObject({ title: 'Exactly 1,067.6 credits' }), PATIENT);
  await says('−12.4', 'planner');
  const child = await spend(3.000001, { 'credits-parent': root, baggage: 'agent=researcher' });
  await spend(1, { 'credits-parent': child });
  await vi.waitFor(
    async () => expect(await odometer()).toMatchObject({ digits: '1,063.59', title: 'Exactly 1,063.599999 credits' }),
    PATIENT,
  );
  await vi.waitFor(async () => expect(await popup.$$eval('.call', (rows) => rows.length)).toBe(3), PATIENT);
  expect(await violations(popup)).toEqual([]);
});

test('a call opens its receipt with all six decimals, and what ran for it with own and inclusive costs', async () => {
  // The oldest is the agent's call.
  await popup.focus('.calls li:last-child .call');
  await press('Enter');
  await says('work.do', '−12.4 credits', 'What ran for it');
  const rows = await popup.$$eval('.chain tbody tr', (all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.replaceAll(/\s+/g, ' ').trim())),
  );
  expect(rows).toEqual([
    ['work.do planner', '−12.4', '−16.4'],
    ['work.do researcher', '−3', '−4'],
    ['work.do', '−1', '−1'],
  ]);
  expect(await violations(popup)).toEqual([]);
  // The sub-agent's own, from there, by keyboard.
  await popup.focus('.chain tbody tr:nth-child(2) button');
  await press('Enter');
  await says('−3.000001 credits', 'Available after', '1,064.599999');
  const inConsole = await popup.$eval('.panel a', (link) => link.href);
  expect(inConsole).toMatch(new RegExp(`^${RegExp.escape(gateway.url)}/tollgate/console/calls/`));
  await popup.focus('.panel button');
  await press('Enter');
  await says('planner', 'researcher');
});

test('the overview tells the pace, who pays in which order, and what ends', async () => {
  await lookAt('Overview');
  await says('Average a day', 'Not before it resets', /Resets\s+.*\d{4}/, '16.4 of 80 used');
  const sources = await popup.$$eval('ol.lines li', (all) => all.map((row) => row.innerText.replaceAll(/\s+/g, ' ')));
  expect(sources).toEqual([
    'Your own credits 63.6 of 80',
    'Pool of main 1,000 of 1,000',
    'Extra credits, 0.002 USD each 50 of 50',
  ]);
  await says('Ends unless spent', '63.6 credits');
  expect(await popup.$eval('.bar', (bar) => bar.getAttribute('aria-label'))).toMatch(
    /^16\.4 used of 80, 20 %\. An even pace would be at \d+ % today\.$/,
  );
  expect(await violations(popup)).toEqual([]);
});

test('usage: days by keyboard with their values, a table one key away, and where it went', async () => {
  await lookAt('Usage');
  await says('What did each of the last 30 days take?', 'Where did the last 30 days go?', 'Work', '16.4 credits');
  await popup.focus('.strip');
  const value = (): Promise<string | null> => popup.$eval('.strip', (strip) => strip.getAttribute('aria-valuetext'));
  expect(await value()).toBe('today, so far: 16.4 credits in 3 calls');
  await press('ArrowLeft');
  expect(await value()).toMatch(/^\w+ \d+: 0 credits in 0 calls$/);
  expect(await violations(popup)).toEqual([]);
  await popup.focus('.chart-head button');
  await press('Enter');
  const first = await popup.$eval('figure tbody tr', (row) => row.innerText.split('\t').slice(1));
  expect(first.map((cell) => cell.trim())).toEqual(['16.4', '3']);
  expect(await violations(popup)).toEqual([]);
});

test('another context is chosen by keyboard; its caps are its own', async () => {
  await lookAt('Overview');
  await popup.focus('select');
  await press('ArrowDown');
  await says('Caps near their edge', 'workspace main/lab', 'Used up: calls are refused');
  expect(await violations(popup)).toEqual([]);
  await popup.focus('select');
  await press('ArrowUp');
  await vi.waitFor(async () => expect(await textOf(popup)).not.toContain('workspace main/lab'), PATIENT);
});

test('the toolbar opens it over a tab, whose site is switched on and off with one click each', async () => {
  const page = await kit.newPage();
  await page.goto(`${gateway.upstream.origin}/plain/ok`);
  const over = await kit.popup(page);
  const { host, origin } = new URL(gateway.upstream.origin);
  const click = async (name: string): Promise<void> => {
    await over.waitForSelector(`::-p-xpath(//button[normalize-space()='${name}'])`);
    await over.evaluate(
      (text) => [...document.querySelectorAll('button')].find((one) => one.textContent === text)?.click(),
      name,
    );
  };
  await click('This site');
  await over.waitForFunction((text) => document.body.innerText.includes(text), {}, `No prices on ${host}`);
  expect(await violations(over)).toEqual([]);
  await (await over.waitForSelector(`::-p-xpath(//button[normalize-space()='Show prices here'])`))?.click();
  await over.waitForFunction((text) => document.body.innerText.includes(text), {}, `Prices are on for ${host}`);
  const sites = async (): Promise<readonly string[]> => {
    const answer = await kit.ask('sites', {});
    return answer.ok ? answer.answer.sites.filter(({ granted }) => granted).map((site) => site.origin) : [];
  };
  expect(await sites()).toEqual([origin]);
  await click('Remove');
  await over.waitForFunction((text) => document.body.innerText.includes(text), {}, `No prices on ${host}`);
  expect(await sites()).toEqual([]);
  await page.close();
});

test('what was known is painted while the worker sleeps; the popup itself takes less than 150 ms', async () => {
  await kit.killWorker();
  const again = await kit.newPage();
  // A worker that takes its time: what is painted is what it kept.
  await again.evaluateOnNewDocument(() => {
    const silent = { addListener: () => undefined };
    const port = { onMessage: silent, onDisconnect: silent, postMessage: () => undefined, disconnect: () => undefined };
    Object.defineProperty(chrome.runtime, 'connect', { value: () => port });
  });
  const session = await again.createCDPSession();
  // What its own thread worked: the machine may be busy with other tests.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await again.goto(`chrome-extension://${kit.extensionId}/popup.html`);
  await again.waitForSelector('.odometer');
  expect(await again.$eval('.odometer', (shown) => shown.getAttribute('title'))).toBe('Exactly 1,063.599999 credits');
  const { metrics } = await session.send('Performance.getMetrics');
  const worked = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Infinity) * 1_000;
  const after = await again.evaluate(() => performance.getEntriesByName('tollgate-interactive')[0]?.startTime ?? Infinity);
  console.log(`popup: interactive after ${Math.round(after)} ms, of which its thread worked at most ${Math.round(worked)} ms`);
  expect(worked).toBeLessThan(150);
  await again.close();
});

test('older calls come with a click, and new ones push none of them out', async () => {
  await popup.bringToFront();
  await lookAt('Overview');
  const rows = (): Promise<number> => popup.$$eval('.call', (all) => all.length);
  await Promise.all(Array.from({ length: 20 }, () => spend(0.01)));
  await lookAt('Calls');
  await vi.waitFor(async () => expect(await rows()).toBe(20), PATIENT);
  await popup.waitForSelector('.calls + button');
  await popup.focus('.calls + button');
  await press('Enter');
  await says('planner');
  await vi.waitFor(async () => expect(await rows()).toBe(23), PATIENT);
  await spend(0.01);
  await vi.waitFor(async () => expect(await rows()).toBe(24), PATIENT);
  await says('planner');
});

test('where motion is reduced, digits change at once', async () => {
  await popup.bringToFront();
  const moving = (): Promise<number | undefined> =>
    popup.evaluate(() => document.querySelector('number-flow')?.shadowRoot?.getAnimations().length);
  await vi.waitFor(async () => expect(await moving()).toBe(0), PATIENT);
  await popup.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await spend(1);
  await vi.waitFor(async () => expect(await odometer()).toMatchObject({ title: 'Exactly 1,062.389999 credits' }), PATIENT);
  expect(await moving()).toBe(0);
});

test('a gateway that is down is not zero: the last balance stays, with its age and what would help', async () => {
  await gateway.end('SIGKILL');
  await says('does not answer', 'The last balance that is known was told', 'Ask again');
  expect(await odometer()).toMatchObject({ title: 'Exactly 1,062.389999 credits', tone: 'odometer old' });
  expect(await violations(popup)).toEqual([]);
  await gateway.start();
  await popup.evaluate(() => [...document.querySelectorAll('button')].find((one) => one.textContent === 'Ask again')?.click());
  await says(/Live|As of/);
  expect(await odometer()).toMatchObject({ tone: 'odometer plain' });
});

test('where the browser no longer allows the gateway, one click allows it again', async () => {
  await kit.revoke('http://127.0.0.1/*');
  const allow = `Allow ${new URL(gateway.url).host}`;
  await says(allow, 'The last balance that is known was told');
  expect(await odometer()).toMatchObject({ tone: 'odometer old' });
  await kit.allow('http://127.0.0.1/*');
  await popup.evaluate(
    (name) => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click(),
    allow,
  );
  await says(/Live|As of/);
  expect(await odometer()).toMatchObject({ tone: 'odometer plain' });
});

test('a key that was taken back: said so, and pairing again is right there', async () => {
  const { body } = await gateway.api('GET', 'keys?scope=view');
  const mine = (body.keys as { id: string; name: string }[]).find(({ name }) => name === 'Chrome on Linux');
  await gateway.api('DELETE', `keys/${mine?.id}`);
  await says('Pairing link', /key/);
  expect(await odometer()).toMatchObject({ tone: 'odometer old' });
  expect(await violations(popup)).toEqual([]);
  await popup.type('input[name=link]', await pairingLink(gateway, { user: 'ann', workspace: 'main' }));
  await press('Enter');
  await says(/Live|As of/);
  expect(await odometer()).toMatchObject({ title: 'Exactly 1,062.389999 credits', tone: 'odometer plain' });
});
