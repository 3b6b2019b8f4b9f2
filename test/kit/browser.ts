// Chromium with the built extension, as a person has it.
import { launch, type Browser, type Page, type Target } from 'puppeteer';
import type { Answer, AskName, Asks, Pairing } from '../../extension/src/messages.ts';
import { openAdmin, type ExtensionAdmin } from './browser-admin.ts';
import { builtExtension } from './built-extension.ts';
import { findBrowser } from './find-browser.ts';
import type { GatewayKit } from './gateway.ts';

export interface BrowserOptions {
  /** CSS pixels; 1280 × 800 by default. */
  size?: { width: number; height: number };
  /** IANA zone of the browser; UTC by default. */
  timeZone?: string;
  /** `en-US` by default. */
  language?: string;
  arguments?: readonly string[];
}

export interface PairOptions {
  /** Whose browser it is; what a `view` key without a user is where left out. */
  user?: string;
  workspace?: string;
  /** A manage key of the organization; the operate key of the kit where left out. */
  key?: string;
  /** What people call the gateway's key: `Test browser`. */
  name?: string;
}

export interface BrowserKit extends ExtensionAdmin {
  readonly browser: Browser;
  readonly extensionId: string;
  /** An empty tab, in front. */
  newPage(): Promise<Page>;
  /** The real popup, opened by the toolbar button over a tab (the newest by default). */
  popup(over?: Page): Promise<Page>;
  openOptions(): Promise<Page>;
  /** A page of the extension: `popup.html` as a tab, or `manifest.json`, which runs nothing. */
  openPage(path: string): Promise<Page>;
  /** Asks the worker as pages of the extension do. Opens no page that keeps it awake. */
  ask<Name extends AskName>(name: Name, given: Asks[Name]['with']): Promise<Answer<Name>>;
  /** The browser grants `http://127.0.0.1/*` (patterns have no port) and what the extension asks for in the same click. */
  grant(pattern: string): Promise<void>;
  /** Pairs with a gateway by a code of its own. */
  pair(gateway: GatewayKit, options?: PairOptions): Promise<Pairing>;
  close(): Promise<void>;
}

export async function openBrowser(options: BrowserOptions = {}): Promise<BrowserKit> {
  const folder = await builtExtension('chrome');
  const browser = await openChromium(options);
  const admin = await openAdmin(browser);
  const extensionId = await browser.installExtension(folder);
  const quiet = await admin.watch(extensionId);
  const newPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    admin.watchPage(page);
    return page;
  };
  const openPage = async (path: string): Promise<Page> => {
    const page = await newPage();
    await page.goto(`chrome-extension://${extensionId}/${path}`);
    return page;
  };
  const ask: BrowserKit['ask'] = (name, given) =>
    quiet.evaluate((asked, what) => chrome.runtime.sendMessage({ ask: asked, with: what }), name, given) as never;
  const grant = async (pattern: string): Promise<void> => {
    await admin.allow(pattern);
    const granted = await quiet.evaluate(
      (origin) => chrome.permissions.request({ origins: [origin], permissions: ['scripting', 'activeTab'] }),
      pattern,
    );
    if (!granted) throw new Error(`${pattern} was not granted`);
  };

  return {
    browser,
    extensionId,
    newPage,
    openPage,
    ask,
    grant,
    openOptions: () => openPage('options.html'),
    popup: (over) => openPopup(browser, extensionId, admin.watchPage, over),
    pair: async (gateway, pairing = {}) => {
      await grant(`${new URL(gateway.url).protocol}//${new URL(gateway.url).hostname}/*`);
      const answer = await ask('pair', { text: await pairingLink(gateway, pairing), name: pairing.name ?? 'Test browser' });
      if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.message}`);
      return answer.answer.pairing;
    },
    allow: admin.allow,
    revoke: admin.revoke,
    killWorker: admin.killWorker,
    workerRuns: admin.workerRuns,
    errors: admin.errors,
    close: () => browser.close(),
  };
}

/** A link with a code that is good once, as the gateway's page shows it. */
export async function pairingLink(gateway: GatewayKit, { user, workspace, key }: PairOptions = {}): Promise<string> {
  const asked = { ...(user === undefined ? {} : { user }), ...(workspace === undefined ? {} : { workspace }) };
  const { status, body } = await gateway.api('POST', 'pairings', asked, ...(key === undefined ? [] : [key]));
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return (body as { link: string }).link;
}

function openChromium({ size, timeZone, language, arguments: more }: BrowserOptions): Promise<Browser> {
  const { width, height } = size ?? { width: 1280, height: 800 };
  return launch({
    executablePath: findBrowser('chromium'),
    pipe: true,
    enableExtensions: true,
    defaultViewport: null,
    args: [
      // Root has no sandbox, and neither have plain users where the package chromium-sandbox is absent.
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--window-size=${width},${height}`,
      `--lang=${language ?? 'en-US'}`,
      ...(more ?? []),
    ],
    env: { ...process.env, TZ: timeZone ?? 'UTC', LANGUAGE: language ?? 'en-US' },
  });
}

async function openPopup(browser: Browser, extensionId: string, watch: (page: Page) => void, over?: Page): Promise<Page> {
  // The same page may be open as a tab.
  const before = new Set(browser.targets());
  const isPopup = (target: Target): boolean =>
    !before.has(target) && target.url() === `chrome-extension://${extensionId}/popup.html`;
  const extension = (await browser.extensions()).get(extensionId);
  const under = over ?? (await browser.pages()).at(-1);
  if (extension === undefined || under === undefined) throw new Error('the extension is gone');
  const shown = browser.waitForTarget(isPopup, { timeout: 10_000 });
  await extension.triggerAction(under);
  const popup = await (await shown).asPage();
  watch(popup);
  return popup;
}
