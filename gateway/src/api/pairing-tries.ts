// How often somebody may try codes, and make them. A code has 50 bits and ten minutes: at this pace nobody finds one.
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { refusal, type Refusal } from '../call/refuse.ts';
import { networkOf } from './network-of.ts';

export interface PairingTries {
  /**
   * Counts a try, before the code is looked at. A code that was right is given back with `right`.
   * @returns 429 `rate_limited` with Retry-After
   */
  claim(address: string): Promise<Refusal | undefined>;
  right(address: string): Promise<void>;
  /** Counts a code that a key asks for. */
  make(key: string): Promise<Refusal | undefined>;
}

const WINDOW_S = 600;
const WRONG_MOST = 20;
// From everywhere together: who has many addresses is slowed too.
const WRONG_OVERALL = 500;
const MADE_MOST = 60;
const EVERYBODY = 'everybody';

export function createPairingTries(): PairingTries {
  const byAddress = new RateLimiterMemory({ points: WRONG_MOST, duration: WINDOW_S });
  const overall = new RateLimiterMemory({ points: WRONG_OVERALL, duration: WINDOW_S });
  const byKey = new RateLimiterMemory({ points: MADE_MOST, duration: WINDOW_S });
  return {
    async claim(address) {
      // Once nobody may try any more, nothing is remembered of who comes: of many addresses that would be much. Whoever has used up their own
      // tries takes none of everybody's.
      const waitMs =
        (await usedUp(overall, EVERYBODY)) ?? (await take(byAddress, networkOf(address))) ?? (await take(overall, EVERYBODY));
      return waitMs === undefined
        ? undefined
        : slowedDown('Too many wrong codes were tried, and so this one was not looked at.', waitMs);
    },
    async right(address) {
      await Promise.all([byAddress.reward(networkOf(address)), overall.reward(EVERYBODY)]);
    },
    async make(key) {
      const waitMs = await take(byKey, key);
      return waitMs === undefined
        ? undefined
        : slowedDown('This key has made many codes, and so no further one was made.', waitMs);
    },
  };
}

/** As `take`, and takes nothing. */
async function usedUp(limiter: RateLimiterMemory, name: string): Promise<number | undefined> {
  const known = await limiter.get(name);
  return known === null || known.remainingPoints > 0 ? undefined : known.msBeforeNext;
}

/** The library says no by rejecting. @returns how long to wait, milliseconds; undefined where it may go on */
async function take(limiter: RateLimiterMemory, name: string): Promise<number | undefined> {
  return limiter.consume(name).then(
    () => undefined,
    (rejected: RateLimiterRes) => rejected.msBeforeNext,
  );
}

function slowedDown(why: string, waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return { ...refusal('rate_limited', `${why} Try again in ${seconds} s.`), headers: { 'retry-after': String(seconds) } };
}
