import { describe, expect, test } from 'vitest';
import { BURST, nextStep } from './auto-purchase.ts';

const CYCLE = 1_764_547_200_000;
const MINUTE = 60_000;
const settings = { mostPerCycle: 4, coolDownMs: 5 * MINUTE };

/** Purchases so many minutes after the start of the cycle. */
function bought(...orders: [minute: number, state: 'open' | 'paid' | 'declined' | 'ended', cycle?: number][]) {
  return orders.map(([minute, state, cycle = CYCLE], index) => ({
    id: `auto:acme@${cycle}:${index + 1}`,
    state,
    madeAt: CYCLE + minute * MINUTE,
  }));
}

const at = (minute: number): number => CYCLE + minute * MINUTE;

describe('the next purchase', () => {
  test('is the first one where there was none', () => {
    expect(nextStep(settings, [], CYCLE, at(0))).toEqual({ do: 'buy', number: 1 });
  });

  test('is numbered within its cycle, declined ones counted', () => {
    const orders = bought([0, 'paid'], [20, 'declined'], [-90, 'paid', CYCLE - 1]);
    expect(nextStep(settings, orders, CYCLE, at(60))).toEqual({ do: 'buy', number: 3 });
  });

  test('waits for one that is on its way, also of the cycle before', () => {
    expect(nextStep(settings, bought([0, 'open']), CYCLE, at(600))).toEqual({ do: 'nothing' });
    expect(nextStep(settings, bought([-600, 'open', CYCLE - 1]), CYCLE, at(600))).toEqual({ do: 'nothing' });
  });

  test('waits for the cool-down to the millisecond, from the last one that was paid', () => {
    const orders = bought([10, 'paid']);
    expect(nextStep(settings, orders, CYCLE, at(15) - 1)).toEqual({ do: 'nothing' });
    expect(nextStep(settings, orders, CYCLE, at(15))).toEqual({ do: 'buy', number: 2 });
    expect(nextStep(settings, bought([10, 'declined']), CYCLE, at(11))).toEqual({ do: 'buy', number: 2 });
    expect(nextStep(settings, bought([-1, 'paid', CYCLE - 1]), CYCLE, at(1))).toEqual({ do: 'nothing' });
  });

  test('is not made where as many were paid as a cycle may have', () => {
    const four = bought([0, 'paid'], [20, 'paid'], [40, 'paid'], [60, 'paid']);
    expect(nextStep(settings, four, CYCLE, at(600))).toEqual({ do: 'nothing' });
    const three = bought([0, 'paid'], [20, 'ended'], [40, 'declined'], [60, 'paid'], [80, 'paid']);
    expect(nextStep(settings, three, CYCLE, at(600))).toEqual({ do: 'buy', number: 6 });
  });

  test('is not made after a burst, whatever was paid of it and whichever cycle it began in', () => {
    const burst = bought([-1, 'paid', CYCLE - 1], [2, 'declined'], [4, 'paid']);
    const free = { mostPerCycle: 1_000, coolDownMs: 0 };
    expect(nextStep(free, burst, CYCLE, at(8))).toMatchObject({ do: 'pause' });
    expect(nextStep(free, burst, CYCLE, at(-1) + BURST.withinMs - 1)).toMatchObject({ do: 'pause' });
    expect(nextStep(free, burst, CYCLE, at(-1) + BURST.withinMs)).toEqual({ do: 'buy', number: 3 });
  });
});
