// How many calls may be under way at once: refused before a hold, never queued behind one (TRAPS, The proxy).
import type { Key } from '../keys/key.ts';
import type { Gate } from './gate.ts';
import { isRefusal, refusal, type Refusal } from './refuse.ts';

export interface Admission {
  /** Counts the call among those of its key, or refuses it. */
  enter(key: Key): Promise<Refusal | undefined>;
  /** The call has ended, however it did. */
  leave(): void;
}

/** Counts a call in, or refuses it. The refusal carries Retry-After: the calls under way end by themselves. */
export function admit(gate: Gate): Admission | Refusal {
  const { traffic, rules } = gate;
  const headers = { 'retry-after': '1' };
  if (traffic.draining) {
    return { ...refusal('gateway_draining', 'The gateway is shutting down. Nothing was forwarded.'), headers };
  }
  if (traffic.open >= rules.callsMost) {
    return {
      ...refusal('gateway_busy', `${rules.callsMost} calls are under way, the most at once. Nothing was forwarded.`),
      headers,
    };
  }
  traffic.open += 1;
  let leaveKey: (() => void) | undefined;
  return {
    async enter(key) {
      const entered = await gate.limits.enter(key);
      if (isRefusal(entered)) return entered;
      leaveKey = entered;
      return undefined;
    },
    leave() {
      traffic.open -= 1;
      leaveKey?.();
    },
  };
}

/** Most keys have no limits, and their calls do not wait to hear so. */
export function isLimited({ limits }: Key): boolean {
  return limits.perMinute !== null || limits.concurrent !== null;
}
