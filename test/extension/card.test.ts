// The frame beside a tag, in pages of a real Chromium with a real gateway: the price, the question and the receipt, as a person reads and
// answers them.
import type { Frame, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { violations } from '../kit/axe.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { cardOf, shownSigns, signBeside } from '../kit/page-signs.ts';
import { servePages, type PagesKit } from '../kit/pages-server.ts';

const CARD = `card: cards
services:
  jobs:
    path: /jobs
    upstream: plain
    operations:
      - id: job.run
        match: GET /ok
        reason: Jobs
        quantities: { units: query.units }
        price: [{ per: units, rate: 1.000001 }]
      - id: job.think
        match: POST /ok
        reason: Jobs
        bounds: { effort: { most: 40, kept_by: documented } }
        quantities: { effort: response.effort }
        price: [{ rate: 2 }, { per: effort, rate: 0.5 }]
tags:
  - { on: "http://127.0.0.1:*/cards*", via: gateway, tag: { selector: "#run", operation: job.run, inputs: { query.units: "#units" } } }
  - { on: "http://127.0.0.1:*/cards*", via: gateway, tag: { selector: "#think", operation: job.think } }
  - { on: "http://127.0.0.1:*/cards*", via: none, tag: { selector: "#elsewhere", operation: job.think } }
  - { on: "http://127.0.0.1:*/cards*", via: gateway, tag: { selector: "#cron", operation: job.run, inputs: { query.units: { value: 2 } }, schedule: { cron: "#cron", zone: { value: UTC } } } }
`;

let gateway: GatewayKit;
let kit: BrowserKit;
let pages: PagesKit;
let page: Page;

beforeAll(async () => {
  [gateway, kit, pages] = await Promise.all([startGateway({ card: CARD, credits: 500 }), openBrowser(), servePages()]);
  await kit.pair(gateway);
  const on = await kit.ask('siteOn', { origin: pages.origin });
  if (!on.ok) throw new Error(on.problem.message);
});
afterEach(async () => {
  await page.close();
  await setAsking(null);
  expect(await kit.errors()).toEqual([]);
});
afterAll(async () => {
  await Promise.all([gateway.close(), kit.close(), pages.close()]);
});

async function setAsking(above: number | null): Promise<void> {
  const ask = { above, share: null, crossing: false, refused: true };
  const answer = await kit.ask('settings', { change: { ask } });
  expect(answer.ok).toBe(true);
}

/** A page with these elements, each far enough from the others; clicks on buttons are counted in `ran`. */
async function show(...elements: readonly string[]): Promise<void> {
  const body = elements.map((element) => `<div style="margin: 24px">${element}</div>`).join('');
  const script = `globalThis.ran = 0; addEventListener('click', (event) => { if (event.target.tagName === 'BUTTON') ran += 1; });`;
  page = await kit.newPage();
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(pages.put(`/cards-${crypto.randomUUID()}`, body, { script }));
}

const ran = (): Promise<number> => page.evaluate(() => (globalThis as unknown as { ran: number }).ran);

const RUN = '<input id="units" value="12" aria-label="Units"> <button id="run">Run</button>';

/** The frame of the card that is open, with what it says once it says this. */
async function card(...texts: readonly (string | RegExp)[]): Promise<{ frame: Frame; text: string }> {
  return vi.waitFor(
    async () => {
      const frame = page.frames().find((each) => each.url().includes('/card.html#'));
      if (frame === undefined) throw new Error('no card is open');
      const text = (await frame.evaluate(() => document.body.innerText)).replaceAll(/\s+/g, ' ');
      for (const each of texts) expect(text).toMatch(typeof each === 'string' ? new RegExp(RegExp.escape(each)) : each);
      return { frame, text };
    },
    { timeout: 20_000, interval: 30 },
  );
}

async function hover(selector: string): Promise<void> {
  await signBeside(page, selector);
  await page.hover(selector);
}

/** The question is gone; the price may stand there, since focus and pointer are on its button again. */
async function noQuestion(): Promise<void> {
  await vi.waitFor(async () => expect(await isAsking()).toBe(false), { timeout: 20_000 });
}

/** An answer takes its frame away, and with it what would say that the key or the click has arrived. */
function goes(input: Promise<void> | undefined): void {
  input?.catch(() => undefined);
}

async function isAsking(): Promise<boolean> {
  const frames = page.frames().filter((each) => each.url().includes('/card.html#'));
  const asking = frames.map((frame) =>
    frame.evaluate(() => document.querySelector('[role=alertdialog]') !== null).catch(() => false),
  );
  return (await Promise.all(asking)).includes(true);
}

async function noCard(): Promise<void> {
  await vi.waitFor(async () => expect(await cardOf(page)).toBeNull(), { timeout: 20_000 });
}

/** Once a person could have seen the question, the button to go on can be pressed. */
async function seen(frame: Frame): Promise<void> {
  await frame.waitForFunction(() => document.querySelector('button.main')?.matches(':enabled'), { timeout: 20_000 });
}

test('an exact price: the number, its arithmetic to the last decimal, what it leaves, who pays', async () => {
  await show(RUN);
  await hover('#run');
  const { frame, text } = await card('12 credits Exact', 'Leaves 488 of 500 available', 'Paid from the pool');
  expect(text).toContain('Rate card of');
  expect(text).toMatch(/12\.000012/);
  expect(await violations(frame)).toEqual([]);
  // It is as large as what it says.
  await vi.waitFor(async () => {
    const size = await frame.evaluate(() => ({ inner: innerHeight, content: document.documentElement.scrollHeight }));
    expect(size.content).toBe(size.inner);
  });
});

test('an estimate: its range and what is held; without the gateway in between neither balance nor hold', async () => {
  await show('<button id="think">Think</button>', '<button id="elsewhere">Elsewhere</button>');
  await hover('#think');
  const { text } = await card('2–22 credits', 'Held until it ends 22');
  expect(text).toContain('of 500 available');
  await page.mouse.move(900, 700);
  await noCard();
  await hover('#elsewhere');
  const elsewhere = await card('An estimate only', '2–22 credits');
  for (const word of ['available', 'Held', 'Paid from']) expect(elsewhere.text).not.toContain(word);
});

test('what would be refused says why, in red and in words', async () => {
  await show(RUN.replace('"12"', '"5000"'));
  await hover('#run');
  const { frame } = await card('Would be refused', '500 are available');
  expect(await frame.$eval('.problem', (box) => box.classList.contains('stopped'))).toBe(true);
  expect(await violations(frame)).toEqual([]);
});

test('a tag that the page placed says so, and its claim is its claim', async () => {
  const long = '<b>Free money</b> '.repeat(300);
  await show(
    `<button id="own" data-credits-operation="job.run" data-credits-input-query.units="7" aria-label="${long}">Own</button>`,
    '<button id="odd" data-credits-operation="job.unheard" data-credits-amount="3">Odd</button>',
  );
  await hover('#own');
  const { frame } = await card('Placed by the page', /7 credits/);
  expect(await frame.evaluate(() => document.querySelector('b'))).toBeNull();
  await page.mouse.move(900, 700);
  await noCard();
  await hover('#odd');
  await card('The page says 3 credits', 'Your gateway does not know');
});

test('a schedule: runs and credits of the cycle, and when next', async () => {
  await show('<input id="cron" value="0 9 * * *" aria-label="When">');
  await hover('#cron');
  const { frame, text } = await card('On this schedule', 'Runs in the cycle to', 'Next runs');
  const [, runs, credits] = /Runs in the cycle to .*?\d{4} (\d+) Credits each cycle ([\d.]+)/.exec(text) ?? [];
  expect(Number(runs)).toBeGreaterThanOrEqual(28);
  expect(Number(credits)).toBeCloseTo(Number(runs) * 2.000002, 3);
  expect(await violations(frame)).toEqual([]);
});

test('what is typed while a card is open is what the card says', async () => {
  await show('<input id="cron" value="0 9 * * *" aria-label="When">');
  await hover('#cron');
  await card('On this schedule');
  await page.click('#cron', { count: 3 });
  await page.keyboard.type('every day');
  const { text } = await card('"every day" is not a schedule');
  expect(text).not.toContain('2 credits');
});

test('zoomed so far that the card fits nowhere, it leaves the button free and is scrolled', async () => {
  await show('<button id="think" style="margin-top: 190px">Think</button>');
  await page.setViewport({ width: 360, height: 400 });
  await hover('#think');
  const { frame } = await card('2–22 credits', 'The arithmetic');
  const button = await page.$eval('#think', (element) => element.getBoundingClientRect().toJSON() as DOMRect);
  await vi.waitFor(async () => {
    const shown = await cardOf(page);
    expect(shown?.isShown).toBe(true);
    const { top, height } = shown?.box ?? button;
    expect(top >= button.bottom || top + height <= button.top).toBe(true);
    const content = await frame.evaluate(() => document.documentElement.scrollHeight);
    expect(height).toBeGreaterThan(80);
    expect(content).toBeGreaterThan(height);
  });
});

test('signs stay where they are while a card or a question of ours lies over their buttons', async () => {
  await setAsking(5);
  await show(RUN, '<button id="think">Think</button>');
  const before = await signBeside(page, '#think');
  await signBeside(page, '#run');
  await page.click('#run');
  const { frame } = await card('Go ahead');
  await seen(frame);
  // The whole page is below the question, for longer than it takes to look again.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await shownSigns(page)).map(({ text }) => text)).toEqual(expect.arrayContaining(['12', before.text]));
  goes(page.keyboard.press('Escape'));
  await noQuestion();
});

test('the question: what a page dispatches answers nothing, a person does by keyboard, and the click comes once', async () => {
  await setAsking(5);
  await show(RUN);
  await signBeside(page, '#run');
  await page.click('#run');
  const { frame } = await card('This can cost more than you spend without being asked', 'Go ahead', 'Stay');
  expect(await violations(frame)).toEqual([]);
  expect(await ran()).toBe(0);
  await frame.evaluate(() => {
    for (const button of document.querySelectorAll('button')) button.click();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  });
  await seen(frame);
  await frame.evaluate(() => document.querySelector<HTMLElement>('button.main')?.click());
  expect(await ran()).toBe(0);
  expect(await isAsking()).toBe(true);
  await frame.focus('button.main');
  goes(page.keyboard.press('Enter'));
  await noQuestion();
  expect(await ran()).toBe(1);
});

test('Escape stays, and so does the button; nothing was clicked', async () => {
  await setAsking(5);
  await show(RUN);
  await signBeside(page, '#run');
  for (const leave of ['Escape', 'button'] as const) {
    await page.click('#run');
    const { frame } = await card('Stay');
    // It has its place and size by then.
    await seen(frame);
    if (leave === 'Escape') {
      await frame.focus('button:not(.main)');
      goes(page.keyboard.press('Escape'));
    } else {
      goes((await frame.waitForSelector('button:not(.main)'))?.click());
    }
    await noQuestion();
  }
  expect(await ran()).toBe(0);
});

test('it can be answered once it was seen for half a second, and no sooner', async () => {
  await setAsking(5);
  await show(RUN);
  await signBeside(page, '#run');
  await page.click('#run');
  const { frame } = await card('Go ahead');
  await seen(frame);
  const since = await frame.evaluate(() => performance.now() - (performance.getEntriesByType('paint')[0]?.startTime ?? Infinity));
  expect(since).toBeGreaterThan(500);
});

test('where the page paints over it, even what no pointer meets, the way on is closed and it says why', async () => {
  await setAsking(5);
  await show(
    RUN,
    '<div id="over" popover="manual" style="inset: 0; width: 100%; height: 100%; pointer-events: none; background: none">Free</div>',
  );
  await signBeside(page, '#run');
  await page.click('#run');
  const { frame } = await card('Go ahead');
  await seen(frame);
  await page.evaluate(() => document.querySelector<HTMLElement>('#over')?.showPopover());
  await card('Something covers this question');
  expect(await frame.$eval('button.main', (button) => button.matches(':disabled'))).toBe(true);
  await page.evaluate(() => document.querySelector<HTMLElement>('#over')?.hidePopover());
  await seen(frame);
  expect(await ran()).toBe(0);
});

test('not again for this button today: the next click goes through', async () => {
  await setAsking(5);
  await show(RUN);
  await signBeside(page, '#run');
  await page.click('#run');
  const { frame } = await card('Not again for this button today');
  await seen(frame);
  await (await frame.waitForSelector('input[type=checkbox]'))?.click();
  goes((await frame.waitForSelector('button.main'))?.click());
  await noQuestion();
  expect(await ran()).toBe(1);
  await vi.waitFor(
    async () => {
      await page.click('#run');
      expect(await ran()).toBe(2);
    },
    { timeout: 20_000 },
  );
  expect(await isAsking()).toBe(false);
});

test('a receipt beside a message: own cost with all decimals, and what ran for it', async () => {
  const call = async (units: number, parent?: string): Promise<string> => {
    const headers = parent === undefined ? {} : { 'credits-parent': parent, baggage: 'agent=researcher' };
    const answer = await gateway.call(`/jobs/ok?units=${units}`, { headers });
    expect(answer.status).toBe(200);
    return answer.headers.get('credits-call') ?? '';
  };
  const root = await call(3);
  await call(2, root);
  await show(`<p id="message" data-credits-call="${root}">An answer</p>`);
  const sign = await signBeside(page, '#message');
  expect(sign.text).toBe('−5');
  await page.mouse.move(sign.box.left + 4, sign.box.top + 4);
  const { frame } = await card('−5 credits With all that ran for it', '−3.000003 credits', 'What ran for it', /researcher −2 −2/);
  expect(await violations(frame)).toEqual([]);
});

test('an address is good once: who opens it again is told that it has ended', async () => {
  await show(RUN);
  await hover('#run');
  const { frame } = await card('12 credits');
  const again = await kit.openPage(new URL(frame.url()).pathname.slice(1) + new URL(frame.url()).hash);
  await again.waitForFunction(() => document.body.innerText.trim() !== '' && !document.body.innerText.includes('One moment'));
  expect(await again.evaluate(() => document.body.innerText)).not.toContain('12 credits');
  await again.close();
});
