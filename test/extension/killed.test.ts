// The browser may end the extension's worker at any moment. Fifty times it does, in the middle of pairing, streaming, calls and writes; after
// each the extension says what the ledger says, and what it had confirmed is kept.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OwnTag, Pairing } from '../../extension/src/messages.ts';
import { openBrowser, pairingLink, type BrowserKit } from '../kit/browser.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

const KILLS = 50;
const SOON = { timeout: 10_000, interval: 20 };

let gateway: GatewayKit;
let chromium: BrowserKit;
let paired: Pairing;
const kept = new Map<string, OwnTag>();

beforeAll(async () => {
  [gateway, chromium] = await Promise.all([startGateway({ credits: 100_000 }), openBrowser()]);
  paired = await chromium.pair(gateway);
  // Visible, and so the stream is open.
  await chromium.openPage('popup.html');
});

afterAll(async () => {
  await chromium.close();
  await gateway.close();
});

test('what is shown is what the ledger says, after each of fifty kills', { timeout: 180_000 }, async () => {
  const acts = { pairing: pairAnew, streaming: spendBeforeAndAfter, calls: spendAround, storage: writeMuch };
  const kinds = Object.values(acts);
  await settled();
  for (let number = 0; number < KILLS; number += 1) {
    const act = kinds[number % kinds.length];
    await act?.(number, killSoon(number));
    await settled();
  }
  // A worker that is just being ended hears from the browser that there is none.
  expect((await chromium.errors()).filter((error) => !error.endsWith('Error: No SW'))).toEqual([]);
});

/** Ends the worker some milliseconds from now, each time others. */
async function killSoon(number: number): Promise<void> {
  const waitMs = (number * 7919) % 41;
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  await chromium.killWorker();
}

/** The extension tells the ledger's numbers, live, by itself: nobody asked it to look. */
async function settled(): Promise<void> {
  await vi.waitFor(async () => {
    const answered = await chromium.ask('standings', {});
    if (!answered.ok) throw new Error(answered.problem.message);
    const shown = answered.answer.standings.find(({ pairing }) => pairing.id === paired.id);
    const { body } = await gateway.api('GET', 'balance', undefined, gateway.spendKey);
    expect(shown?.link).toBe('live');
    expect(shown?.balance?.available).toBe(body.available);
    expect(shown?.balance?.sources).toEqual(body.sources);
  }, SOON);
}

/** A code is good once. The new key takes the place of the one before, or does not: there is one pairing, whose key works. */
async function pairAnew(number: number, killed: Promise<void>): Promise<void> {
  const name = `Killed ${number}`;
  const text = await pairingLink(gateway);
  const [answer] = await Promise.all([chromium.ask('pair', { text, name }).catch(() => undefined), killed]);
  const { body } = await gateway.api('GET', 'keys?scope=view');
  const made = (body.keys as { id: string; name: string }[]).filter((key) => key.name === name);
  expect(made.length).toBeLessThanOrEqual(1);
  const answered = await chromium.ask('standings', {});
  if (!answered.ok) throw new Error(answered.problem.message);
  const all = answered.answer.standings.map(({ pairing }) => pairing);
  expect(all).toHaveLength(1);
  const [now] = all;
  if (answer?.ok === true) expect(now?.keyId).toBe(answer.answer.pairing.keyId);
  expect([paired.keyId, ...made.map(({ id }) => id)]).toContain(now?.keyId);
  paired = now ?? paired;
  expect(await chromium.ask('refresh', { pairing: paired.id })).toMatchObject({ ok: true });
}

async function spendBeforeAndAfter(_number: number, killed: Promise<void>): Promise<void> {
  await spend(3);
  await killed;
  await spend(2);
}

async function spendAround(_number: number, killed: Promise<void>): Promise<void> {
  await Promise.all([spend(10), killed]);
}

/** What was confirmed is there; what was not is there whole or not at all. */
async function writeMuch(number: number, killed: Promise<void>): Promise<void> {
  const tags = Array.from({ length: 5 }, (_, at) => tagOf(`${number}-${at}`));
  const writes = tags.map(async (tag) => {
    const answer = await chromium.ask('putOwnTag', { tag }).catch(() => undefined);
    if (answer?.ok === true) kept.set(tag.id, tag);
  });
  const badge = number % 8 < 4 ? 'remaining' : 'percent';
  const set = chromium.ask('settings', { change: { badge } }).catch(() => undefined);
  await Promise.all([...writes, killed]);
  const confirmed = await set;
  const answered = await chromium.ask('ownTags', {});
  if (!answered.ok) throw new Error(answered.problem.message);
  const found = new Map(answered.answer.tags.map((tag) => [tag.id, tag]));
  // They go along with a pairing that takes another's place.
  for (const [id, tag] of kept) expect(found.get(id)).toEqual({ ...tag, pairing: paired.id });
  for (const tag of tags) if (found.has(tag.id)) expect(found.get(tag.id)).toEqual(tag);
  const now = await chromium.ask('standings', {});
  if (confirmed?.ok === true) expect(now).toMatchObject({ answer: { settings: { badge, shown: paired.id } } });
}

function tagOf(id: string): OwnTag {
  return {
    id,
    on: 'https://example.com/*',
    selector: `#run-${id}`,
    pairing: paired.id,
    operation: 'plain.ok',
    inputs: {},
    schedule: null,
    via: 'none',
    name: `Run ${id}`,
    madeAt: 1_764_000_000_000,
  };
}

async function spend(times: number): Promise<void> {
  const answers = await Promise.all(Array.from({ length: times }, () => gateway.call('/plain/ok')));
  for (const answer of answers) expect(answer.status).toBe(200);
}
