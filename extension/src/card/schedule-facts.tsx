import type { JSX } from 'preact';
import { showCredits, showPercent, showRange } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import { showDay } from '../show/show-time.ts';
import { Moment } from '../show/moment.tsx';
import type { Priced } from './price.tsx';

/** What runs by itself: how often in this cycle, what that comes to, its share of the allowance, when next. */
export function ScheduleFacts(given: { schedule: NonNullable<Priced['schedule']>; exact: boolean }): JSX.Element {
  const { runs, credits, share, allowance, until, next } = given.schedule;
  return (
    <section>
      <h3>{say('card_schedule')}</h3>
      <dl class="facts">
        <div>
          <dt>{say('card_schedule_runs', showDay(until))}</dt>
          <dd>{showCredits(runs)}</dd>
        </div>
        <div>
          <dt>{say('card_schedule_credits')}</dt>
          <dd>
            {credits.expected === null ? null : showCredits(credits.expected)}{' '}
            {given.exact || credits.low === credits.high ? null : (
              <span class="number muted">{showRange(credits.low, credits.high)}</span>
            )}
          </dd>
        </div>
        {share === null ? null : (
          <div>
            <dt>{say('card_schedule_share')}</dt>
            <dd class={share > 100 ? 'low-text' : undefined}>
              {allowance === null
                ? showPercent(share)
                : say('card_schedule_share_of', showPercent(share), showCredits(allowance))}
            </dd>
          </div>
        )}
        {next.length === 0 ? null : (
          <div>
            <dt>{say('card_schedule_next')}</dt>
            <dd>
              {next.slice(0, 3).map((at) => (
                <div key={at}>
                  <Moment at={at} />
                </div>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
