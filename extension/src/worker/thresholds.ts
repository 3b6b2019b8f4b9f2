// Which thresholds a balance has just passed, each once in a cycle.
import type { Balance } from '../messages.ts';
import { leftPercent } from './left-percent.ts';

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
  const before = told?.cycle === cycle ? told.percents : [];
  const left = leftPercent(balance);
  if (left === null) return { percent: null, told: { cycle, percents: before } };
  const passed = percents.filter((percent) => left <= percent);
  const fresh = passed.filter((percent) => !before.includes(percent));
  return {
    percent: fresh.length === 0 ? null : Math.min(...fresh),
    told: { cycle, percents: [...new Set([...before, ...passed])] },
  };
}
