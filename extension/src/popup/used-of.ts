import type { Balance } from '../messages.ts';

export interface Used {
  used: number;
  total: number;
  /** Of the total, 0 to 1; more was used where top-ups paid as well. */
  share: number;
  /** Where an even pace would be now, 0 to 1; null where nothing comes in cycles. */
  even: number | null;
}

/** Used against total, in credits: of the allowance of the running cycle, else of all that was granted. Null where nothing was. */
export function usedOf(balance: Balance, now: number): Used | null {
  const { cycle, sources } = balance;
  if (cycle !== null && cycle.allowance > 0) {
    const from = Date.parse(cycle.from);
    const even = (now - from) / (Date.parse(cycle.until) - from);
    return { used: cycle.used, total: cycle.allowance, share: within(cycle.used / cycle.allowance), even: within(even) };
  }
  const total = sources.reduce((sum, source) => sum + source.granted, 0);
  const used = sources.reduce((sum, source) => sum + source.spent + source.held, 0);
  return total > 0 ? { used: sixDecimals(used), total: sixDecimals(total), share: within(used / total), even: null } : null;
}

function within(share: number): number {
  return Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;
}

/** Sums of decimal credits have no more decimals than credits have. */
function sixDecimals(credits: number): number {
  return Math.round(credits * 1e6) / 1e6;
}
