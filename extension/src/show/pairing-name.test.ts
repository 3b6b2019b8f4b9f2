import { expect, test } from 'vitest';
import { pairingName } from './pairing-name.ts';

test('one gateway that is paired for several people is told apart by whose it is', () => {
  const name = 'credits.example.com';
  const all = [
    { name, user: 'ada', organization: 'acme' },
    { name, user: 'gina', organization: 'acme' },
    { name, user: null, organization: 'main' },
  ];
  expect(all.map(pairingName)).toEqual([
    'credits.example.com · ada, acme',
    'credits.example.com · gina, acme',
    'credits.example.com · main',
  ]);
});
