// How fast a key may call (FEATURES H11): so many calls in a minute, so many at once. It is apart from credits: 429, before anything is read
// or held, and a retry may help.
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { lineOf, type Key } from '../keys/key.ts';
import { refusal, type Refusal } from './refuse.ts';

export interface Limits {
  /**
   * Counts a call of this key, or refuses it.
   * @returns 429 `rate_limited` or `concurrency_limited` with Retry-After, or what to call when the call has ended
   */
  enter(key: Key): Promise<Leave | Refusal>;
}

export type Leave = () => void;

const MINUTE_S = 60;
const FREE: Leave = () => {};

export function createLimits(): Limits {
  // One for each number that keys are limited to: a key whose limit is changed begins anew under it.
  const byMinute = new Map<number, RateLimiterMemory>();
  const atOnce = new Map<number, RateLimiterMemory>();

  async function enterMinute(line: string, most: number): Promise<Refusal | undefined> {
    const taken = await take(limiterOf(byMinute, most, MINUTE_S), line);
    if (taken.ok) return undefined;
    const seconds = Math.max(1, Math.ceil(taken.msBeforeNext / 1_000));
    const message = `This key may make ${most} calls a minute, and has made them. It may call again in ${seconds} s. Nothing was forwarded.`;
    return { ...refusal('rate_limited', message), headers: { 'retry-after': String(seconds) } };
  }

  async function enterAtOnce(line: string, most: number): Promise<Refusal | Leave> {
    const limiter = limiterOf(atOnce, most, 0);
    const leave = (): void => void limiter.reward(line);
    if ((await take(limiter, line)).ok) return leave;
    leave();
    const message = `This key may have ${most} calls under way at once, and has them. Nothing was forwarded.`;
    return { ...refusal('concurrency_limited', message), headers: { 'retry-after': '1' } };
  }

  return {
    async enter(key) {
      const { perMinute, concurrent } = key.limits;
      // A rotated key goes on where the one before it was: rotating lifts no limit.
      const line = lineOf(key.id);
      const left = concurrent === null ? FREE : await enterAtOnce(line, concurrent);
      if (typeof left !== 'function' || perMinute === null) return left;
      const refused = await enterMinute(line, perMinute);
      if (refused !== undefined) left();
      return refused ?? left;
    },
  };
}

function limiterOf(limiters: Map<number, RateLimiterMemory>, points: number, duration: number): RateLimiterMemory {
  let limiter = limiters.get(points);
  if (limiter === undefined) limiters.set(points, (limiter = new RateLimiterMemory({ points, duration })));
  return limiter;
}

/** The library says no by rejecting; what it rejects with is its answer. */
async function take(limiter: RateLimiterMemory, line: string): Promise<{ ok: boolean; msBeforeNext: number }> {
  return limiter.consume(line).then(
    ({ msBeforeNext }) => ({ ok: true, msBeforeNext }),
    (rejected: RateLimiterRes) => ({ ok: false, msBeforeNext: rejected.msBeforeNext }),
  );
}
