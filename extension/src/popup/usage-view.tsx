import type { JSX } from 'preact';
import { say } from '../say.ts';
import type { Standing } from '../messages.ts';
import { ProblemNote } from '../show/problem.tsx';
import { Reasons } from '../show/reasons.tsx';
import { Strip } from '../show/strip.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { consoleUrl } from './console-url.ts';

const DAYS = 30;

/** The last thirty days, day by day and by reason. */
export function UsageView({ standing }: { standing: Standing }): JSX.Element {
  const pairing = standing.pairing.id;
  const days = useAnswer('usage', { pairing, by: 'day', days: DAYS }, standing.asOf);
  const reasons = useAnswer('usage', { pairing, by: 'reason', days: DAYS }, standing.asOf);
  const problem = days.problem ?? reasons.problem;
  const waiting = problem === null && (days.answer === null || reasons.answer === null);
  const isEmpty = days.answer !== null && days.answer.total === 0;
  return (
    <div class="sections">
      {problem === null ? null : <ProblemNote problem={problem} />}
      {waiting ? <p class="muted">{say('popup_wait')}</p> : null}
      {isEmpty ? <p class="muted">{say('show_usage_empty', DAYS)}</p> : null}
      {days.answer === null || isEmpty ? null : <Strip usage={days.answer} perDay={perDay(standing)} />}
      {reasons.answer === null || isEmpty ? null : <Reasons usage={reasons.answer} days={DAYS} />}
      <a href={consoleUrl(standing.pairing, 'usage')} target="_blank" rel="noreferrer">
        {say('popup_console_usage')}
      </a>
    </div>
  );
}

const DAY = 86_400_000;

/** The allowance of the running cycle over its days. Null where none comes. */
function perDay({ balance }: Standing): number | null {
  const cycle = balance?.cycle ?? null;
  if (cycle === null || cycle.allowance === 0) return null;
  const days = (Date.parse(cycle.until) - Date.parse(cycle.from)) / DAY;
  return days >= 1 ? cycle.allowance / days : null;
}
