// What the extension takes of a browser and of a page.
//   npm run bench:extension               about four minutes; writes its section of docs/benchmarks.md
//   npm run bench:extension -- --quick    half a minute; writes nothing
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { builtExtension } from '../kit/built-extension.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { heapsOver, priceTags, watchLargePage } from './extension-page.ts';
import { startPages } from './extension-pages.ts';
import { machine, writeSection } from './section.ts';

const CARD = `card: bench
services:
  plain:
    path: /plain
    upstream: plain
    operations:
      - { id: plain.ok, match: GET /ok, reason: Fixed, price: [{ by: query.size, is: { small: 1, dear: 75 }, absent: small, unknown: refuse }] }
tags:
  - on: http://127.0.0.1:*/bench*
    via: gateway
    tag: { selector: "button.spend", operation: plain.ok, inputs: { query.size: { read: attribute, attribute: data-size } } }
`;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const times = values.quick
  ? { popups: 5, prices: 10, charges: 20, navigations: 50 }
  : { popups: 40, prices: 100, charges: 200, navigations: 1_000 };

const [gateway, chromium, pages] = await Promise.all([
  startGateway({ card: CARD, credits: 1_000_000 }),
  openBrowser(),
  startPages(),
]);
try {
  await chromium.pair(gateway);
  await chromium.ask('siteOn', { origin: pages.origin });
  const text = await measured();
  console.log(text);
  const errors = await chromium.errors();
  if (errors.length > 0) throw new Error(errors.join('\n'));
  if (!values.quick) writeSection('Extension', `${machine()}. \`npm run bench:extension\`\n\n${text}\n\n${method()}`);
} finally {
  await Promise.all([chromium.close(), gateway.close()]);
  pages.close();
}

async function measured(): Promise<string> {
  const popups = await openPopups(chromium, times.popups);
  const prices = await priceTags(chromium, pages.empty, times.prices);
  const charges = await chargeAndSee(chromium, gateway, times.charges);
  const large = await watchLargePage(chromium, pages.large, true);
  await chromium.ask('siteOff', { origin: pages.origin });
  const bare = await watchLargePage(chromium, pages.large, false);
  await chromium.grant('http://127.0.0.1/*');
  await chromium.ask('siteOn', { origin: pages.origin });
  const soft = await heapsOver(chromium, pages.soft, times.navigations, 'within the page');
  const hard = await heapsOver(chromium, pages.empty, times.navigations, 'to a new document');
  const rows = [
    ['content script, gzip', `${(await contentBytes()) / 1_000} kB`, '≤ 15 kB'],
    ['popup interactive', spread(popups), '≤ 150 ms'],
    ['200 exact tags priced, from the message to the answer', spread(prices), '≤ 16 ms'],
    ['a charge, from its request to the odometer', spread(charges), 'p95 ≤ 250 ms'],
    ['10,000 nodes, 200 tags: longest task with tags', `${large.longestTaskMs.toFixed(0)} ms`, '≤ 50 ms'],
    ['… the same page without the extension', `${bare.longestTaskMs.toFixed(0)} ms`, ''],
    ['… layout shift with tags', large.shift.toFixed(4), '0'],
    [`${times.navigations} navigations within a page: its heap`, soft.page, 'flat'],
    [`${times.navigations} navigations to a new document: its heap`, hard.page, 'flat'],
    [`… the worker's heap over both`, `${soft.worker}, then ${hard.worker}`, 'flat'],
  ];
  return ['| | measured | target |', '| --- | ---: | ---: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

/** The real popup, opened by the toolbar button, from its navigation until it shows and takes input. */
async function openPopups(kit: BrowserKit, count: number): Promise<number[]> {
  const under = await kit.newPage();
  const taken: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const popup = await kit.popup(under);
    await popup.waitForFunction(() => performance.getEntriesByName('tollgate-interactive').length > 0, { polling: 10 });
    taken.push(await popup.evaluate(() => performance.getEntriesByName('tollgate-interactive')[0]?.startTime ?? Infinity));
    await popup.close();
  }
  await under.close();
  return taken;
}

/** One charge after another; the clock stops in the frame that draws the new number. */
async function chargeAndSee(kit: BrowserKit, of: GatewayKit, count: number): Promise<number[]> {
  const popup = await kit.openPage('popup.html');
  await popup.waitForFunction(() => document.body.innerText.includes('Live'), { polling: 20 });
  const taken: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const seen = popup.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const odometer = document.querySelector<HTMLElement>('.odometer');
          const before = odometer?.title;
          const watch = new MutationObserver(() => {
            if (odometer?.title === before) return;
            watch.disconnect();
            requestAnimationFrame(() => resolve(Date.now()));
          });
          if (odometer !== null) watch.observe(odometer, { attributes: true });
        }),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const at = Date.now();
    const answer = await of.call('/plain/ok');
    if (answer.status !== 200) throw new Error(`${answer.status}`);
    taken.push((await seen) - at);
  }
  await popup.close();
  return taken;
}

async function contentBytes(): Promise<number> {
  const folders = await Promise.all([builtExtension('chrome'), builtExtension('firefox')]);
  return Math.max(
    ...folders.map((folder) => gzipSync(readFileSync(join(folder, 'content-scripts/tags.js')), { level: 9 }).length),
  );
}

function spread(taken: readonly number[]): string {
  const sorted = taken.toSorted((one, other) => one - other);
  const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms over ${sorted.length}`;
}

function method(): string {
  return `Method: headless Chromium with the built extension, a gateway and pages on the same machine. The popup is the real one, opened by the
toolbar button with a worker that is awake; the clock runs from its navigation to the first view with a balance. Tags are sent on a port as the
content script sends them, from a page's isolated world, each time with other inputs. A charge is a call through the gateway: the
clock starts before it is sent and stops in the frame that draws the new number, so that the call itself is in it. Longest task and layout shift
are what the browser's own observers tell from loading on, while 200 tagged elements are drawn anew ten times and scrolled past. Heaps are what is
in use after a collection, before and after.`;
}
