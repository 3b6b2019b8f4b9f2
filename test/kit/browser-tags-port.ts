// A port as content scripts have one, spoken by a test: from a page, in the extension's own isolated world there.
import type { Page } from 'puppeteer';
import type { ToTags } from '../../extension/src/tag-messages.ts';
import type { BrowserKit } from './browser.ts';

export interface TagsPort {
  /** As it is: also what no content script of ours would send. */
  send(message: unknown): Promise<void>;
  /** The next message of this type that was not given yet. @throws after ten seconds */
  next<Type extends ToTags['type']>(type: Type): Promise<Extract<ToTags, { type: Type }>>;
  /** Asks the worker for what it answers to pages of the extension. */
  ask(name: string, given?: object): Promise<unknown>;
}

interface Heard {
  messages: ToTags[];
  answer: unknown;
}

const PATIENCE_MS = 10_000;
const LOOK_MS = 20;

type World = typeof globalThis & { testPort?: { port: ReturnType<typeof chrome.runtime.connect>; heard: Heard } };

/** @param page on a site that is on */
export async function openTagsPort(kit: BrowserKit, page: Page): Promise<TagsPort> {
  const own = await kit.openPage('manifest.json');
  await page.bringToFront();
  const find = async (url: string): Promise<number> => (await chrome.tabs.query({})).find((tab) => tab.url === url)?.id ?? -1;
  const tab = await own.evaluate(find, page.url());
  const unread: ToTags[] = [];
  const act = async (what: 'open' | 'send' | 'ask' | 'look', given: unknown = null): Promise<Heard> => {
    const heard = await own.evaluate(inPage, tab, what, JSON.stringify(given));
    unread.push(...heard.messages);
    return heard;
  };
  await act('open');

  async function until<Result>(look: () => Result | undefined, missing: string): Promise<Result> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      await act('look');
      const found = look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error(`${missing} did not come; unread: ${JSON.stringify(unread).slice(0, 2_000)}`);
  }

  return {
    send: async (message) => void (await act('send', message)),
    next: (type) =>
      until(() => {
        const at = unread.findIndex((message) => message.type === type);
        return at === -1 ? undefined : (unread.splice(at, 1)[0] as Extract<ToTags, { type: typeof type }>);
      }, type),
    ask: async (name, given = {}) => (await act('ask', { ask: name, with: given })).answer,
  };
}

/** Runs in a page of the extension, and has its inner part run in the tab. What is given goes as text: arguments lose their nulls on the way. */
async function inPage(tabId: number, what: string, given: string): Promise<Heard> {
  const [injected] = await chrome.scripting.executeScript({
    target: { tabId },
    args: [what, given],
    func: async (act: string, text: string): Promise<Heard> => {
      const world = globalThis as World;
      const message: unknown = JSON.parse(text);
      if (act === 'open') {
        const port = chrome.runtime.connect({ name: 'tags' });
        const heard: Heard = { messages: [], answer: null };
        port.onMessage.addListener((one: unknown) => void heard.messages.push(one as ToTags));
        world.testPort = { port, heard };
      }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of the extension has none
      if (act === 'send') world.testPort?.port.postMessage(message);
      const answer: unknown = act === 'ask' ? await chrome.runtime.sendMessage(message) : null;
      return { messages: world.testPort?.heard.messages.splice(0) ?? [], answer };
    },
  });
  if (injected?.result === undefined) throw new Error('nothing ran in the page');
  return injected.result;
}
