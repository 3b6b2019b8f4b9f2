import type { ComponentChildren, JSX } from 'preact';
import { say } from '../say.ts';
import type { Balance, Standing } from '../messages.ts';
import { Amount } from '../show/amount.tsx';
import { Moment } from '../show/moment.tsx';
import { showDistance } from '../show/show-time.ts';
import { useNow } from '../show/use-now.ts';
import { CapsNear } from './caps-view.tsx';
import { Sources } from './sources.tsx';

/** The pace, when it runs out, when it resets, what ends unspent; who pays in which order; caps near their edge. */
export function Overview({ balance, standing }: { balance: Balance; standing: Standing }): JSX.Element {
  const { cycle } = balance;
  const now = useNow(60_000);
  return (
    <div class="sections">
      <dl class="facts">
        {standing.spentToday === null ? null : (
          <Fact name={say('popup_today')}>
            <Amount credits={standing.spentToday} />
          </Fact>
        )}
        {cycle === null ? null : (
          <Fact name={say('popup_average')}>
            <Amount credits={roundTo(cycle.averagePerDay)} />
          </Fact>
        )}
        <Fact name={say('popup_runs_out')}>
          <RunsOut cycle={cycle} now={now} />
        </Fact>
        {cycle === null ? null : (
          <Fact name={say('popup_resets')}>
            {cycle.resetsAt === null ? (
              say('popup_resets_never')
            ) : (
              <>
                <Moment at={cycle.resetsAt} /> <span class="muted">{showDistance(Date.parse(cycle.resetsAt), now)}</span>
              </>
            )}
          </Fact>
        )}
        {balance.held > 0 ? (
          <Fact name={say('popup_held')}>
            <Amount credits={balance.held} />
          </Fact>
        ) : null}
      </dl>
      <CapsNear balance={balance} />
      <Sources balance={balance} />
      <Expiring balance={balance} />
    </div>
  );
}

// A pace says nothing of hours that are days away.
const EXACTLY_BEFORE = 2 * 86_400_000;

function RunsOut({ cycle, now }: { cycle: Balance['cycle']; now: number }): JSX.Element {
  if (cycle === null) return <span class="muted">{say('popup_runs_out_unknown')}</span>;
  if (cycle.runsOutAt === null) return <span>{say('popup_runs_out_not')}</span>;
  const at = Date.parse(cycle.runsOutAt);
  return (
    <span class="low-text">
      <Moment at={at} day={at - now > EXACTLY_BEFORE} />
      {say('popup_runs_out_pace', showDistance(Math.max(at, now + 1_000), now))}
    </span>
  );
}

// What ends later is in the console.
const EXPIRING = 3;

function Expiring({ balance }: { balance: Balance }): JSX.Element | null {
  const ending = balance.sources
    .flatMap(({ kind, expiring }) => expiring.map((one) => ({ ...one, of: kind })))
    .filter(({ left }) => left > 0)
    .toSorted((one, other) => Date.parse(one.expiresAt) - Date.parse(other.expiresAt))
    .slice(0, EXPIRING);
  if (ending.length === 0) return null;
  return (
    <section>
      <h2>{say('popup_expires')}</h2>
      <ul class="lines">
        {ending.map(({ grant, left, expiresAt, of }) => (
          <li key={grant} class="row">
            <span>
              <Moment at={expiresAt} />{' '}
              {of === 'pool' ? <span class="muted">{say('popup_source_pool', balance.organization)}</span> : null}
            </span>
            <Amount credits={left} bare />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** An average has no use for three decimals. */
function roundTo(credits: number): number {
  return credits >= 10 ? Math.round(credits * 10) / 10 : credits;
}
