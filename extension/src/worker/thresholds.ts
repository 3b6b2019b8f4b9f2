// Which thresholds a balance has just passed, each once in a cycle.
import type { Balance } from '../messages.ts';
import { leftPercent } from './left-percent.ts';

// Per cent of the total.
const MUCH_MORE = 10;

export interface Told {
  /** When the cycle began; empty where credits come in no cycle. */
  cycle: string;
  percents: readonly number[];
}

/**
 * @param percents of what is left: 20 speaks when less than, or just, 20 % is left; 0 when nothing is
 * @returns the lowest that was passed and not told of, or null, and what has been told of from now on
 */
export function passedOf(
  balance: Balance,
  percents: readonly number[],
  told: Told | undefined,
): { percent: number | null; told: Told } {
  const cycle = balance.cycle?.from ?? '';
  const ofCycle = told?.cycle === cycle ? told.percents : [];
  const left = leftPercent(balance);
  if (left === null) return { percent: null, told: { cycle, percents: ofCycle } };
  // Where credits come in no cycle, those that were bought begin one: a hold that was released does not.
  const before = cycle === '' ? ofCycle.filter((percent) => left < percent + MUCH_MORE) : ofCycle;
  const passed = percents.filter((percent) => left <= percent);
  const fresh = passed.filter((percent) => !before.includes(percent));
  return {
    percent: fresh.length === 0 ? null : Math.min(...fresh),
    told: { cycle, percents: [...new Set([...before, ...passed])] },
  };
}
