import { expect, test } from 'vitest';
import { pagePatterns, suggestedPattern } from './page-patterns.ts';

test.each([
  ['https://dune.com/queries/4132129?engine=large#top', 'https://dune.com/queries/*'],
  ['https://dune.com/queries/4132129/results', 'https://dune.com/queries/*/results*'],
  ['http://127.0.0.1:9000/demo/pages/query.html', 'http://127.0.0.1:9000/demo/pages/query.html*'],
  ['https://a.example/', 'https://a.example/*'],
  ['https://a.example/s/f3b1c2d4-9a8b-4c7d-8e6f-001122334455/run', 'https://a.example/s/*/run*'],
  ['https://a.example/runs/run_8f3a9c01', 'https://a.example/runs/*'],
])('%s suggests %s', (address, pattern) => {
  expect(suggestedPattern(address)).toBe(pattern);
});

test('this page, pages alike, the whole site: narrowest first, none twice', () => {
  expect(pagePatterns('https://dune.com/queries/41').map(({ pattern, covers }) => `${covers} ${pattern}`)).toEqual([
    'page https://dune.com/queries/41*',
    'alike https://dune.com/queries/*',
    'site https://dune.com/*',
  ]);
  expect(pagePatterns('https://dune.com/')).toHaveLength(1);
});

test('what is no web page has none', () => {
  expect(pagePatterns('about:blank')).toEqual([]);
  expect(pagePatterns('file:///etc/hosts')).toEqual([]);
  expect(suggestedPattern('nonsense')).toBe('');
});
