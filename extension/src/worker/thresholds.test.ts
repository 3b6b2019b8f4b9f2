import { expect, test } from 'vitest';
import type { Balance } from '../messages.ts';
import { passedOf, type Told } from './thresholds.ts';

const balance = (available: number, from: string | null = '2026-11-01T00:00:00Z'): Balance =>
  ({ available, sources: [{ granted: 100 }], cycle: from === null ? null : { from } }) as unknown as Balance;

/** What a person is told while the balance moves so. */
function toldOf(moves: readonly Balance[], percents = [20, 10, 0]): (number | null)[] {
  let told: Told | undefined;
  return moves.map((one) => {
    const passed = passedOf(one, percents, told);
    ({ told } = passed);
    return passed.percent;
  });
}

test('each threshold speaks once, also when the balance goes up again and down', () => {
  expect(toldOf([21, 20, 19, 50, 15, 10, 5, 0, 0].map((left) => balance(left)))).toEqual([
    null,
    20,
    null,
    null,
    null,
    10,
    null,
    0,
    null,
  ]);
});

test('who falls past several at once is told of the lowest alone', () => {
  expect(toldOf([balance(5), balance(4), balance(0)])).toEqual([10, null, 0]);
});

test('a new cycle begins anew', () => {
  expect(toldOf([balance(5), balance(5, '2026-12-01T00:00:00Z')])).toEqual([10, 10]);
});

test('without cycles what was bought begins anew, and a hold that was released does not', () => {
  expect(toldOf([19, 21, 19, 29, 19, 30, 19].map((left) => balance(left, null)))).toEqual([20, null, null, null, null, null, 20]);
});

test('without cycles once is once; where nothing was granted there is nothing to be low of', () => {
  expect(toldOf([balance(5, null), balance(5, null)])).toEqual([10, null]);
  expect(passedOf({ ...balance(0), sources: [] }, [20], undefined).percent).toBeNull();
});
