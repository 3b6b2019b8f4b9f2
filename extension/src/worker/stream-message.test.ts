import { expect, test } from 'vitest';
import { readMessage } from './stream-message.ts';

test.each([
  ['card', '{"name":"acme","version":"v2","since":"2026-11-20T00:00:00Z"}', { type: 'card', name: 'acme', version: 'v2' }],
  [
    'card',
    '{"name":"acme","version":"v2","since":"2026-11-20T00:00:00Z","new":1}',
    { type: 'card', name: 'acme', version: 'v2' },
  ],
  ['reset', '{"reason":"long ago"}', { type: 'reset' }],
])('%s %s', (type, data, message) => {
  expect(readMessage(type, data)).toEqual(message);
});

test.each([
  ['balance', '{"available":5}'],
  ['balance', 'null'],
  ['receipt', '{"id":"c1","charge":-1}'],
  ['receipt', 'not JSON'],
  ['card', '{}'],
  ['grant.made', '{}'],
  ['of tomorrow', '{}'],
  ['', '{}'],
])('%s %s says nothing that could be believed', (type, data) => {
  expect(readMessage(type, data)).toBeUndefined();
});
