// What price tags take of a page and of the worker.
import { TargetType, type CDPSession, type Page } from 'puppeteer';
import type { BrowserKit } from '../kit/browser.ts';
import { openTagsPort } from '../kit/browser-tags-port.ts';
import { waitForSigns } from '../kit/page-signs.ts';

const PRICED = 200;

/** Milliseconds from a message with 200 tags to the last of their prices, with other inputs each time. */
export async function priceTags(kit: BrowserKit, address: string, count: number): Promise<number[]> {
  const page = await kit.newPage();
  await page.goto(address);
  const port = await openTagsPort(kit, page);
  const { rules } = await port.next('rules');
  const [rule] = rules;
  if (rule === undefined) throw new Error('no rule for this page');
  await port.send({ type: 'visible' });
  const taken = await timesOf(kit, page, rule.id, count);
  await page.close();
  return taken;
}

/** In the extension's own isolated world of the page, where a content script runs: on a port of its own. */
async function timesOf(kit: BrowserKit, page: Page, rule: string, count: number): Promise<number[]> {
  const own = await kit.openPage('manifest.json');
  await page.bringToFront();
  const taken = await own.evaluate(
    async (url, name, rounds, most) => {
      const tab = (await chrome.tabs.query({})).find((one) => one.url === url)?.id ?? -1;
      const [ran] = await chrome.scripting.executeScript({
        target: { tabId: tab },
        args: [name, rounds, most],
        func: async (id: string, many: number, tags: number): Promise<number[]> => {
          const port = chrome.runtime.connect({ name: 'tags' });
          const times: number[] = [];
          const priced = (round: number): Promise<number> =>
            new Promise((resolve) => {
              const missing = new Set(Array.from({ length: tags }, (_, at) => `${round}-${at}`));
              const started = performance.now();
              const hear = (message: { type: string; tags: readonly { key: string; text: string }[] }): void => {
                if (message.type !== 'shown') return;
                for (const { key, text } of message.tags) if (text === '1' || text === '75') missing.delete(key);
                if (missing.size > 0) return;
                port.onMessage.removeListener(hear);
                resolve(performance.now() - started);
              };
              port.onMessage.addListener(hear);
              port.postMessage({
                type: 'tags',
                gone: round === 0 ? [] : Array.from({ length: tags }, (_, at) => `${round - 1}-${at}`),
                tags: [...missing].map((key, at) => ({
                  key,
                  rule: id,
                  origin: 'card',
                  via: 'gateway',
                  parts: [{ operation: 'plain.ok', inputs: { 'query.size': (at + round) % 2 === 0 ? 'small' : 'dear' } }],
                  schedule: null,
                  claimed: null,
                })),
              });
            });
          port.postMessage({ type: 'visible' });
          // The first ones make the code warm, and fetch the rate card.
          for (let round = 0; round < many + 3; round += 1) {
            const time = await priced(round);
            if (round >= 3) times.push(time);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          port.disconnect();
          return times;
        },
      });
      return ran?.result as number[];
    },
    page.url(),
    rule,
    count,
    PRICED,
  );
  await own.close();
  return taken;
}

/** Loads it, draws its tagged elements anew ten times, scrolls through. @param tagged whether tags have to stand there */
export async function watchLargePage(
  kit: BrowserKit,
  address: string,
  tagged: boolean,
): Promise<{ longestTaskMs: number; shift: number }> {
  const page = await kit.newPage();
  await page.evaluateOnNewDocument(() => {
    const seen = { longestTaskMs: 0, shift: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longestTaskMs = Math.max(seen.longestTaskMs, duration);
    }).observe({ type: 'longtask', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(address);
  await pause(1_500);
  if (tagged) await waitForSigns(page, (signs) => signs.length > 5);
  for (let round = 0; round < 10; round += 1) {
    await page.evaluate('redraw()');
    await page.evaluate(`scrollTo(0, ${round} * 1_000)`);
    await pause(150);
  }
  await pause(500);
  if (tagged) await waitForSigns(page, (signs) => signs.length > 5);
  const seen = (await page.evaluate('seen')) as { longestTaskMs: number; shift: number };
  await page.close();
  return seen;
}

/** Bytes of heap in use after a collection, before and after so many navigations: `4.1 → 4.2 MB`. */
export async function heapsOver(
  kit: BrowserKit,
  address: string,
  count: number,
  kind: 'within the page' | 'to a new document',
): Promise<{ page: string; worker: string }> {
  const page = await kit.newPage();
  await page.goto(address);
  if (kind === 'within the page') await waitForSigns(page, (signs) => signs.length > 5);
  const target = await kit.browser.waitForTarget(
    (one) => one.type() === TargetType.SERVICE_WORKER && one.url().includes(kit.extensionId),
  );
  const sessions = [await page.createCDPSession(), await target.createCDPSession()];
  const go = async (from: number, to: number): Promise<void> => {
    for (let number = from; number < to; number += 1) {
      if (kind === 'within the page') await page.evaluate(`goOn(${number})`);
      else await page.goto(`${address}?${number}`);
      if (number % 10 === 0) await pause(30);
    }
    await pause(1_000);
  };
  // The first tenth fills what is filled once.
  await go(1, Math.ceil(count / 10));
  const before = await Promise.all(sessions.map(heapOf));
  await go(Math.ceil(count / 10), count + 1);
  const after = await Promise.all(sessions.map(heapOf));
  await Promise.all(sessions.map((session) => session.detach()));
  await page.close();
  const [ofPage = '', ofWorker = ''] = before.map((bytes, at) => `${bytes} → ${after[at] ?? ''} MB`);
  return { page: ofPage, worker: ofWorker };
}

async function heapOf(session: CDPSession): Promise<string> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return (usedSize / 1_000_000).toFixed(1);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
