import { describe, expect, test } from 'vitest';
import type { Taggable } from '@tollgate/shared/tags-contract';
import { firstCall } from './first-call.ts';

const execute: Taggable = {
  id: 'query.execute',
  service: 'dune',
  reason: 'Queries',
  method: 'POST',
  path: '/dune/api/v1/query/{query_id}/execute',
  fields: [{ name: 'body.performance', values: ['medium', 'large'], absent: 'medium' }],
  quantities: [],
};

describe('the line that makes a first call', () => {
  test('has the address, a body with priced values, and names a key', () => {
    expect(firstCall('https://gate.example', [execute])).toBe(
      `curl -X POST 'https://gate.example/dune/api/v1/query/1/execute' -H "Authorization: Bearer $TOLLGATE_KEY" -H 'Content-Type: application/json' -d '{"performance":"medium"}'`,
    );
  });

  test('is of the operation that needs the least', () => {
    const list: Taggable = {
      ...execute,
      id: 'list',
      method: 'GET',
      path: '/plain/list',
      fields: [{ name: 'query.limit', values: null, absent: 10 }],
    };
    expect(firstCall('https://gate.example', [execute, list])).toBe(
      `curl 'https://gate.example/plain/list?limit=10' -H "Authorization: Bearer $TOLLGATE_KEY"`,
    );
  });

  test('a value of a card is data and never a command', () => {
    const odd: Taggable = { ...execute, fields: [{ name: 'body.x', values: ["'; rm -rf ~ #"], absent: null }] };
    expect(firstCall('https://gate.example', [odd])).toContain(String.raw`-d '{"x":"'\''; rm -rf ~ #"}'`);
  });

  test('nothing priced, no line', () => {
    expect(firstCall('https://gate.example', [])).toBeNull();
  });
});
