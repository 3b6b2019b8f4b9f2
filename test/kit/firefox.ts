// Firefox with the built extension. It is driven by BiDi, which waits for no load of an extension's page: pages are polled for what they show.
import { launch, type Browser, type Frame, type Page } from 'puppeteer';
import type { Answer, AskName, Asks } from '../../extension/src/messages.ts';
import { builtExtension } from './built-extension.ts';
import { findBrowser } from './find-browser.ts';

export interface FirefoxKit {
  readonly browser: Browser;
  newPage(): Promise<Page>;
  /** A page of the extension as a tab: `popup.html`. */
  openPage(path: string): Promise<Page>;
  /** Asks the worker as pages of the extension do. */
  ask<Name extends AskName>(name: Name, given: Asks[Name]['with']): Promise<Answer<Name>>;
  /** What the extension's signs in a page say to people who listen, and show: `≈ 12 | about 12 credits, …`. No page can read them. */
  signs(page: Page): Promise<string[]>;
  /**
   * Whether an expression is true in a frame, also while it goes somewhere. The driver's own way keeps hold of the document that is left, and
   * answers no more.
   */
  isTrue(frame: Frame, expression: string): Promise<boolean>;
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
  const openPage = async (path: string): Promise<Page> => {
    const page = await browser.newPage();
    await goTo(page, `moz-extension://${ADDRESS}/${path}`);
    return page;
  };
  const own = await openPage('manifest.json');
  return {
    browser,
    newPage: () => browser.newPage(),
    openPage,
    ask: (name, given) =>
      own.evaluate(
        // Firefox has its own name for it; what it answers is the promise of either.
        (asked, what) =>
          (globalThis as unknown as { browser: typeof chrome }).browser.runtime.sendMessage({ ask: asked, with: what }),
        name,
        given,
      ) as never,
    signs: (page) => signsOf(browser, page),
    isTrue: async (frame, expression) => {
      const { result } = await evaluateIn(browser, frame, expression);
      return result?.value === true;
    },
    errors: () =>
      said
        .join('')
        .split('\n')
        .filter((line) => /^(?:JavaScript error:|console\.error:)/.test(line) && line.includes('moz-extension://')),
    close: () => browser.close(),
  };
}

/** BiDi tells of closed shadow roots, where a script of the page sees none. */
interface BidiNode {
  value?: unknown;
}

interface BidiElement {
  attributes?: Readonly<Record<string, string>>;
  children?: readonly BidiNode[];
  shadowRoot?: BidiNode | null;
}

interface Bidi {
  connection: {
    send(method: string, params: unknown): Promise<{ result: { result?: BidiNode } }>;
  };
}

async function evaluateIn(browser: Browser, frame: Frame, expression: string): Promise<{ result?: BidiNode }> {
  const { result } = await (browser as unknown as Bidi).connection.send('script.evaluate', {
    expression,
    target: { context: (frame as unknown as { _id: string })._id },
    awaitPromise: false,
    serializationOptions: { maxDomDepth: 6, includeShadowTree: 'all' },
  });
  return result;
}

async function signsOf(browser: Browser, page: Page): Promise<string[]> {
  const { result } = await evaluateIn(browser, page.mainFrame(), 'document.documentElement.lastElementChild');
  return elementsBelow(result ?? {})
    .filter(({ attributes }) => attributes?.['class'] === 'sign')
    .map(({ attributes, children = [] }) => {
      const texts = children.flatMap((child) => elementOf(child).attributes?.['data-text'] ?? []);
      return `${texts.join(' ')} | ${attributes?.['aria-label'] ?? ''}`;
    });
}

function elementsBelow(node: BidiNode): BidiElement[] {
  const element = elementOf(node);
  const { children = [], shadowRoot } = element;
  const below = shadowRoot === null || shadowRoot === undefined ? children : [...children, shadowRoot];
  return [element, ...below.flatMap(elementsBelow)];
}

function elementOf({ value }: BidiNode): BidiElement {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Goes there and waits until there is another document, with a body; `goto` cannot. Where it goes on by itself is its own business. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate('globalThis.isLeft = true').catch(() => undefined);
  // One that is cut short by the page's own going on is told by what is there then.
  await page.goto(address, { waitUntil: [] }).catch(() => undefined);
  const { protocol } = new URL(address);
  await until(page, `globalThis.isLeft !== true && location.protocol === '${protocol}' && document.readyState === 'complete'`);
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
