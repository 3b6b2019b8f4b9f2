import '../words-of-tests.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CardContent } from '../messages.ts';

vi.mock('wxt/browser', () => ({
  browser: {
    i18n: { getMessage: (name: string) => name },
    runtime: { getURL: (path: string) => `chrome-extension://ours${path}` },
    storage: {
      local: { get: () => Promise.resolve({}), set: () => Promise.resolve() },
      session: { get: () => Promise.resolve({}), set: () => Promise.resolve() },
    },
  },
}));
const told = vi.hoisted(() => ({ gateway: 0 }));
vi.mock('./chain-of.ts', () => ({
  chainOf: () => {
    told.gateway += 1;
    return Promise.resolve({ code: 'not_found', message: '' });
  },
}));
vi.mock('./surroundings.ts', () => ({ tellKept: () => Promise.resolve() }));
const { answerCard, cardContent, makeCardFrame, onCardFrame, sizeCard } = await import('./card-frames.ts');

const content = { kind: 'question', title: 'Run' } as CardContent;
const PAGE = { tab: 7, frame: 0 };
const CARD = { tab: 7, frame: 3 };
const toPages: unknown[] = [];
onCardFrame((opener, message) => void toPages.push([opener, message]));

async function nonceIn(tab: number): Promise<string> {
  const url = await makeCardFrame({ tab, frame: 0, key: 'k', shows: { content }, button: null });
  return url.slice(url.indexOf('#') + 1);
}

beforeEach(() => {
  vi.useFakeTimers();
  toPages.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test('what a card shows is told once, in its own tab, for half a minute', async () => {
  const nonce = await nonceIn(7);
  const gone = { ok: true, answer: { kind: 'gone' } };
  expect(await cardContent({ nonce }, { tab: 8, frame: 3 })).toMatchObject(gone);
  expect(await cardContent({ nonce }, CARD)).toEqual({ ok: true, answer: content });
  expect(await cardContent({ nonce }, CARD)).toMatchObject(gone);
  const late = await nonceIn(7);
  vi.advanceTimersByTime(30_001);
  expect(await cardContent({ nonce: late }, CARD)).toMatchObject(gone);
  for (const name of ['__proto__', 'constructor', 'toString', '']) {
    expect(await cardContent({ nonce: name }, CARD)).toMatchObject(gone);
    expect(await answerCard({ nonce: name, go: true, notToday: true }, CARD)).toMatchObject({ ok: false });
    expect(await sizeCard({ nonce: name, width: 1, height: 1 }, CARD)).toMatchObject({ ok: false });
  }
});

test('a question is answered once, by the frame that has read it', async () => {
  const nonce = await nonceIn(7);
  const answer = { nonce, go: true, notToday: false };
  expect(await answerCard(answer, CARD)).toMatchObject({ ok: false });
  await cardContent({ nonce }, CARD);
  expect(await answerCard(answer, { tab: 7, frame: 4 })).toMatchObject({ ok: false });
  expect(toPages).toEqual([]);
  const both = await Promise.all([answerCard(answer, CARD), answerCard({ ...answer, go: false }, CARD)]);
  expect(both.map(({ ok }) => ok)).toEqual([true, false]);
  expect(toPages).toEqual([[PAGE, { type: 'answered', key: 'k', go: true }]]);
});

test('a page that opens card after card does not take away the question of another', async () => {
  const question = await nonceIn(7);
  for (let n = 0; n < 200; n += 1) await nonceIn(8);
  expect(await cardContent({ nonce: question }, CARD)).toEqual({ ok: true, answer: content });
});
