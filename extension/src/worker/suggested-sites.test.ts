import { expect, test, vi } from 'vitest';

vi.mock('wxt/browser', () => ({ browser: { i18n: {} } }));
const { siteOf } = await import('./suggested-sites.ts');

test.each([
  ['https://dune.com/queries/*', 'https://dune.com'],
  ['http://127.0.0.1:9000/demo', 'http://127.0.0.1:9000'],
  ['https://dune.com', 'https://dune.com'],
  ['https://*.example.com/*', undefined],
  ['http://127.0.0.1:*/demo/*', undefined],
  ['https://exa*', undefined],
  ['*', undefined],
])('%s is of %s', (pattern, origin) => {
  expect(siteOf(pattern)).toBe(origin);
});
