// What stands before the camera. Each scene leaves the extension paired with Ann's key, and the site of the demo's pages on.
import type { Page } from 'puppeteer';
import { pairingLink } from '../kit/browser.ts';
import { cardOf, signBeside, waitForSigns } from '../kit/page-signs.ts';
import type { Studio } from './screenshots.ts';

const WIDE = { x: 0, y: 0, width: 1_000, height: 560 };

export const SCENES: Readonly<Record<string, (studio: Studio) => Promise<void>>> = {
  pairing,
  popup,
  site,
  tags,
  asking,
  refused,
  automation,
  chat,
  records,
  pointing,
  options,
  offline,
  revoked,
};

async function pairing({ month, kit, page, shoot }: Studio): Promise<void> {
  const first = await kit.popup(page);
  await says(first, 'Pair');
  await shoot('first', first, await boundsOf(first));
  await kit.grant('http://127.0.0.1/*');
  await first.type('input', await pairingLink(month.gateway, { user: 'ann' }));
  await first.keyboard.press('Enter');
  await says(first, 'Overview');
  await first.close();
}

async function popup({ kit, page, shoot }: Studio): Promise<void> {
  const shown = await kit.popup(page);
  await says(shown, 'Live');
  await shoot('balance', shown, await boundsOf(shown));
  await press(shown, 'Calls');
  await shown.waitForSelector('button.call');
  await shoot('calls', shown, await boundsOf(shown));
  await shown.click('button.call');
  await says(shown, 'Rate card');
  await shoot('receipt', shown, await boundsOf(shown));
  await press(shown, 'Usage');
  await says(shown, 'What did each');
  await shoot('usage', shown, await boundsOf(shown));
  await shown.close();
}

async function site({ month, kit, page, shoot }: Studio): Promise<void> {
  await page.goto(`${month.pages}query.html`);
  const shown = await kit.popup(page);
  await says(shown, 'Live');
  await press(shown, 'This site');
  await says(shown, 'Show prices here');
  await shoot('site-off', shown, await boundsOf(shown));
  await press(shown, 'Show prices here');
  await says(shown, 'Prices are on');
  await shoot('site-on', shown, await boundsOf(shown));
  await shown.close();
}

async function tags(studio: Studio): Promise<void> {
  const { page, shoot } = studio;
  await open(studio, 'query.html');
  await waitForSigns(page, (signs) => signs.length > 4);
  await shoot('tags', page, WIDE);
  await page.hover('button[data-testid=run]');
  await cardShown(page);
  await shoot('card', page, WIDE);
  await page.mouse.move(900, 20);
  await page.hover('#cron');
  await cardShown(page);
  await shoot('schedule', page, WIDE);
  await page.mouse.move(900, 20);
}

async function asking(studio: Studio): Promise<void> {
  const { page, kit, shoot } = studio;
  await ask(kit, { above: 5, share: null, crossing: true, refused: true });
  await open(studio, 'query.html');
  await signBeside(page, 'button[data-testid=run]');
  await page.click('button[data-testid=run]');
  await cardShown(page);
  const question = await page.waitForFrame((frame) => frame.url().includes('/card.html'));
  await question.waitForSelector('button.main:enabled');
  await shoot('question', page, WIDE);
  await page.keyboard.press('Escape');
  await ask(kit, { above: null, share: null, crossing: true, refused: true });
  await page.click('button[data-testid=run]');
  await waitForSigns(page, (signs) => signs.some(({ text }) => text.startsWith('−')), 30_000);
  await page.mouse.move(900, 20);
  await shoot('cost', page, WIDE);
}

async function refused(studio: Studio): Promise<void> {
  const { page, month, shoot } = studio;
  await month.gateway.api('PATCH', 'caps/anns-day', { limit: 1 });
  await open(studio, 'query.html');
  await waitForSigns(page, (signs) => signs.some(({ tone }) => tone === 'refused'));
  await page.hover('button[data-testid=run]');
  await cardShown(page);
  await shoot('refused', page, WIDE);
  await page.mouse.move(900, 20);
  await month.gateway.api('PATCH', 'caps/anns-day', { limit: 500 });
}

async function automation(studio: Studio): Promise<void> {
  const { page, shoot } = studio;
  await open(studio, 'automation.html');
  await signBeside(page, '#run-scenario');
  await page.click('#run-scenario');
  await waitForSigns(page, (signs) => signs.filter(({ spoken }) => / in (one call|\d+ calls)$/.test(spoken)).length > 3, 30_000);
  await page.mouse.move(900, 20);
  await shoot('modules', page, WIDE);
}

async function chat(studio: Studio): Promise<void> {
  const { page, kit, shoot } = studio;
  await open(studio, 'chat.html');
  await signBeside(page, '#send');
  await page.type('#text', 'Which of our customers grew last month?');
  await page.click('#send');
  await waitForSigns(page, (signs) => signs.filter(({ text }) => text.startsWith('−')).length > 2, 30_000);
  await page.mouse.move(900, 20);
  await shoot('chat', page, WIDE);
  const shown = await kit.popup(page);
  await says(shown, 'Live');
  await press(shown, 'Calls');
  await shown.waitForSelector('button.call');
  await shown.click('button.call');
  await shown.waitForSelector('.chain');
  await shown.$eval('.chain', (chain) => chain.scrollIntoView({ block: 'end' }));
  await shoot('chain', shown, await boundsOf(shown));
  await shown.close();
}

async function records(studio: Studio): Promise<void> {
  const { page, shoot } = studio;
  await open(studio, 'records.html');
  await page.click('#search');
  await waitForSigns(page, (signs) => signs.some(({ spoken }) => spoken.includes('placed by the page')), 20_000);
  await page.mouse.move(900, 20);
  await shoot('page', page, WIDE);
}

async function pointing(studio: Studio): Promise<void> {
  const { page, kit, shoot } = studio;
  await open(studio, 'records.html');
  const tab = await kit.openPage('manifest.json');
  const id = await tab.evaluate(
    async (url) => (await chrome.tabs.query({})).find((one) => one.url === url)?.id ?? -1,
    page.url(),
  );
  await tab.close();
  await page.bringToFront();
  const answered = await kit.ask('point', { tab: id });
  if (!answered.ok) throw new Error(answered.problem.message);
  const panel = await page.waitForFrame((frame) => frame.url().endsWith('/point-panel.html'));
  await panel.waitForFunction(() => document.body.innerText.includes('Click the button'), { polling: 50 });
  await page.click('#enrich');
  await panel.locator('input[type=search]').fill('enrich');
  await panel.locator('.operation input').click();
  await panel.waitForFunction(() => /\d/.test(document.querySelector('.price')?.textContent ?? ''), { polling: 50 });
  // Off the button, so that its own card closes.
  await page.mouse.move(300, 500);
  await shoot('pointing', page, WIDE);
  await page.reload();
}

async function options({ kit, shoot }: Studio): Promise<void> {
  const page = await kit.openOptions();
  await says(page, 'Gateways');
  const { height } = await boundsOf(page);
  await shoot('options', page, { x: 0, y: 0, width: 1_000, height: Math.min(height, 2_400) });
  await page.close();
}

async function offline({ month, kit, page, shoot }: Studio): Promise<void> {
  const shown = await kit.popup(page);
  await says(shown, 'Live');
  await month.gateway.end();
  await says(shown, 'does not answer');
  await shoot('offline', shown, await boundsOf(shown));
  await shown.close();
  await month.gateway.start();
}

async function revoked({ month, kit, page, shoot }: Studio): Promise<void> {
  const { body } = await month.gateway.api('GET', 'keys?scope=view');
  for (const { id } of body.keys as { id: string }[]) await month.gateway.api('DELETE', `keys/${id}`);
  const shown = await kit.popup(page);
  await says(shown, 'knows this browser');
  await shoot('revoked', shown, await boundsOf(shown));
  await shown.close();
}

async function open({ month, page, kit }: Studio, name: string): Promise<void> {
  await kit.ask('siteOn', { origin: new URL(month.pages).origin });
  await page.bringToFront();
  await page.goto(`${month.pages}${name}`);
}

async function ask(
  kit: Studio['kit'],
  change: { above: number | null; share: number | null; crossing: boolean; refused: boolean },
) {
  await kit.ask('settings', { change: { ask: change } });
}

async function cardShown(page: Page): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if ((await cardOf(page))?.isShown === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no card');
}

async function press(page: Page, text: string): Promise<void> {
  await page.evaluate((label) => {
    const found = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === label);
    if (found === undefined) throw new Error(`no button ${label}`);
    found.dataset['pressed'] = 'now';
  }, text);
  await page.click('button[data-pressed=now]');
  await page.evaluate(() => document.querySelector<HTMLElement>('[data-pressed=now]')?.removeAttribute('data-pressed'));
}

async function says(page: Page, text: string): Promise<void> {
  const found = page.waitForFunction(
    (wanted) => document.body.innerText.includes(wanted),
    { polling: 50, timeout: 20_000 },
    text,
  );
  await found.catch(async () => {
    throw new Error(`“${text}” is not there, but: ${await page.evaluate(() => document.body.innerText)}`);
  });
}

async function boundsOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  return page.evaluate(() => {
    const { width } = document.body.getBoundingClientRect();
    return { x: 0, y: 0, width: Math.ceil(width), height: document.documentElement.scrollHeight };
  });
}
