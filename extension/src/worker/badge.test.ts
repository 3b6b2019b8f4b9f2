import { expect, test } from 'vitest';
import type { Balance, Settings, Standing } from '../messages.ts';
import { badgeOf } from './badge.ts';

const standing = (available: number, more: Partial<Standing> = {}): Standing =>
  ({
    balance: { available, sources: [{ granted: 1_000 }] } as unknown as Balance,
    link: 'recent',
    spentToday: 12.5,
    ...more,
  }) as Standing;
const settings = (badge: Settings['badge'], lowPercent = 20): Pick<Settings, 'badge' | 'lowPercent'> => ({ badge, lowPercent });

test.each([
  [0, '0'],
  [0.000001, '<1'],
  [0.999999, '<1'],
  [1, '1'],
  [9.99, '9.9'],
  [12.5, '12'],
  [99.99, '99'],
  [999, '990'],
  [1_000, '1K'],
  [1_999, '1.9K'],
  [7_412.6, '7.4K'],
  [99_999, '99K'],
  [123_456, '120K'],
  [999_999, '990K'],
  [999_999_999, '990M'],
  [1_000_000_000, '1B'],
])('%d credits are %s: at most four characters, never more than there is', (available, text) => {
  expect(badgeOf(standing(available), settings('remaining')).text).toBe(text);
  expect(text.length).toBeLessThanOrEqual(4);
});

test('no figure that is shown is longer or larger than it may be', () => {
  const worth = { K: 1e3, M: 1e6, B: 1e9 };
  for (let amount = 1; amount < 1e9; amount = amount * 1.37 + 0.1) {
    const { text } = badgeOf(standing(amount), settings('remaining'));
    const [, digits = '', unit = ''] = /^([\d.]+)([KMB]?)$/.exec(text) ?? [];
    expect(text.length, String(amount)).toBeLessThanOrEqual(4);
    expect(Number(digits) * (worth[unit as keyof typeof worth] ?? 1), String(amount)).toBeLessThanOrEqual(amount);
  }
});

test.each<[Settings['badge'], number, string, 'plain' | 'low']>([
  ['off', 1, '', 'plain'],
  ['low', 200, '', 'plain'],
  ['low', 199.9, '190', 'low'],
  ['low', 0, '0', 'low'],
  ['remaining', 200, '200', 'plain'],
  ['remaining', 150, '150', 'low'],
  ['percent', 999.9, '99%', 'plain'],
  ['percent', 1_000, '100%', 'plain'],
  ['percent', 5, '<1%', 'low'],
  ['percent', 0, '0%', 'low'],
  ['today', 500, '12', 'plain'],
])('%s with %d of 1,000 left: %s, %s', (badge, available, text, tone) => {
  expect(badgeOf(standing(available), settings(badge))).toEqual({ text, tone });
});

test.each<Standing['link']>(['stale', 'offline'])('%s is never shown as a figure, and never as zero', (link) => {
  for (const badge of ['remaining', 'percent', 'today'] as const)
    expect(badgeOf(standing(100, { link }), settings(badge))).toEqual({ text: '–', tone: 'plain' });
  expect(badgeOf(standing(100, { link }), settings('low')).text).toBe('');
});

test('what is not known is a dash; a refused key is red, unless the badge is off; without a gateway it is silent', () => {
  expect(badgeOf(standing(1, { balance: null }), settings('remaining')).text).toBe('–');
  expect(badgeOf(standing(1, { spentToday: null }), settings('today')).text).toBe('–');
  const none = standing(1, { balance: { available: 0, sources: [] } as unknown as Balance });
  expect(badgeOf(none, settings('percent')).text).toBe('–');
  expect(badgeOf(none, settings('low')).text).toBe('');
  expect(badgeOf(standing(1, { link: 'refused' }), settings('low'))).toEqual({ text: '!', tone: 'refused' });
  expect(badgeOf(standing(1, { link: 'refused' }), settings('off')).text).toBe('');
  expect(badgeOf(undefined, settings('remaining')).text).toBe('');
});
