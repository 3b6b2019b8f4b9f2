// Prices beside buttons, in a real browser on the demo's pages, with a real gateway: what a tag says is what the gateway holds, and it is
// another one as soon as that is.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Page } from 'puppeteer';
import type { OwnTag, Pairing } from '../../extension/src/messages.ts';
import { openBrowser, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { signBeside } from '../kit/page-signs.ts';
import { openTagsPort, type TagsPort } from '../kit/browser-tags-port.ts';

const SOON = { timeout: 10_000, interval: 40 };
const RUN = 'button[data-testid=run]';

let gateway: GatewayKit;
let kit: BrowserKit;
let pairing: Pairing;
let page: Page;

beforeAll(async () => {
  [gateway, kit] = await Promise.all([startGateway({ pages: true, upstream: ['--pace-ms', '0'] }), openBrowser()]);
  pairing = await kit.pair(gateway);
  const on = await kit.ask('siteOn', { origin: gateway.upstream.origin });
  if (!on.ok) throw new Error(on.problem.message);
  page = await kit.newPage();
});
beforeEach(() => page.bringToFront());
afterAll(async () => {
  expect(await kit.errors()).toEqual([]);
  await Promise.all([gateway.close(), kit.close()]);
});

function open(path: string): Promise<unknown> {
  return page.goto(`${gateway.upstream.origin}/demo/pages/${path}`);
}

/** Until the sign beside an element says this. */
function says(selector: string, wanted: Readonly<Record<string, unknown>>): Promise<void> {
  return vi.waitFor(async () => expect(await signBeside(page, selector, 200)).toMatchObject(wanted), SOON);
}

function ownTag(more: Partial<OwnTag>): OwnTag {
  return {
    id: 'mine',
    on: `${gateway.upstream.origin}/demo/pages/query*`,
    selector: RUN,
    pairing: pairing.id,
    operation: 'businesses.read',
    inputs: {},
    schedule: null,
    via: 'gateway',
    name: 'Read one',
    madeAt: 0,
    ...more,
  };
}

test('the rate card’s tags say the most at first, live with what is chosen, and who pays', async () => {
  await open('query');
  await says(RUN, { text: 'up to 28', dot: 'pool', tone: 'plain', spoken: 'up to 28 credits, leaves 972, the pool pays' });
  await page.select('#engine', 'large');
  await says(RUN, { text: 'up to 38', spoken: 'up to 38 credits, leaves 962, the pool pays' });
  await says('#export', { tone: 'plain' });
});

test('a schedule beside its field: what a cycle costs, and what is wrong with it', async () => {
  await says('#cron', {
    text: expect.stringMatching(/^up to [\d,.]+$/),
    spoken: expect.stringMatching(/^\d+ runs in the whole cycle, /),
  });
  await page.$eval('#cron', (field) => {
    (field as unknown as { value: string }).value = 'every now and then';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await says('#cron', { text: '–', spoken: expect.stringContaining('"every now and then" is not a schedule') });
});

test('a tag of one’s own wins, is exact without asking, follows the balance, and gives way when it is removed', async () => {
  expect(await kit.ask('putOwnTag', { tag: ownTag({}) })).toMatchObject({ ok: true });

  const available = async (): Promise<number> =>
    (await gateway.api('GET', 'balance', undefined, gateway.spendKey)).body.available;
  await says(RUN, { text: '2', spoken: `2 credits, leaves ${(await available()) - 2}, the pool pays` });
  const call = await gateway.call('/records/v1/businesses/1');
  expect(call.headers.get('credits-cost')).toBe('2');
  await says(RUN, { text: '2', spoken: `2 credits, leaves ${(await available()) - 2}, the pool pays` });
  expect(await kit.ask('removeOwnTag', { id: 'mine' })).toMatchObject({ ok: true });
  await says(RUN, { text: 'up to 38' });
});

test('own tags as a piece of rate card load when they are pasted into one', async () => {
  const inputs = { 'body.performance': { from: '#engine', read: 'value' as const, is: { Fast: 'large' }, absent: 'medium' } };
  const tags = [
    ownTag({ id: 'a', name: 'Read: "one" # and\nmore', selector: 'button[title="a: b"]', via: 'none' }),
    ownTag({ id: 'b', operation: 'query.execute', inputs, schedule: { cron: '#cron', zone: { value: 'UTC' } } }),
  ];
  for (const tag of tags) expect(await kit.ask('putOwnTag', { tag })).toMatchObject({ ok: true });
  const answer = await kit.ask('ownTagsAsCard', {});
  if (!answer.ok) throw new Error(answer.problem.message);
  const card = readFileSync(gateway.cardFile, 'utf8');
  const { loadRateCard } = await import('@tollgate/shared/rate-card/load');
  const loaded = loadRateCard(`${card.slice(0, card.indexOf('\ntags:'))}\n${answer.answer.yaml}`, { file: 'x', version: '1' });
  expect(loaded).toMatchObject({ ok: true });
  expect(loaded.ok ? loaded.card.tags.map(({ tag }) => tag.selector) : []).toEqual(tags.map(({ selector }) => selector));
  for (const { id } of tags) await kit.ask('removeOwnTag', { id });
});

test('another rate card is another price, on the page that is open', async () => {
  const card = readFileSync(gateway.cardFile, 'utf8');
  await page.select('#engine', 'medium');
  await says(RUN, { text: 'up to 28' });
  writeFileSync(gateway.cardFile, card.replace('is: { medium: 10, large: 20 }', 'is: { medium: 11, large: 20 }'));
  await says(RUN, { text: 'up to 29' });
  writeFileSync(gateway.cardFile, card);
  await says(RUN, { text: 'up to 28' });
});

test('several calls of one button are priced as a sum', async () => {
  await open('query/dashboard');
  // 28 + 38 + 28 for the queries, three times the most that 30 rows of 20 columns or 500 KB can be.
  await says('#refresh-all', { text: 'up to 109', dot: 'pool' });
});

test('what a page says of itself is shown as its word, priced by the paired gateway', async () => {
  await open('records');
  // Named in /.well-known/credits.json.
  await says('#search', { text: 'up to 3.5', tone: 'hint', spoken: expect.stringContaining('placed by the page') });
  await page.click('#search');
  await page.waitForSelector('.open-record');
  // Named in attributes of the row.
  await says('.open-record', { text: '2', tone: 'hint', spoken: expect.stringContaining('placed by the page') });
});

test('what would be refused says so in the gateway’s own words, before the click', async () => {
  await open('query');
  await says(RUN, { text: 'up to 28', tone: 'plain' });
  const { body } = await gateway.api('GET', 'grants?account=pool:main');
  for (const { id } of body.grants) await gateway.api('DELETE', `grants/${encodeURIComponent(id)}?reason=mistake`);
  await gateway.grant(20);
  await says(RUN, {
    text: 'up to 28',
    tone: 'refused',
    spoken: expect.stringContaining('This call can cost up to 28 credits; 20 are'),
  });
  await gateway.grant(1_000);
  await says(RUN, { text: 'up to 28', tone: 'plain', spoken: 'up to 28 credits, leaves 992, the pool pays' });
});

test('a gateway that does not answer: what is known stays without a balance, what is not known has no number', async () => {
  await open('query');
  await says(RUN, { text: 'up to 28' });
  await gateway.end();
  await says(RUN, { text: 'up to 28', tone: 'plain', spoken: 'up to 28 credits' });
  await page.select('#limit', '1000');
  await says('#show-rows', { text: '–', tone: 'unknown', spoken: expect.stringContaining('does not answer') });
  await gateway.start();
  expect(await kit.ask('refresh', { pairing: pairing.id })).toMatchObject({ ok: true });
  await says(RUN, { text: 'up to 28', spoken: expect.stringContaining('leaves') });
  await says('#show-rows', { tone: 'plain' });
});

let port: TagsPort;

test('a script beside a page gets rules and prices, and no balance', async () => {
  await open('query');
  port = await openTagsPort(kit, page);
  const rules = await port.next('rules');
  expect(rules.rules.length).toBeGreaterThan(3);
  const parts = [{ operation: 'query.execute', inputs: { 'body.performance': 'large' } }];
  const tag = { key: 'k', rule: rules.rules[0]?.id ?? '', origin: 'own', via: 'none', parts, schedule: null, claimed: null };
  await port.send({ type: 'tags', tags: [tag], gone: [] });
  const { tags } = await port.next('shown');
  expect(tags).toMatchObject([{ key: 'k', text: 'up to 38' }]);
  for (const name of ['standings', 'receipt', 'settings', 'exportAll', 'operations'])
    expect(await port.ask(name)).not.toMatchObject({ ok: true });
});

test('the frame of a question is good once, in its own tab, and only its reader answers', async () => {
  await port.send({ type: 'card', key: 'k', what: 'question' });
  const { url } = await port.next('frame');
  const nonce = url.split('#')[1] ?? '';
  const elsewhere = await kit.openPage(`card.html#${nonce}`);
  const ask = (name: string, given: object): Promise<unknown> =>
    elsewhere.evaluate((asked, what) => chrome.runtime.sendMessage({ ask: asked, with: what }), name, given);
  expect(await ask('card', { nonce })).toMatchObject({ answer: { kind: 'gone' } });
  expect(await ask('answer', { nonce, go: true, notToday: false })).toMatchObject({ ok: false });
  expect(await port.ask('answer', { nonce, go: true, notToday: false })).toMatchObject({ ok: false });
  await elsewhere.close();
});

test('a script that sends rubbish has nothing for it; what makes sense is answered as before', async () => {
  const parts = [{ operation: 'query.execute', inputs: { 'body.performance': 'small' } }];
  const tag = { key: 'later', rule: 'none', origin: 'page', via: 'none', parts, schedule: null, claimed: null };
  const rubbish = [
    { key: 'rubbish', parts: [{ operation: 'x', inputs: { y: {} } }] },
    { ...tag, key: '' },
    { ...tag, parts: [] },
  ];
  for (const one of rubbish) await port.send({ type: 'tags', tags: [one], gone: [] });
  for (const one of [null, 7, [], { type: 'balance' }, { type: 'acted', key: 'k', at: -1 }]) await port.send(one);
  await port.send({ type: 'tags', tags: [tag], gone: [] });
  const keys: string[] = [];
  while (!keys.includes('later')) keys.push(...(await port.next('shown')).tags.map(({ key }) => key));
  expect(keys).not.toContain('rubbish');
  await says(RUN, { text: 'up to 28' });
});
