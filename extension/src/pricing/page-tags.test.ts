import '../words-of-tests.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { TagAsked, TagShown } from '../tag-messages.ts';
import type { RuleOfPage } from './rules-for-page.ts';

const PAIRING = 'https://credits.test key';
const CARD = `
card: small
services:
  records:
    path: /records
    upstream: records
    operations: [{ id: read, match: "GET /v1/{id}", price: [{ rate: 2 }] }]
`;
const loaded = loadRateCard(CARD, { file: 'small', version: '1' });
const operations = new Map(
  loaded.ok ? loaded.card.services.flatMap((service) => service.operations).map((one) => [one.id, one]) : [],
);
vi.mock('./surroundings.ts', () => ({
  cardsOf: () => [],
  surroundingsNow: () => ({
    standings: [
      {
        pairing: { id: PAIRING, context: 'acme/lab' },
        balance: {
          available: 100,
          sources: [{ kind: 'individual', available: 100, granted: 100 }],
          caps: [],
          context: { plan: null },
        },
        link: 'live',
      },
    ],
    settings: { ask: { above: null, share: null, crossing: true, refused: true }, lowPercent: 20 },
    notToday: {},
    cards: new Map([[PAIRING, { operations }]]),
    changedAt: new Map(),
  }),
}));
const schedules = vi.hoisted(() => ({ asked: 0 }));
vi.mock('./schedule-costs.ts', async (original) => ({
  ...(await original<object>()),
  scheduleCosts: () => {
    schedules.asked += 1;
    const projection = {
      runs: 10,
      credits: { low: 20, expected: 20, high: 20 },
      share: 20,
      allowance: 100,
      until: '2026-12-01T00:00:00Z',
    };
    return Promise.resolve({ runs: [{ price: {}, projection, times: 1 }] });
  },
}));
const { createPageTags } = await import('./page-tags.ts');

const RULE: RuleOfPage = {
  rule: {
    id: 'card r',
    origin: 'card',
    via: 'gateway',
    selector: 'b',
    parts: [{ operation: 'read', inputs: {}, forEach: null }],
    schedule: null,
  },
  pairing: PAIRING,
  name: '',
};
const asked = (key: string, more: Partial<TagAsked> = {}): TagAsked => ({
  key,
  rule: 'card r',
  origin: 'card',
  via: 'gateway',
  parts: [{ operation: 'read', inputs: { id: 'a' } }],
  schedule: null,
  claimed: null,
  ...more,
});

let shown: TagShown[] = [];
function pageTags(): ReturnType<typeof createPageTags> {
  const tags = createPageTags({ origin: 'https://site.test', tab: 1 }, (some) => void shown.push(...some));
  tags.takeRules(new Map([['card r', RULE]]));
  return tags;
}

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  schedules.asked = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test('a tag with a schedule that is told again while its schedule is being asked has its price', async () => {
  const tags = pageTags();
  const one = asked('s', { schedule: { every: '1h' } });
  tags.take([one], []);
  await vi.advanceTimersByTimeAsync(100);
  tags.take([one], []);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown.map(({ key, text }) => [key, text])).toEqual([['s', '20']]);
  expect(schedules.asked).toBe(1);
});

test('who says very much is listened to up to an end, and what was said before stays', async () => {
  const tags = pageTags();
  tags.take([asked('first')], []);
  const long = { operation: 'read', inputs: { id: 'x'.repeat(1_000) } };
  for (let n = 0; n < 100; n += 1) tags.take([asked(`long ${n}`, { parts: Array.from({ length: 100 }, () => long) })], []);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.length).toBeLessThan(50);
  expect(tags.look('first')).toBeDefined();
  expect(tags.look('long 99')).toBeUndefined();
  tags.take(
    [],
    shown.map(({ key }) => key),
  );
  tags.take([asked('after')], []);
  await vi.advanceTimersByTimeAsync(100);
  expect(shown.at(-1)?.key).toBe('after');
});
