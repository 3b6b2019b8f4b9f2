import { expect, test } from 'vitest';
import type { Balance, Pairing } from '../messages.ts';
import { withBalance, withBeat, withContext, without, withProblem, withSpentToday } from './known.ts';
import { linkOf } from './link.ts';

const pairing = { id: 'g k', context: 'acme/main' } as Pairing;
const balance = { available: 7 } as Balance;
const offline = { code: 'offline', message: 'It does not answer.' };
const told = withBalance({}, pairing, balance, 1_000);

test('a failure keeps what was known, with its age; the next balance takes the failure away', () => {
  const failed = withProblem(told, 'g k', 'acme/main', offline);
  expect(failed['g k']).toEqual({ ...told['g k'], problem: offline });
  expect(withProblem(failed, 'g k', 'acme/main', { ...offline })).toBe(failed);
  expect(withBalance(failed, pairing, balance, 2_000)['g k']).toMatchObject({ asOf: 2_000, problem: null });
});

test('a failure before the first balance makes none up', () => {
  expect(withProblem({}, 'g k', 'acme/main', offline)['g k']).toMatchObject({ balance: null, asOf: null, spentToday: null });
});

test('a stream that ends was true until it was last heard, and makes nothing older', () => {
  expect(withBeat(told, 'g k', 5_000)['g k']?.asOf).toBe(5_000);
  expect(withBeat(told, 'g k', 500)).toBe(told);
  expect(withBeat({}, 'g k', 500)).toEqual({});
});

test('another context is another balance: nothing of the one before is shown as of it', () => {
  const spent = withSpentToday(told, pairing, 3);
  const other = { ...pairing, context: 'acme/lab' };
  expect(withContext(spent, pairing)).toBe(spent);
  expect(withContext(spent, other)['g k']).toMatchObject({ context: 'acme/lab', balance: null, asOf: null, spentToday: null });
  expect(withSpentToday(spent, other, 9)).toBe(spent);
  expect(withBalance(spent, other, balance, 2)['g k']?.spentToday).toBeNull();
  expect(withBalance(spent, pairing, balance, 2)['g k']?.spentToday).toBe(3);
});

test('an unpaired gateway is forgotten', () => {
  expect(without(told, 'g k')).toEqual({});
});

const problem = (code: string): { code: string; message: string } => ({ code, message: '' });

test.each([
  ['nothing was told yet', undefined, false, 'stale'],
  ['told just now', { asOf: 100_000, problem: null }, false, 'recent'],
  ['told 59 s ago', { asOf: 41_000, problem: null }, false, 'recent'],
  ['told a minute ago', { asOf: 40_000, problem: null }, false, 'stale'],
  ['told in the future of a clock that was set back', { asOf: 200_000, problem: null }, false, 'stale'],
  ['a stream is open', { asOf: 0, problem: null }, true, 'live'],
  ['it does not answer', { asOf: 100_000, problem: problem('offline') }, false, 'offline'],
  ['the browser lets nobody ask', { asOf: 100_000, problem: problem('permission_missing') }, false, 'offline'],
  ['it answers something else', { asOf: 100_000, problem: problem('not_a_gateway') }, false, 'stale'],
  ['its ledger does not answer', { asOf: 100_000, problem: problem('ledger_unavailable') }, false, 'stale'],
  ['it knows the key no more', { asOf: 100_000, problem: problem('key_unknown') }, true, 'refused'],
  ['it never answered', { asOf: null, problem: problem('offline') }, false, 'offline'],
] as const)('%s', (_, known, streaming, link) => {
  expect(linkOf(known, streaming, 100_000)).toBe(link);
});
