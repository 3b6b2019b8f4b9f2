import { expect, test, vi } from 'vitest';

vi.mock('wxt/browser', () => ({ browser: {} }));
const { bubblesOf, withBubbles } = await import('./page-bubbles.ts');

const ONE = 'https://one.test';
const OTHER = 'https://other.test:8443';
const off = (origin: string, ...names: readonly string[]): Readonly<Record<string, boolean>> =>
  names.reduce<Readonly<Record<string, boolean>>>((bubbles, name) => withBubbles({ bubbles }, origin, name, false), {});

test('a site is told of its own scenarios alone', () => {
  const bubbles = { ...off(ONE, 'Invoices', 'Two words'), ...off(OTHER, 'Payroll of the board') };
  expect(bubblesOf({ bubbles }, ONE)).toEqual({ Invoices: false, 'Two words': false });
  expect(bubblesOf({ bubbles }, 'https://one')).toEqual({});
  expect(bubblesOf({ bubbles: withBubbles({ bubbles }, ONE, 'Payroll of the board', true) }, OTHER)).toEqual({
    'Payroll of the board': false,
  });
});

test('what is switched on again is kept no more, and a site can fill its own part only', () => {
  expect(withBubbles({ bubbles: off(ONE, 'Invoices') }, ONE, 'Invoices', true)).toEqual({});
  const full = off(ONE, ...Array.from({ length: 300 }, (_, n) => `s${n}`));
  expect(Object.keys(full)).toHaveLength(200);
  expect(bubblesOf({ bubbles: withBubbles({ bubbles: full }, OTHER, 'mine', false) }, OTHER)).toEqual({ mine: false });
});
