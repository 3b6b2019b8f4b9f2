// The extension's signs in a page, as the browser's own tools see them: a page cannot.
import type { CDPSession, Page, Protocol } from 'puppeteer';

export interface SignSeen {
  /** `≈ 12`; a range behind it as `≈ 12 9–40`. */
  text: string;
  /** For people who listen. */
  spoken: string;
  tone: string;
  dot: string | null;
  /** Whether it is drawn now. */
  isShown: boolean;
  isSwitch: boolean;
  /** CSS pixels of the viewport. */
  box: { left: number; top: number; width: number; height: number };
  style: string;
}

/** All signs of a page, its frames of the same process among them. */
export async function signsOf(page: Page): Promise<SignSeen[]> {
  return inSession(page, async (session) => {
    const signs: SignSeen[] = [];
    for (const node of await layersOf(session)) {
      for (const each of nodesBelow(node)) {
        const attributes = attributesOf(each);
        if (attributes['class'] === 'sign') signs.push(await signOf(session, each, attributes));
      }
    }
    return signs;
  });
}

/** Those that a person sees now. */
export async function shownSigns(page: Page): Promise<SignSeen[]> {
  return (await signsOf(page)).filter(({ isShown }) => isShown);
}

/** Waits for signs that a person sees. @throws with those that there are */
export async function waitForSigns(page: Page, fits: (signs: SignSeen[]) => boolean, timeoutMs = 10_000): Promise<SignSeen[]> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const signs = await shownSigns(page);
    if (fits(signs)) return signs;
    if (Date.now() > until) throw new Error(`no such signs: ${listed(signs)}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** The sign beside an element: the nearest one. */
export async function signBeside(page: Page, selector: string, timeoutMs = 10_000): Promise<SignSeen> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const at = await page.$eval(selector, (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left, top, width, height };
    });
    const near = (await shownSigns(page)).filter(({ box }) => distance(box, at) <= 6);
    const [sign] = near.sort((one, other) => distance(one.box, at) - distance(other.box, at));
    if (sign !== undefined) return sign;
    if (Date.now() > until) throw new Error(`nothing stands beside ${selector}, of ${listed(await signsOf(page))}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** The address of the card that is open, and where it stands; null where none is. */
export async function cardOf(page: Page): Promise<{ url: string; isShown: boolean; box: SignSeen['box'] } | null> {
  return inSession(page, async (session) => {
    for (const node of (await layersOf(session)).flatMap((layer) => [...nodesBelow(layer)])) {
      if (node.nodeName !== 'DIALOG' || node.children?.[0]?.nodeName !== 'IFRAME') continue;
      if (!('open' in attributesOf(node))) continue;
      const frame = attributesOf(node.children[0]);
      const own = attributesOf(node);
      const box = await boxOf(session, node);
      return { url: frame['src'] ?? '', isShown: 'data-sized' in own, box };
    }
    return null;
  });
}

function listed(signs: readonly SignSeen[]): string {
  return `${signs.length}: ${signs
    .slice(0, 20)
    .map(({ text, isShown, box }) => `"${text}"${isShown ? '' : ' (hidden)'} at ${Math.round(box.left)} ${Math.round(box.top)}`)
    .join(', ')}`;
}

async function inSession<Result>(page: Page, use: (session: CDPSession) => Promise<Result>): Promise<Result> {
  const session = await page.createCDPSession();
  try {
    return await use(session);
  } finally {
    await session.detach();
  }
}

/** What the extension put into a page and its frames. Reads those alone: all of a large page would take the page's time. */
async function layersOf(session: CDPSession): Promise<Protocol.DOM.Node[]> {
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  const layers: Protocol.DOM.Node[] = [];
  const documents = [root.nodeId];
  for (let document = documents.pop(); document !== undefined; document = documents.pop()) {
    const find = async (selector: string): Promise<Protocol.DOM.Node[]> => {
      const { nodeIds } = await session.send('DOM.querySelectorAll', { nodeId: document, selector });
      const all = nodeIds.map((nodeId) => session.send('DOM.describeNode', { nodeId, depth: -1, pierce: true }));
      return (await Promise.all(all)).map(({ node }) => node);
    };
    layers.push(...(await find('html > [popover=manual]')));
    const inner = (await find('iframe')).flatMap(({ contentDocument }) => contentDocument?.backendNodeId ?? []);
    const { nodeIds } = await session.send('DOM.pushNodesByBackendIdsToFrontend', { backendNodeIds: inner });
    documents.push(...nodeIds);
  }
  return layers;
}

async function signOf(
  session: CDPSession,
  node: Protocol.DOM.Node,
  attributes: Readonly<Record<string, string>>,
): Promise<SignSeen> {
  const parts = (node.children ?? []).flatMap((child) => attributesOf(child)['data-text'] ?? []);
  const isShown = 'data-shown' in attributes;
  return {
    text: parts.join(' '),
    spoken: attributes['aria-label'] ?? '',
    tone: attributes['data-tone'] ?? '',
    dot: attributes['data-dot'] ?? null,
    isShown,
    isSwitch: attributes['role'] === 'switch',
    box: isShown ? await boxOf(session, node) : { left: 0, top: 0, width: 0, height: 0 },
    style: attributes['style'] ?? '',
  };
}

async function boxOf(session: CDPSession, { backendNodeId }: Protocol.DOM.Node): Promise<SignSeen['box']> {
  const model = await session.send('DOM.getBoxModel', { backendNodeId }).catch(() => null);
  const [left = 0, top = 0, right = 0, , , bottom = 0] = model?.model.border ?? [];
  return { left, top, width: right - left, height: bottom - top };
}

function* nodesBelow(node: Protocol.DOM.Node): Generator<Protocol.DOM.Node> {
  yield node;
  for (const each of [
    ...(node.children ?? []),
    ...(node.shadowRoots ?? []),
    ...(node.contentDocument ? [node.contentDocument] : []),
  ]) {
    yield* nodesBelow(each);
  }
}

function attributesOf({ attributes = [] }: Protocol.DOM.Node): Record<string, string> {
  return Object.fromEntries(attributes.flatMap((name, at) => (at % 2 === 0 ? [[name, attributes[at + 1] ?? '']] : [])));
}

function distance(one: SignSeen['box'], other: SignSeen['box']): number {
  const x = Math.max(0, one.left - (other.left + other.width), other.left - (one.left + one.width));
  const y = Math.max(0, one.top - (other.top + other.height), other.top - (one.top + one.height));
  return Math.hypot(x, y);
}
