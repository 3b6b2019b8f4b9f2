import type { JSX } from 'preact';
import { showCredits, showPercent } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { Balance } from '../messages.ts';
import { showDistance, showUtc } from '../show/show-time.ts';
import { useNow } from '../show/use-now.ts';
import { capsNear, type CapNear } from './caps-near.ts';

/** Caps that calls will soon meet. Red where calls are refused. */
export function CapsNear({ balance }: { balance: Balance }): JSX.Element | null {
  const now = useNow();
  const near = capsNear(balance);
  if (near.length === 0) return null;
  return (
    <section>
      <h2>{say('popup_caps')}</h2>
      <ul class="lines">
        {near.map((cap) => (
          <li key={`${cap.scope ?? ''} ${cap.window} ${cap.limit}`} class="cap">
            <p class="row">
              <span class="cut" title={cap.scope ?? undefined}>
                {say('popup_cap', cap.scope ?? say('popup_cap_key'), showCredits(cap.used), showCredits(cap.limit))}{' '}
                {say(`popup_cap_${cap.window}`)}
              </span>
              <span class="number">{showPercent(cap.percent)}</span>
            </p>
            <p class="chart-head muted">
              <Effect cap={cap} />
              {cap.resetsAt === null ? null : (
                <time dateTime={cap.resetsAt} title={showUtc(cap.resetsAt)}>
                  {say('popup_cap_resets', showDistance(Math.max(Date.parse(cap.resetsAt), now + 1_000), now))}
                </time>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Effect({ cap }: { cap: CapNear }): JSX.Element {
  if (cap.mode === 'soft') return <span>{say('popup_cap_soft')}</span>;
  return cap.percent >= 100 ? <span class="stopped-text">{say('popup_cap_full')}</span> : <span />;
}
