// Every spelling of TRAPS that a router, a proxy and an upstream read differently is refused before it is priced.
import { describe, expect, test } from 'vitest';
import { readPath } from './path.ts';
import { isRefusal } from './refuse.ts';

describe('a plain path', () => {
  test.each([
    ['/openai/v1/chat/completions', '/openai/v1/chat/completions', ''],
    ['/dune/api/v1/query/1/execute?limit=5', '/dune/api/v1/query/1/execute', '?limit=5'],
    ['/a/b%20c?x=%2Fy', '/a/b%20c', '?x=%2Fy'],
    ['/v1/models/gpt-4o:free', '/v1/models/gpt-4o:free', ''],
    ['/a/.well-known/x...y', '/a/.well-known/x...y', ''],
  ])('%s is taken as it is', (url, path, search) => {
    expect(readPath(url)).toEqual({ path, search });
  });
});

describe('an ambiguous path', () => {
  test.each([
    ['/free#/../v1/paid'],
    ['http://other.example/v1/paid'],
    ['//other.example/v1/paid'],
    ['/free//paid'],
    ['/free/../v1/paid'],
    ['/free/./paid'],
    ['/free/..'],
    ['/free/%2e%2e/v1/paid'],
    ['/free/%2E./v1/paid'],
    ['/free%2fpaid'],
    ['/free%5cpaid'],
    ['/free\\paid'],
    ['/paid;a=b'],
    ['/paid%3ba=b'],
    ['/paid%00'],
    ['/paid%0d%0aHost:x'],
    ['/paid%252e%252e/x'],
    ['/paid%zz'],
    ['/paid%2'],
    ['/päid'],
    ['*'],
    [''],
    [`/${'a'.repeat(9_000)}`],
  ])('%s is refused', (url) => {
    const found = readPath(url);
    expect(isRefusal(found) && found.refused).toBe('path_ambiguous');
  });
});
