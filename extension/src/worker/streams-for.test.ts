import { expect, test } from 'vitest';
import type { Pairing } from '../messages.ts';
import { streamsFor } from './streams-for.ts';

const pairing = (id: string): Pairing => ({ id }) as Pairing;
const ids = (all: readonly Pairing[]): string[] => all.map(({ id }) => id);

test('one gateway leaves connections for questions, and the one that is shown has its stream', () => {
  const six = Array.from({ length: 6 }, (_, n) => pairing(`https://a.test ${n}`));
  expect(ids(streamsFor([...six, pairing('https://b.test 1')], 'https://a.test 5'))).toEqual([
    'https://a.test 5',
    'https://a.test 0',
    'https://a.test 1',
    'https://b.test 1',
  ]);
});

test('of very many gateways eight have one, and the one that is shown is among them', () => {
  const many = Array.from({ length: 20 }, (_, n) => pairing(`https://${n}.test k`));
  expect(ids(streamsFor(many, 'https://19.test k'))).toHaveLength(8);
  expect(ids(streamsFor(many, 'https://19.test k'))[0]).toBe('https://19.test k');
  expect(streamsFor([], null)).toEqual([]);
});
