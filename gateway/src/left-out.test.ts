import { expect, test } from 'vitest';
import { readCard } from './cards.ts';
import { leftOut, otherCycles, unseated } from './left-out.ts';

const text = (more: string): string => `card: a
services: { s: { path: /s, upstream: u, operations: [{ id: t, match: GET /, price: [] }] } }
${more}`;
const TEAM =
  'plans: { team: { every: month, seats: { pro: { allowance: 5 }, max: { allowance: 9 } } }, solo: { lifetime: 5 } }\n';
const SMALL = 'packages: { small: { credits: 5, price: 1 USD } }\n';
const USES = [
  { what: 'plan', plan: 'team', name: 'team', every: 'month', by: ['acme', 'beta', 'c', 'd', 'e', 'f', 'g'] },
  { what: 'seat type', plan: 'team', name: 'max', every: null, by: ['acme/s1'] },
  { what: 'seat type', plan: 'team', name: 'old', every: null, by: ['acme/s2'] },
  { what: 'package', plan: null, name: 'small', every: null, by: ['acme'] },
] as const;

function card(more: string) {
  const read = readCard(text(more), { file: 'c' });
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.card;
}

function messages(more: string, before = TEAM + SMALL): string[] {
  return leftOut(USES, card(more), { file: 'c', text: text(more), before: card(before) }).map(
    ({ line, message }) => `${line}: ${message}`,
  );
}

test('a card without what somebody has names it, its line, and who has it', () => {
  expect(messages(TEAM + SMALL)).toEqual([]);
  expect(messages(SMALL + TEAM.replace('max', 'more'))).toEqual([
    '4: the seat type "max" of the plan "team" is not in the card and in use by acme/s1; bring it back, or give them another one first and reload.',
  ]);
  expect(messages('plans: { solo: { lifetime: 5 } }\n')).toEqual([
    expect.stringContaining('3: the plan "team" is not in the card and in use by acme, beta, c, d, e and 2 more;'),
    expect.stringContaining('3: the seat type "max" of the plan "team"'),
    expect.stringContaining('1: the package "small" is not in the card and in use by acme;'),
  ]);
});

test('what the card before it did not name either is no loss', () => {
  expect(messages('', 'plans: { solo: { lifetime: 5 } }\n')).toEqual([]);
});

test('at the start, plans must be there', () => {
  const more = 'plans: { solo: { lifetime: 5 } }\n';
  const found = leftOut(USES, card(more), { file: 'c', text: text(more) });
  expect(found).toMatchObject([{ message: expect.stringContaining('the plan "team"') as string, usedBy: USES[0].by }]);
});

test('seats whose plan does not know their type are told of, and those of a plan without types are not', () => {
  const more = TEAM.replace('max', 'more');
  expect(unseated(USES, card(more), { file: 'c', text: text(more) }).map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '3: the seat type "max" of the plan "team" is not in the card, so that these seats give nothing: acme/s1; give them another type.',
    '3: the seat type "old" of the plan "team" is not in the card, so that these seats give nothing: acme/s2; give them another type.',
  ]);
  const [, , old] = USES;
  const solo = 'plans: { solo: { lifetime: 5 } }\n';
  expect(unseated([{ ...old, plan: 'solo' }], card(solo), { file: 'c', text: text(solo) })).toEqual([]);
});

test('who has a plan whose cycles a card changes is told of: theirs run on', () => {
  const more = TEAM.replace('every: month', 'every: week');
  expect(otherCycles(USES, card(TEAM), { file: 'c', text: text(TEAM) })).toEqual([]);
  expect(otherCycles(USES, card(more), { file: 'c', text: text(more) })).toMatchObject([
    {
      line: 3,
      message: expect.stringMatching(
        /^the plan "team" is for each week now, and goes on by the month for acme, beta, .* and 2 more;/,
      ),
    },
  ]);
});
