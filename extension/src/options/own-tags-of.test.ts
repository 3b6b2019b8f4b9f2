import { expect, test } from 'vitest';
import { ownTagsOf } from './own-tags-of.ts';

test('of everything the own tags alone are taken', () => {
  const file = {
    what: 'x',
    version: 1,
    kept: { 'own-tags': { is: [1] }, settings: { is: { badge: 'off' } } },
    session: { known: {} },
  };
  expect(JSON.parse(ownTagsOf(JSON.stringify(file)))).toEqual({ what: 'x', version: 1, kept: { 'own-tags': { is: [1] } } });
});

test.each(['no JSON', '[]', 'null', '{"kept":{}}', '{"kept":null}'])('%s stays as it is', (text) => {
  expect(ownTagsOf(text)).toBe(text);
});
