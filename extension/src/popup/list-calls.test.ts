import { describe, expect, test } from 'vitest';
import type { Calls } from '../messages.ts';
import { withNewest, withOlder } from './list-calls.ts';

const page = (ids: string, next: string | null, state = 'settled'): Calls =>
  ({ calls: ids.split('').map((id) => ({ id, state })), next }) as unknown as Calls;
const idsOf = ({ calls }: Calls): string => calls.map(({ id }) => id).join('');

describe('the list of calls', () => {
  const first = page('fed', 'd');

  test('older ones follow, and a new one pushes none out', () => {
    const listed = withOlder(first, page('cb', 'b'));
    expect([idsOf(listed), listed.next]).toEqual(['fedcb', 'b']);
    const after = withNewest(listed, page('gfe', 'e'));
    expect([idsOf(after), after.next]).toEqual(['gfedcb', 'b']);
  });

  test('a call is shown once, as it was told last', () => {
    const after = withNewest(page('fe', null, 'open'), page('fe', null, 'settled'));
    expect(after.calls.map(({ state }) => state)).toEqual(['settled', 'settled']);
    expect(idsOf(withOlder(first, page('dc', null)))).toBe('fedc');
  });

  test('where more came than a page has, it begins anew and goes on from there', () => {
    const after = withNewest(withOlder(first, page('cb', 'b')), page('zyx', 'x'));
    expect([idsOf(after), after.next]).toEqual(['zyx', 'x']);
  });

  test('the first page of an empty list is the list', () => {
    expect(idsOf(withNewest(page('', null), first))).toBe('fed');
    expect(idsOf(withNewest(page('', null), page('', null)))).toBe('');
  });
});
