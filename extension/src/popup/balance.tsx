import type { JSX } from 'preact';
import { showCredits, showPercent } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { Standing } from '../messages.ts';
import { Odometer } from '../show/odometer.tsx';
import { useNow } from '../show/use-now.ts';
import { leftPercent } from '../worker/left-percent.ts';
import { tightestCap } from './caps-near.ts';
import { usedOf, type Used } from './used-of.ts';

/** What is available, and how much of it all is used; muted where it is not known to be true now. */
export function Balance({ standing, lowPercent }: { standing: Standing; lowPercent: number }): JSX.Element {
  const { balance, link } = standing;
  const now = useNow();
  const used = balance === null ? null : usedOf(balance, now);
  const current = link === 'live' || link === 'recent';
  const left = balance === null ? null : leftPercent(balance);
  const low = left !== null && left < lowPercent;
  return (
    <>
      <Odometer credits={balance?.available ?? null} tone={current ? (low ? 'low' : 'plain') : 'old'} />
      {balance === null ? null : <Tightest balance={balance} />}
      {used === null ? null : <Bar used={used} />}
    </>
  );
}

/** A number alone would promise what a cap does not let through. */
function Tightest({ balance }: { balance: NonNullable<Standing['balance']> }): JSX.Element | null {
  const cap = tightestCap(balance);
  if (cap === null) return null;
  const of = cap.scope ?? say('popup_cap_key');
  return <p class="muted tightest">{say('popup_cap_lets', showCredits(cap.left), of, say(`popup_cap_${cap.window}`))}</p>;
}

function Bar({ used }: { used: Used }): JSX.Element {
  const figures = [showCredits(used.used), showCredits(used.total), showPercent(used.share * 100)] as const;
  const even = used.even === null ? null : showPercent(used.even * 100);
  const label = even === null ? say('popup_bar_no_pace', ...figures) : say('popup_bar', ...figures, even);
  return (
    <div class="used">
      <div class="bar" role="img" aria-label={label} title={even === null ? label : say('popup_used_today', even)}>
        <span class="done" style={{ inlineSize: `${used.share * 100}%` }} />
        {used.even === null ? null : <span class="even" style={{ insetInlineStart: `${used.even * 100}%` }} />}
      </div>
      <p class="muted chart-head" aria-hidden="true">
        <span>{say('popup_used', figures[0], figures[1])}</span>
        <span class="number">{figures[2]}</span>
      </p>
    </div>
  );
}
