import type { JSX } from 'preact';
import { say } from '../say.ts';
import type { Usage } from '@tollgate/shared/usage-contract';
import { Amount } from './amount.tsx';

// More than these are one row: a list that nobody reads answers nothing.
const MOST = 6;

/** What was charged for which reason, most first; a table with a bar in each row, so that it reads without seeing as well. */
export function Reasons({ usage, days }: { usage: Usage; days: number }): JSX.Element {
  const shown = usage.rows.slice(0, usage.rows.length > MOST ? MOST - 1 : MOST);
  const rest = usage.rows.slice(shown.length);
  const most = Math.max(...usage.rows.map((row) => row.credits)) || 1;
  const others = rest.reduce((sum, row) => sum + row.credits, 0);
  return (
    <table class="share">
      <caption>
        <h2>{say('show_reasons_title', days)}</h2>
      </caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{say('show_chart_reason')}</th>
          <th scope="col">{say('show_credits')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((row, place) => (
          <Row key={row.name} name={row.name} credits={row.credits} share={row.credits / most} series={place + 1} />
        ))}
        {rest.length > 0 ? (
          <Row name={say('show_reasons_other', rest.length)} credits={others} share={Math.min(1, others / most)} series={7} />
        ) : null}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{say('show_chart_total')}</th>
          <td class="figure">
            <Amount credits={usage.total} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Row(given: { name: string; credits: number; share: number; series: number }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <span class="cut" title={given.name}>
          {given.name}
        </span>
        <svg height="4" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect width={Math.max(given.share * 100, 0.5)} height="4" style={{ fill: `var(--series-${given.series})` }} />
        </svg>
      </th>
      <td class="figure">
        <Amount credits={given.credits} bare />
      </td>
    </tr>
  );
}
