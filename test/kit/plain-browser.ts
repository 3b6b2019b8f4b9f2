// Chromium without the extension, for pages that stand by themselves.
import { launch, type Browser, type Page } from 'puppeteer';
import { findBrowser } from './find-browser.ts';

export interface PlainBrowser {
  readonly browser: Browser;
  /** An empty tab in front, whose errors are kept. */
  newPage(): Promise<Page>;
  /** What went wrong in scripts of all its pages so far, and what their policies stopped. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export async function openPlainBrowser(): Promise<PlainBrowser> {
  const browser = await launch({
    executablePath: findBrowser('chromium'),
    pipe: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });
  const errors: string[] = [];
  return {
    browser,
    errors,
    newPage: async () => {
      const page = await browser.newPage();
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        // A refused call is a line of the browser's own, and no error of a script.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
      });
      return page;
    },
    close: () => browser.close(),
  };
}
