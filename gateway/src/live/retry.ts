// When a delivery is tried again: the schedule that Standard Webhooks proposes, over some three days, spread a little so that receivers
// that come back are not met by everything at once.
import type { Delivery } from '../ledger/beside.ts';
import type { Posted } from './post.ts';

const S = 1_000;
const M = 60 * S;
const H = 60 * M;

/** Before each attempt, from the one before it. */
export const WAITS_MS: readonly number[] = [0, 5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H];
const SPREAD = 0.1;

/** The delivery after an attempt. `at`: epoch milliseconds; `random`: 0 ≤ random < 1. */
export function afterAttempt(delivery: Delivery, { status, error }: Posted, at: number, random: number): Delivery {
  const attempts = delivery.attempts + 1;
  const tried = { ...delivery, attempts, lastAt: at, lastStatus: status };
  if (status !== null && status >= 200 && status < 300) return { ...tried, state: 'delivered', nextAt: null, lastError: '' };
  const lastError = status === null ? error : answeredWords(status);
  const wait = WAITS_MS[attempts];
  // Gone is gone: the receiver says that it wants no more.
  if (status === 410 || wait === undefined) return { ...tried, state: 'dead', nextAt: null, lastError };
  return { ...tried, nextAt: at + Math.round(wait * (1 + SPREAD * random)), lastError };
}

function answeredWords(status: number): string {
  if (status === 410) return 'answered 410: gone for good';
  return status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`;
}
