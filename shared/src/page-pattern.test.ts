import { expect, test } from 'vitest';
import { matchesPage, originOf } from './page-pattern.ts';

test.each([
  ['https://dune.com/queries/*', 'https://dune.com/queries/12?x=1', true],
  ['https://dune.com/queries/*', 'https://dune.com/dashboards/12', false],
  ['https://dune.com/queries/*', 'http://dune.com/queries/12', false],
  ['https://dune.com/queries/*/edit', 'https://dune.com/queries/12/edit', true],
  ['https://dune.com/queries/*/edit', 'https://dune.com/queries/edit', false],
  ['https://dune.com/a*b*c', 'https://dune.com/abc', true],
  ['https://dune.com/a*bc*c', 'https://dune.com/abc', false],
  ['https://dune.com', 'https://dune.com/', true],
  ['https://dune.com/x', 'https://dune.com/x#part', true],
  ['https://dune.com/x#/runs/*', 'https://dune.com/x#/runs/7', true],
  ['https://DUNE.com/*', 'https://dune.com/x', true],
  ['http://127.0.0.1:*/demo/*', 'http://127.0.0.1:9000/demo/pages/query', true],
  ['https://app.example.com:*/demo/*', 'https://app.example.com/demo/x', true],
  ['http://127.0.0.1/*', 'http://127.0.0.1:9000/', false],
  ['about:blank', 'about:blank', false],
])('%s on %s: %s', (pattern, address, fits) => {
  expect(matchesPage(pattern, address)).toBe(fits);
});

test('a star in the host does not reach into the path of somebody else', () => {
  expect(matchesPage('https://*.example.com/*', 'https://app.example.com/x')).toBe(true);
  expect(matchesPage('https://*.example.com/*', 'https://evil.test/.example.com/x')).toBe(false);
  expect(matchesPage('https://*example.com/*', 'https://evil.test/?example.com/x')).toBe(false);
});

test('a pattern made to take long takes no time', () => {
  const pattern = `https://a.test/${'*a'.repeat(240)}b`;
  const began = performance.now();
  expect(matchesPage(pattern, `https://a.test/${'a'.repeat(9_000)}`)).toBe(false);
  expect(performance.now() - began).toBeLessThan(50);
});

test('the origin of a pattern, where it names one', () => {
  expect(originOf('https://Dune.com/queries/*')).toBe('https://dune.com');
  expect(originOf('http://127.0.0.1:*/demo/*')).toBeNull();
});
