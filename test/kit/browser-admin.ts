// What only the browser's own extensions page can do: grant and take origins without a prompt, and list what went wrong.
import type { Browser, ConsoleMessage, Page } from 'puppeteer';

export interface ExtensionAdmin {
  /** From now on the browser says yes, without a prompt, when the extension asks for this pattern: `http://127.0.0.1/*`. */
  allow(pattern: string): Promise<void>;
  /** As a person takes a site away in the browser's own settings. */
  revoke(pattern: string): Promise<void>;
  /** Ends the worker, as the browser does at any moment. Nothing is told to it. */
  killWorker(): Promise<void>;
  /** Whether the worker runs. Does not keep it awake, as `target.worker()` would. */
  workerRuns(): Promise<boolean>;
  /**
   * Everything that went wrong so far in the worker, pages and content scripts of the extension, and in all pages of this kit. Tests expect
   * it to be empty.
   */
  errors(): Promise<string[]>;
}

interface Details extends ExtensionAdmin {
  /** Names the extension; opens a page of it that runs nothing. */
  watch(extensionId: string): Promise<Page>;
  watchPage(page: Page): void;
}

/** What `chrome.developerPrivate` has and its types do not: it is there on chrome://extensions alone. */
interface DeveloperPrivate {
  updateProfileConfiguration(change: { inDeveloperMode: boolean }): Promise<void>;
  addHostPermission(id: string, pattern: string): Promise<void>;
  removeHostPermission(id: string, pattern: string): Promise<void>;
  getExtensionInfo(id: string): Promise<{
    runtimeErrors: readonly { message: string; source: string; severity: string }[];
    manifestErrors: readonly { message: string }[];
  }>;
}

type AdminChrome = typeof chrome & { developerPrivate: DeveloperPrivate };

/** Call it before the extension is installed: from developer mode on, the browser keeps a list of errors. */
export async function openAdmin(browser: Browser): Promise<Details> {
  const admin = (await browser.pages())[0] ?? (await browser.newPage());
  await admin.goto('chrome://extensions/');
  await admin.evaluate(() =>
    (chrome as AdminChrome).developerPrivate.updateProfileConfiguration({
      inDeveloperMode: true,
    }),
  );
  const session = await browser.target().createCDPSession();
  const pageErrors: string[] = [];
  let id = '';
  const workers = async (): Promise<string[]> => {
    const { targetInfos } = await session.send('Target.getTargets');
    return targetInfos
      .filter(({ type, url }) => type === 'service_worker' && url.startsWith(`chrome-extension://${id}/`))
      .map(({ targetId }) => targetId);
  };

  return {
    watch: async (extensionId) => {
      id = extensionId;
      const page = await browser.newPage();
      await page.goto(`chrome-extension://${id}/manifest.json`);
      return page;
    },
    watchPage: (page) => {
      page.on('pageerror', (error) =>
        pageErrors.push(`${page.url()}: ${error instanceof Error ? error.message : String(error)}`),
      );
      page.on('console', (message) => {
        if (message.type() === 'error' && !isOfNetwork(message)) pageErrors.push(`${page.url()}: ${message.text()}`);
      });
    },
    allow: (pattern) =>
      admin.evaluate(
        (extension, origin) => (chrome as AdminChrome).developerPrivate.addHostPermission(extension, origin),
        id,
        pattern,
      ),
    revoke: (pattern) =>
      admin.evaluate(
        (extension, origin) => (chrome as AdminChrome).developerPrivate.removeHostPermission(extension, origin),
        id,
        pattern,
      ),
    killWorker: async () => {
      for (const targetId of await workers()) await session.send('Target.closeTarget', { targetId });
    },
    workerRuns: async () => (await workers()).length > 0,
    errors: async () => {
      const { runtimeErrors, manifestErrors } = await admin.evaluate(
        (extension) => (chrome as AdminChrome).developerPrivate.getExtensionInfo(extension),
        id,
      );
      return [
        ...pageErrors,
        ...runtimeErrors.filter(({ severity }) => severity === 'ERROR').map(({ source, message }) => `${source}: ${message}`),
        ...manifestErrors.map(({ message }) => `manifest: ${message}`),
      ];
    },
  };
}

/** A 402, or a page without an icon: the browser's own lines about the network are no errors of a script. */
function isOfNetwork(message: ConsoleMessage): boolean {
  return message.text().startsWith('Failed to load resource');
}
