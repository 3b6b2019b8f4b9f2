import '../words-of-tests.ts';
import { expect, test } from 'vitest';
import type { Standing } from '../messages.ts';
import type { Price, Word } from './priced.ts';
import type { TagHere } from './price-tag.ts';
import { tagWords } from './tag-words.ts';
import { inMicrocredits } from './who-pays.ts';

const tag: TagHere = {
  key: 'k',
  rule: 'r',
  origin: 'card',
  via: 'gateway',
  pairing: 'home',
  name: '',
  parts: [],
  schedule: null,
  claimed: null,
};
const settings = { ask: { above: null, share: null, crossing: true, refused: true }, lowPercent: 20 };
const plainly = { settings, isSilent: false, runs: undefined };

function price(amounts: { low: number; expected: number | null; high: number; quote: number }, word?: Word): Price {
  const { low, expected, high, quote } = amounts;
  return {
    exact: low === quote,
    low: inMicrocredits(low),
    expected: expected === null ? null : inMicrocredits(expected),
    high: inMicrocredits(high),
    quote: inMicrocredits(quote),
    lines: () => [],
    word,
  };
}
const exactly = (amount: number, word?: Word): Price =>
  price({ low: amount, expected: amount, high: amount, quote: amount }, word);
// Only what a tag reads of a standing.
const standing = (available: number): Standing =>
  ({ pairing: { id: 'home' }, link: 'live', balance: { available, sources: [{ granted: 1_000 }] } }) as unknown as Standing;
const pays = (...kinds: ('individual' | 'pool' | 'extra')[]): Word => ({
  would: 'admit',
  pays: kinds.map((kind) => ({ kind, amount: inMicrocredits(1) })),
});

test('an exact price: what it leaves, and who pays', () => {
  expect(tagWords(tag, { price: exactly(12, pays('individual')), standing: standing(500) }, plainly)).toEqual({
    key: 'k',
    text: '12',
    range: null,
    spoken: '12 credits, leaves 488, your own credits pay',
    dot: null,
    tone: 'plain',
    ask: null,
  });
});

test('an old balance is nothing to go by', () => {
  const shown = tagWords(tag, { price: exactly(12), standing: { ...standing(500), link: 'offline' } }, plainly);
  expect(shown).toMatchObject({ text: '12', spoken: '12 credits', tone: 'plain' });
});

test('an estimate says so, with its range; where nothing was learnt yet it says the most', () => {
  const some = price({ low: 9, expected: 12, high: 40, quote: 60 }, pays('pool'));
  expect(tagWords(tag, { price: some, standing: standing(500) }, plainly)).toMatchObject({
    text: '≈ 12',
    range: '9–40',
    dot: 'pool',
  });
  const unknown = price({ low: 0, expected: null, high: 40, quote: 40 });
  expect(tagWords(tag, { price: unknown, standing: standing(500) }, plainly)).toMatchObject({ text: 'up to 40', range: null });
});

test('what cannot cost anything costs nothing', () => {
  const none = price({ low: 0, expected: null, high: 0, quote: 0 });
  expect(tagWords(tag, { price: { ...none, exact: false }, standing: standing(500) }, plainly)).toMatchObject({
    text: '0',
    range: null,
  });
});

test('what would be refused is red, says why, and asks', () => {
  const word: Word = { would: 'refuse', message: 'Not enough credits.' };
  const shown = tagWords(tag, { price: exactly(12, word), standing: standing(3) }, plainly);
  expect(shown).toMatchObject({ text: '12', tone: 'refused', ask: 'refused' });
  expect(shown.spoken).toContain('would be refused: Not enough credits.');
  expect(tagWords(tag, { price: exactly(12, word), standing: standing(3) }, { ...plainly, isSilent: true }).ask).toBeNull();
});

test('low where little is left afterwards', () => {
  expect(tagWords(tag, { price: exactly(12, pays('individual')), standing: standing(211) }, plainly).tone).toBe('low');
});

test('without the gateway in between it is an estimate alone: nothing left, nobody asked', () => {
  const shown = tagWords({ ...tag, via: 'none' }, { price: exactly(12), standing: standing(3) }, plainly);
  expect(shown).toMatchObject({ tone: 'plain', ask: null, dot: null, spoken: '12 credits, an estimate only' });
});

test('what a page placed always says so; its claim counts only where nobody knows', () => {
  const page: TagHere = { ...tag, origin: 'page', claimed: 1 };
  const known = tagWords(page, { price: exactly(12, pays('individual')), standing: standing(500) }, plainly);
  expect(known).toMatchObject({ text: '12', tone: 'hint' });
  expect(known.spoken).toContain('placed by the page');
  const nobody = { price: { problem: 'none', unknown: true }, standing: undefined };
  expect(tagWords(page, nobody, plainly)).toMatchObject({
    text: 'the page says 1',
    tone: 'hint',
    spoken: expect.stringContaining('the page says 1'),
  });
  const failing = { price: { problem: 'The gateway does not answer.', unknown: false }, standing: undefined };
  expect(tagWords(page, failing, plainly)).toMatchObject({ text: '–', tone: 'unknown' });
});

test('a schedule shows what a cycle costs and its share', () => {
  const projection = {
    from: '2026-11-01T00:00:00Z',
    until: '2026-12-01T00:00:00Z',
    runs: 30,
    runsLeft: 10,
    credits: { low: 360, expected: 360, high: 360 },
    allowance: 8_000,
    share: 4.5,
    next: [],
  };
  const one = exactly(12, pays('individual'));
  const shown = tagWords(
    tag,
    { price: one, standing: standing(500) },
    { ...plainly, runs: [{ price: one, projection, times: 1 }] },
  );
  expect(shown).toMatchObject({ text: '360', tone: 'plain' });
  expect(shown.spoken).toMatch(/^30 runs in the whole cycle, which ends on .*1.*: 360 credits, 4 % of the allowance$/);
});
