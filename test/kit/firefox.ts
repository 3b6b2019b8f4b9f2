// Firefox with the built extension. It is driven by BiDi, which waits for no load of an extension's page: pages are polled for what they show.
import { launch, type Browser, type Page } from 'puppeteer';
import { builtExtension } from './built-extension.ts';
import { findBrowser } from './find-browser.ts';

export interface FirefoxKit {
  readonly browser: Browser;
  newPage(): Promise<Page>;
  /** A page of the extension as a tab: `popup.html`. */
  openPage(path: string): Promise<Page>;
  /** What was thrown or logged as an error by a script of the extension, in worker, pages or content scripts. */
  errors(): string[];
  close(): Promise<void>;
}

const ID = 'tollgate@tollgate.example';
// Where its pages are; otherwise each profile has an address of its own.
const ADDRESS = '5f6d0d0e-7a57-4d1e-9a1e-0c5b6f1d2e3a';

export async function openFirefox(): Promise<FirefoxKit> {
  const folder = await builtExtension('firefox');
  const browser = await launch({
    browser: 'firefox',
    executablePath: findBrowser('firefox'),
    args: ['--remote-allow-system-access'],
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [ID]: ADDRESS }),
      // It answers yes to what an extension asks for, where a click asks.
      'extensions.webextOptionalPermissionPrompts': false,
      'intl.accept_languages': 'en-US',
      // Errors of scripts go to its output.
      'browser.dom.window.dump.enabled': true,
      'devtools.console.stdout.content': true,
    },
    env: { ...process.env, TZ: 'UTC' },
  });
  const said: string[] = [];
  for (const output of [browser.process()?.stdout, browser.process()?.stderr]) {
    output?.setEncoding('utf8').on('data', (piece: string) => said.push(piece));
  }
  await browser.installExtension(folder);
  return {
    browser,
    newPage: () => browser.newPage(),
    openPage: async (path) => {
      const page = await browser.newPage();
      await goTo(page, `moz-extension://${ADDRESS}/${path}`);
      return page;
    },
    errors: () =>
      said
        .join('')
        .split('\n')
        .filter((line) => /^(?:JavaScript error:|console\.error:)/.test(line) && line.includes('moz-extension://')),
    close: () => browser.close(),
  };
}

/** Goes there and waits until there is a document with a body, which `goto` cannot. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: [] });
  await until(page, `location.href.startsWith(${JSON.stringify(address)}) && document.body !== null`);
}

/** Waits until an expression is true in the page. @throws with what the page shows, where it does not come true */
export async function until(page: Page, expression: string, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const met = await page.evaluate(expression).catch(() => false);
    if (met === true) return;
    if (Date.now() > end) {
      const shown = await page.evaluate('document.body?.innerText').catch(String);
      throw new Error(`not within ${withinMs} ms: ${expression}\nThe page shows: ${String(shown)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
