// A page that tries to read the balance, forge a receipt, outbid a tag, cover it, take it away, and answer questions: and fails at each, with
// nothing broken in it and no exception in its console.
import type { Frame, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTagsPort } from '../kit/browser-tags-port.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { cardOf, shownSigns, signBeside, signsOf, waitForSigns } from '../kit/page-signs.ts';
import { servePages, type PagesKit } from '../kit/pages-server.ts';

const SOON = { timeout: 15_000, interval: 40 };
const SAID = 'data-credits-operation="businesses.read" data-credits-via="gateway"';
const SEARCH = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"page_size":1}' };
/** An amount that stands nowhere but in the balance. */
const CREDITS = 7_351;

let gateway: GatewayKit;
let kit: BrowserKit;
let pages: PagesKit;
const open: Page[] = [];

beforeAll(async () => {
  [gateway, kit, pages] = await Promise.all([startGateway({ pages: true, credits: CREDITS }), openBrowser(), servePages()]);
  await kit.pair(gateway);
  for (const origin of [gateway.upstream.origin, pages.origin]) {
    const on = await kit.ask('siteOn', { origin });
    if (!on.ok) throw new Error(on.problem.message);
  }
  await kit.ask('settings', { change: { ask: { above: null, share: null, crossing: false, refused: false } } });
});
afterEach(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all(open.splice(0).map((page) => page.close()));
});
afterAll(async () => {
  await Promise.all([gateway.close(), kit.close(), pages.close()]);
});

async function openAt(address: string): Promise<Page> {
  const page = await kit.newPage();
  open.push(page);
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(address);
  return page;
}

/** Whatever a script of the page put there. */
function told<Value>(page: Page, name: string): Promise<Value> {
  return page.evaluate((key) => (globalThis as unknown as Record<string, unknown>)[key] as Value, name);
}

test('no balance, no price and no address of ours can be read by the page', async () => {
  const page = await openAt(
    pages.put('/read', `<p><button id="go" ${SAID}>Look up</button></p>`, {
      // Everything that another script would call is the page's own from the start.
      script: `globalThis.heard = []; globalThis.roots = [];
        const shadow = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (init) { const root = shadow.call(this, { ...init, mode: 'open' }); roots.push(root); return root; };
        for (const name of ['postMessage', 'requestIdleCallback', 'requestAnimationFrame']) { const real = window[name]; window[name] = function (...given) { heard.push(name); return real.apply(window, given); }; }
        for (const name of ['setAttribute', 'append', 'getAttribute', 'querySelectorAll']) { const real = Element.prototype[name]; Element.prototype[name] = function (...given) { heard.push(name + ' ' + this.localName); return real.apply(this, given); }; }
        addEventListener('message', (event) => heard.push('message ' + JSON.stringify(event.data)), true);
        for (const name of ['chrome', 'browser']) Object.defineProperty(window, name, { get() { heard.push(name); return undefined; }, configurable: true });
        new PerformanceObserver((list) => heard.push(...list.getEntries().map(({ name }) => name).filter((name) => name.includes('extension')))).observe({ type: 'resource', buffered: true });`,
    }),
  );
  const sign = await signBeside(page, '#go');
  expect(sign.spoken).toContain('leaves 7,349');
  await page.hover('#go');
  await expect.poll(async () => (await cardOf(page))?.isShown, SOON).toBe(true);
  const nonce = (await cardOf(page))?.url.split('#')[1] ?? '';
  const loot = await page.evaluate(() => {
    const all = document.querySelectorAll('*');
    const host = [...all].find((each) => each.hasAttribute('popover')) as HTMLElement;
    const around = document.createRange();
    around.selectNode(host);
    getSelection()?.selectAllChildren(document.documentElement);
    const found = window as unknown as { find(text: string, ...how: boolean[]): boolean; roots: unknown[]; heard: string[] };
    return {
      root: host.shadowRoot,
      html: host.outerHTML,
      // What a copy and a serialization would take along.
      whole: (document.documentElement as Element & { getHTML(how: object): string }).getHTML({ serializableShadowRoots: true }),
      selected: getSelection()?.toString(),
      finds: ['7,349', '7349', '7,351', 'leaves', 'credits'].filter((text) => found.find(text, false, false, true, false, true)),
      frames: window.length,
      roots: found.roots.length,
      heard: found.heard,
      timing: performance.getEntries().map(({ name }) => name),
      text: host.innerText + (host.textContent ?? '') + around.toString(),
    };
  });
  expect(loot).toMatchObject({ root: null, finds: [], frames: 0, roots: 0, heard: [], text: '' });
  const read = JSON.stringify(loot);
  for (const secret of ['7,349', '7349', '7,351', '7351', nonce, 'extension://']) expect(read).not.toContain(secret);
  // A card can be read once, by the frame that it was made for: an address that a page comes by is worth nothing.
  expect(await page.evaluate(() => document.querySelector('iframe'))).toBeNull();
});

test('a receipt cannot be forged: calls of before, made-up ones, others and repeated ones stay without effect', async () => {
  const callTo = async (path: string, init: RequestInit = {}): Promise<string> => {
    const id = (await gateway.call(path, init)).headers.get('credits-call') ?? '';
    expect(id).not.toBe('');
    return id;
  };
  // Of the button's own operation, and the newest that there is: known by nothing but when it was made.
  const old = await callTo('/records/v1/businesses/b1');
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/hostile?do=none`);
  await page.evaluate(
    ({ id, said }) => {
      const button = document.createElement('button');
      button.id = 'go';
      button.textContent = 'Look up';
      button.setAttribute('data-credits-operation', said);
      button.setAttribute('data-credits-via', 'gateway');
      button.addEventListener('click', () => {
        for (const call of [id, id, 'made-up', `${id}x`, '0mwp55tj6-b5edbcaffe9143b9'])
          void fetch(`/demo/pages/forged?call=${call}`).then((answer) => answer.text());
      });
      document.querySelector('main')?.prepend(button);
    },
    { id: old, said: 'businesses.read' },
  );
  const before = await signBeside(page, '#go');
  await page.click('#go');
  await expect
    .poll(
      () => page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('forged')).length),
      SOON,
    )
    .toBe(5);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await signBeside(page, '#go')).text).toBe(before.text);
  // One that came after the click, and is of another operation.
  const name = (id: string): Promise<string> =>
    page.evaluate(async (call) => (await fetch(`/demo/pages/forged?call=${call}`)).text(), id);
  await name(await callTo('/records/v1/businesses', SEARCH));
  await name('made-up-too');
  expect((await signBeside(page, '#go')).text).toBe(before.text);
  // All of that was heard: what really is of the click takes its place.
  await name(await callTo('/records/v1/businesses/b2'));
  await expect.poll(async () => (await signBeside(page, '#go')).text, SOON).toBe('−2');
  expect((await signBeside(page, '#go')).spoken).toBe('cost 2 credits');
});

test('a page cannot outbid a tag of the rate card, and its own words are shown as its own', async () => {
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/query/4107`);
  await signBeside(page, '[data-testid=run]');
  await page.$eval('[data-testid=run]', (run) => {
    run.setAttribute('data-credits-operation', 'models.list');
    run.setAttribute('data-credits-amount', '0');
  });
  await page.select('#engine', 'large');
  // While a sign is drawn anew, its neighbour's is the nearest.
  await expect.poll(() => signBeside(page, '[data-testid=run]'), SOON).toMatchObject({ tone: 'plain', text: 'up to 38' });
});

test('negative and absurd amounts, markup in names and labels of 10,000 characters are no amounts and no names', async () => {
  const claims = ['-5', '1e30', '0.00000001', '<b>3</b>', 'Infinity', '9'.repeat(10_000)];
  const page = await openAt(
    pages.put(
      '/absurd',
      `${claims.map((claim, at) => `<p><button id="claim-${at}" data-credits-operation="their.own" data-credits-amount="${claim.replaceAll('<', '&lt;')}">Go</button></p>`).join('')}
       <p><button id="markup" data-credits-operation="&lt;img src=x onerror=alert(1)&gt;" data-credits-amount="3">Go</button></p>
       <p><button id="long" data-credits-operation="their.${'x'.repeat(10_000)}" data-credits-amount="3">Go</button></p>
       <p><button id="selector" data-credits-operation="businesses.search" data-credits-from-body.page_size=":::" data-credits-input-nothing="${'y'.repeat(10_000)}">Go</button></p>
       <div data-credits-scenario="${'z'.repeat(10_000)}"><i data-credits-module="m">m</i></div><p data-credits-call="${'c'.repeat(10_000)}">message</p>
       <p><button id="fine" ${SAID}>Go</button></p>`,
    ),
  );
  await signBeside(page, '#fine');
  const signs = await signsOf(page);
  for (const { text, spoken } of signs) {
    expect(text.length + spoken.length).toBeLessThan(300);
    expect(text).not.toMatch(/[-−]5|e30|9999|0\.00000001|</);
  }
  expect((await shownSigns(page)).filter(({ box }) => box.width > 221)).toEqual([]);
});

test('removed a thousand times, cloned and moved: it comes back a few times, then there is calm', async () => {
  const page = await openAt(
    pages.put('/remove', `<p><button id="go" ${SAID}>Look up</button></p><div id="hidden" style="display: none"></div>`, {
      script: `globalThis.removed = 0; globalThis.clones = [];
        new MutationObserver((records) => { for (const { addedNodes } of records) for (const node of addedNodes) {
          if (!(node instanceof HTMLElement) || !node.hasAttribute('popover') || node.dataset.copy) continue;
          const copy = node.cloneNode(true); copy.dataset.copy = '1'; copy.removeAttribute('popover'); clones.push(copy); document.body.append(copy);
          if (removed++ < 1000) node.remove();
        } }).observe(document, { childList: true, subtree: true });`,
    }),
  );
  await expect.poll(() => told<number>(page, 'removed'), SOON).toBeGreaterThan(3);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const [removed, clones] = [
    await told<number>(page, 'removed'),
    await page.$$eval('[data-copy]', (all) => all.map((each) => each.innerHTML + (each.shadowRoot === null ? '' : 'open'))),
  ];
  expect(removed).toBeLessThan(10);
  expect(new Set(clones)).toEqual(new Set(['']));
  expect(await signsOf(page)).toEqual([]);
  // The page goes on as if nothing had been there.
  expect(await page.$eval('#go', (button) => button.textContent)).toBe('Look up');
  await page.$eval('html', (html) => html.querySelectorAll('[popover]').length).then((left) => expect(left).toBe(0));
});

test('forms and images that take the names of functions break nothing', async () => {
  const page = await openAt(
    pages.put(
      '/clobber',
      `<form id="form" ${SAID}><input name="getAttribute"><input name="parentNode"><input name="querySelectorAll"><input name="isConnected"><input name="attributes"><button>Send</button></form>
       <img name="querySelectorAll"><img name="createElement"><img name="documentElement"><img name="visibilityState"><img name="elementFromPoint"><img name="createTreeWalker"><img name="body">
       <p><button id="go" ${SAID}>Look up</button></p>`,
    ),
  );
  expect((await signBeside(page, '#go')).text).toBe('2');
  await waitForSigns(page, (signs) => signs.length === 2);
});

test('a page that answers each change with changes, and throws where it can, is left in peace', async () => {
  const page = await openAt(
    pages.put('/loops', `<p><button id="go" ${SAID}>Look up</button></p><output id="out"></output>`, {
      script: `globalThis.turns = 0;
        const spin = () => { turns += 1; const out = document.getElementById('out'); if (out) { out.textContent = turns; out.setAttribute('data-turn', turns); } if (turns < 20000) setTimeout(spin, 1); };
        addEventListener('DOMContentLoaded', spin);
        for (const name of ['pointermove', 'click', 'focusin', 'scroll', 'toggle', 'beforetoggle']) addEventListener(name, (event) => event.stopImmediatePropagation(), true);
        for (const name of ['innerText', 'textContent', 'value']) { const had = Object.getOwnPropertyDescriptor(Node.prototype, name); if (had) Object.defineProperty(HTMLButtonElement.prototype, name, { get() { throw new Error('no ' + name); } }); }
        Object.defineProperty(HTMLElement.prototype, 'click', { value() { throw new Error('no click'); } });
        history.pushState({}, '', '/loops/1'); let address = 0; setInterval(() => address < 40 && history.replaceState({}, '', '/loops/' + (address += 1)), 20);`,
    }),
  );
  expect((await signBeside(page, '#go', 20_000)).text).toBe('2');
  const from = await told<number>(page, 'turns');
  await expect.poll(() => told<number>(page, 'turns'), SOON).toBeGreaterThan(from + 20);
  // What comes while it never rests is found all the same, also once its address is still.
  await page.waitForFunction(() => location.pathname === '/loops/40');
  await new Promise((resolve) => setTimeout(resolve, 700));
  await page.evaluate((said) => {
    const late = document.createElement('p');
    late.innerHTML = `<button id="late" ${said}>Look up</button>`;
    document.body.append(late);
  }, SAID);
  expect((await signBeside(page, '#late', 20_000)).text).toBe('2');
  await page.hover('#go');
  await page.click('#go');
});

test('a question is answered by no script, by nothing that is laid over it, and by no click that was begun elsewhere', async () => {
  await kit.ask('settings', { change: { ask: { above: 1, share: null, crossing: false, refused: true } } });
  const page = await openAt(
    pages.put('/question', `<p><button id="go" ${SAID}>Look up</button></p><p><button id="other">Other</button></p>`, {
      script: `globalThis.clicks = 0; addEventListener('DOMContentLoaded', () => {
          document.getElementById('go').addEventListener('click', () => { clicks += 1; });
          setInterval(() => {
            const host = [...document.querySelectorAll('[popover]')].at(-1);
            if (!host) return;
            for (const type of ['pointerdown', 'pointerup', 'click']) host.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, clientX: 200, clientY: 200 }));
            for (const key of ['Enter', ' ']) host.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            for (const frame of [window, ...Array.from({ length: window.length }, (_, at) => window[at])]) frame.postMessage({ type: 'answered', go: true }, '*');
            if (globalThis.coverNow) { const over = document.createElement('dialog'); over.textContent = 'Win a prize'; over.style.cssText = 'inset: 0; width: 100vw; height: 100vh; max-width: none; max-height: none; border: 0'; document.body.append(over); over.showModal(); }
          }, 60);
        });`,
    }),
  );
  await signBeside(page, '#go');
  await page.click('#go');
  await expect.poll(async () => (await cardOf(page))?.isShown, SOON).toBe(true);
  const nonce = (await cardOf(page))?.url.split('#')[1] ?? 'none';
  const frame = page.frames().find((each) => each.url().endsWith(nonce));
  const go = await frame?.waitForSelector('button.main:not([disabled])');
  // Not even by a script that had come into the frame.
  for (const each of (await frame?.$$('button')) ?? []) await each.evaluate((button) => button.click());
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await told<number>(page, 'clicks')).toBe(0);
  expect(await cardOf(page)).not.toBeNull();
  // Covered by what lets the pointer through: what a person presses then is not what they see.
  await page.evaluate(() => {
    const over = Object.assign(document.createElement('div'), { id: 'over', popover: 'manual', textContent: 'Win a prize' });
    over.style.cssText = 'inset: 0; width: 100vw; height: 100vh; border: 0; background: #fff; pointer-events: none';
    document.body.append(over);
    over.showPopover();
  });
  await expect.poll(() => go?.evaluate((button) => button.disabled), SOON).toBe(true);
  await go?.click();
  await page.$eval('#over', (over) => over.remove());
  expect(await told<number>(page, 'clicks')).toBe(0);
  // Covered again and again by what the browser shows above all else: it goes, unanswered, and nothing is sent.
  await page.evaluate(() => Object.assign(globalThis, { coverNow: true }));
  await expect.poll(() => cardOf(page), SOON).toBeNull();
  expect(await told<number>(page, 'clicks')).toBe(0);
  await kit.ask('settings', { change: { ask: { above: null, share: null, crossing: false, refused: false } } });
});

test('the address of a card is worth nothing in another tab, and nothing to a second frame in its own', async () => {
  const page = await openAt(`${gateway.upstream.origin}/demo/pages/query`);
  const port = await openTagsPort(kit, page);
  const { rules } = await port.next('rules');
  const parts = [{ operation: 'query.execute', inputs: { 'body.performance': 'large' } }];
  const tag = { key: 'k', rule: rules[0]?.id, origin: 'card', via: 'gateway', parts, schedule: null, claimed: null };
  await port.send({ type: 'tags', tags: [tag], gone: [] });
  await port.next('shown');
  await port.send({ type: 'card', key: 'k', what: 'question' });
  const { url } = await port.next('frame');
  const nonce = url.split('#')[1] ?? '';
  const ask = (frame: Frame, name: string, more: object): Promise<unknown> =>
    frame.evaluate((asked, what) => chrome.runtime.sendMessage({ ask: asked, with: what }), name, { nonce, ...more });
  const answer = (frame: Frame): Promise<unknown> => ask(frame, 'answer', { go: true, notToday: false });
  const elsewhere = await kit.openPage('card.html#none');
  expect(await ask(elsewhere.mainFrame(), 'card', {})).toMatchObject({ answer: { kind: 'gone' } });
  await page.bringToFront();
  const framed = async (id: string): Promise<Frame> => {
    await page.evaluate(
      (src, name) => document.body.append(Object.assign(document.createElement('iframe'), { src, id: name })),
      url,
      id,
    );
    const frame = await (await page.waitForSelector(`iframe#${id}`))?.contentFrame();
    if (!frame) throw new Error('no frame');
    await frame.waitForFunction(() => document.body.innerText.trim() !== '');
    return frame;
  };
  const [reader, second] = [await framed('reader'), await framed('second')];
  await expect.poll(() => reader.evaluate(() => document.body.innerText), SOON).toContain('38');
  expect(await second.evaluate(() => document.body.innerText)).not.toContain('38');
  for (const frame of [second, elsewhere.mainFrame()]) {
    expect(await ask(frame, 'card', {})).toMatchObject({ answer: { kind: 'gone' } });
    expect(await answer(frame)).toMatchObject({ ok: false });
  }
  expect(await answer(reader)).toMatchObject({ ok: true });
  expect(await port.next('answered')).toMatchObject({ key: 'k', go: true });
  expect(await answer(reader)).toMatchObject({ ok: false });
  await elsewhere.close();
});

test('the page of the demo that fights back, with all it has', async () => {
  for (const more of ['', '&theme=dark', '&dir=rtl']) {
    const page = await openAt(
      `${gateway.upstream.origin}/demo/pages/hostile?do=rerender,shadow,frames,list,hints,read,forge,press,clone,cover${more}`,
    );
    await waitForSigns(page, (signs) => signs.filter(({ text }) => text === '2').length >= 5, 20_000);
    const loot = await page.$eval('#loot', (output) => output.textContent);
    expect(loot).not.toMatch(/7,?3[45]\d|credits|leaves/);
  }
});
