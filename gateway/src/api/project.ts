// A schedule's projection (FEATURES B3): how often a call runs in a cycle, what that costs, and how much of the allowance it is.
import type { z } from 'zod';
import type { schedule } from '@tollgate/shared/estimates-contract';
import { MICROCREDITS_MAX, microcredits, parseCredits, toCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { projectInterval, type IntervalAsked } from '@tollgate/shared/interval';
import { projectSchedule, type ScheduleOutcome } from '@tollgate/shared/schedule';
import { refusal, type Refusal } from '../call/refuse.ts';
import { layOutAll } from '../payer/lay-out.ts';
import { momentOf } from '../payer/moment.ts';
import type { Payer } from '../payer/payer.ts';
import { allowanceWatched } from './allowance-watched.ts';
import { iso } from './route.ts';

// A year of minutes; more than that nobody can schedule.
const RUNS_MOST = 600_000;

interface Interval {
  low: number;
  expected: number | null;
  high: number;
}

/** @param each what one run costs, in credits as it was shown: who multiplies gets the same */
export function project(payer: Payer, asked: z.output<typeof schedule>, each: Interval, at: number): object | Refusal {
  const { cycle, zone } = momentOf(payer, at);
  const over = { zone: asked.timeZone ?? zone, until: cycle.until, most: RUNS_MOST };
  const whole = runsOf(asked, { ...over, from: cycle.from });
  const left = runsOf(asked, { ...over, from: at });
  if (!whole.ok || !left.ok) {
    const { part, message } = whole.ok ? (left as Extract<typeof left, { ok: false }>) : whole;
    const field = `body.schedule.${part === 'zone' ? 'timeZone' : part}`;
    return refusal('input_invalid', `${field}: ${message}`, { field });
  }
  const times = (credits: number): Microcredits =>
    microcredits(Math.min((parseCredits(credits) ?? ZERO) * whole.runs, MICROCREDITS_MAX));
  const most = times(each.expected ?? each.high);
  // As the balance shows it.
  const allowance = allowanceWatched(payer, layOutAll(payer, at))?.limit;
  return {
    from: iso(cycle.from),
    until: iso(cycle.until),
    runs: whole.runs,
    runsLeft: left.runs,
    credits: {
      low: toCredits(times(each.low)),
      expected: each.expected === null ? null : toCredits(times(each.expected)),
      high: toCredits(times(each.high)),
    },
    allowance: allowance === undefined ? null : toCredits(allowance),
    share: allowance === undefined ? null : Math.round((most / allowance) * 1_000) / 10,
    next: left.next.map(iso),
  };
}

function runsOf({ cron, every }: z.output<typeof schedule>, over: Omit<IntervalAsked, 'every'>): ScheduleOutcome {
  return every === undefined ? projectSchedule({ ...over, cron: cron ?? '' }) : projectInterval({ ...over, every });
}
