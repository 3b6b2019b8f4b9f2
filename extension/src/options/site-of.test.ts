import { expect, test } from 'vitest';
import { siteOf } from './site-of.ts';

test.each([
  ['dune.com', 'https://dune.com'],
  [' https://dune.com/queries/41?x=1 ', 'https://dune.com'],
  ['http://127.0.0.1:9000/demo', 'http://127.0.0.1:9000'],
  ['localhost:9000', 'http://localhost:9000'],
  ['https://[::1]:9000/', 'https://[::1]:9000'],
])('%s means %s', (text, origin) => {
  expect(siteOf(text)).toBe(origin);
});

test.each([
  '',
  'dune',
  'two words',
  'https://*/*',
  'https://*.com',
  'ftp://a.example',
  'chrome://settings',
  'https://user@a.example',
])('%s means none', (text) => {
  expect(siteOf(text)).toBeUndefined();
});
