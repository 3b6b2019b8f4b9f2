// What a call costs on a schedule, by its gateway: runs of the running cycle, their credits, and their share of the allowance.
import { estimate as estimateShape } from '@tollgate/shared/estimates-contract';
import { say } from '../say.ts';
import type { TagAsked } from '../tag-messages.ts';
import { askGateway } from '../worker/gateway.ts';
import { priceOf, type CallToPrice, type Estimate, type Payer } from './estimates.ts';
import { isPrice, type NoPrice, type Price } from './priced.ts';
import { inMicrocredits } from './who-pays.ts';
import { microcredits, MICROCREDITS_MAX, toCredits } from '@tollgate/shared/credits';

export type Often = NonNullable<TagAsked['schedule']>;
export type Projection = NonNullable<Estimate['schedule']>;

export interface OnSchedule {
  /** Of one run. */
  price: Price;
  projection: Projection;
}

/** One run may be several calls, each so many times. */
export async function scheduleCosts(
  payer: Payer,
  calls: readonly { call: CallToPrice; times: number }[],
  often: Often,
): Promise<{ runs: readonly (OnSchedule & { times: number })[] } | NoPrice> {
  if (calls.length > CALLS_MOST) return { problem: say('price_schedule_many', CALLS_MOST), unknown: false };
  const schedule = 'cron' in often ? { cron: often.cron, ...(often.zone === null ? {} : { timeZone: often.zone }) } : often;
  const runs: (OnSchedule & { times: number })[] = [];
  for (const { call, times } of calls) {
    const { pairing, context } = payer;
    const asked = await askGateway(pairing, 'POST', 'estimates', { answer: estimateShape, body: { call, schedule }, context });
    if (!asked.ok) return { problem: asked.problem.message, unknown: false };
    const price = priceOf(asked.body);
    if (!isPrice(price)) return price;
    if (asked.body.schedule === undefined) return { problem: '', unknown: true };
    runs.push({ price, projection: asked.body.schedule, times });
  }
  return { runs };
}

/** All calls of a run together; the runs themselves are the same for each. */
export function projectionSum(runs: readonly { projection: Projection; times: number }[]): Projection | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const sum = (of: (one: Projection) => number): number =>
    toCredits(
      microcredits(
        Math.min(
          MICROCREDITS_MAX,
          runs.reduce((all, { projection, times }) => all + inMicrocredits(of(projection)) * times, 0),
        ),
      ),
    );
  const credits = {
    low: sum((one) => one.credits.low),
    expected: runs.some(({ projection }) => projection.credits.expected === null)
      ? null
      : sum((one) => one.credits.expected ?? 0),
    high: sum((one) => one.credits.high),
  };
  const { allowance } = first.projection;
  const share =
    allowance === null || allowance === 0 ? null : Math.round(((credits.expected ?? credits.high) / allowance) * 1_000) / 10;
  return { ...first.projection, credits, share: runs.length === 1 && first.times === 1 ? first.projection.share : share };
}

// Each is a question of its own. A part of a run would be a wrong number, and so there is none.
const CALLS_MOST = 20;
