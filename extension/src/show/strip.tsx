import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { showCredits } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { Usage } from '@tollgate/shared/usage-contract';
import { Amount, unitOf } from './amount.tsx';
import { showDayName } from './show-day-name.ts';

const WIDTH = 332;
const HEIGHT = 64;
const GAP = 2;

/** A bar for each day, today lighter; arrow keys go from day to day and say each value. `perDay` is drawn as a line: the allowance, evenly. */
export function Strip({ usage, perDay }: { usage: Usage; perDay: number | null }): JSX.Element {
  const { rows } = usage;
  const last = rows.length - 1;
  const [chosen, choose] = useState<number | null>(null);
  const at = Math.min(chosen ?? last, last);
  const [table, setTable] = useState(false);
  const most = Math.max(perDay ?? 0, ...rows.map((row) => row.credits)) || 1;
  const width = WIDTH / Math.max(rows.length, 1);
  const row = rows[at];
  const title = say('show_strip_title', rows.length);
  const text = row === undefined ? '' : valueOf(row, row === rows[last]);
  return (
    <figure>
      <figcaption class="chart-head">
        <h2>{title}</h2>
        <button type="button" class="plain" aria-pressed={table} onClick={() => setTable(!table)}>
          {say(table ? 'show_chart_chart' : 'show_chart_table')}
        </button>
      </figcaption>
      {table ? (
        <DayTable usage={usage} />
      ) : (
        <>
          <p class="muted chart-value" aria-hidden="true">
            {text}
          </p>
          <div
            class="strip"
            tabIndex={0}
            role="slider"
            aria-label={title}
            aria-valuemin={1}
            aria-valuemax={rows.length}
            aria-valuenow={at + 1}
            aria-valuetext={text}
            onKeyDown={(event) => {
              const to = target(event, at, last);
              if (to === null) return;
              event.preventDefault();
              choose(to);
            }}
          >
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} height={HEIGHT} aria-hidden="true" direction="ltr">
              {rows.map((day, place) => {
                const height = day.credits > 0 ? Math.max(1, (day.credits / most) * HEIGHT) : 0;
                const kind = [place === last ? 'today' : '', place === chosen ? 'chosen' : ''].join(' ').trim();
                return (
                  <g key={day.name} onPointerEnter={() => choose(place)}>
                    <rect x={place * width} y={0} width={width} height={HEIGHT} style={{ fill: 'transparent' }} />
                    <rect class={kind} x={place * width + GAP / 2} y={HEIGHT - height} width={width - GAP} height={height} />
                  </g>
                );
              })}
              <line class="base" x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
              {perDay === null ? null : (
                <line x1={0} x2={WIDTH} y1={HEIGHT - (perDay / most) * HEIGHT} y2={HEIGHT - (perDay / most) * HEIGHT} />
              )}
            </svg>
          </div>
          <p class="chart-head muted" aria-hidden="true" dir="ltr">
            <span>{rows[0] === undefined ? '' : showDayName(rows[0].name)}</span>
            <span>{say('show_strip_today')}</span>
          </p>
          {perDay === null ? null : <p class="muted">{say('show_strip_line', showCredits(Math.round(perDay * 10) / 10))}</p>}
        </>
      )}
    </figure>
  );
}

function valueOf(row: Usage['rows'][number], today: boolean): string {
  const day = today ? say('show_strip_today') : showDayName(row.name);
  const spent = [day, showCredits(row.credits), unitOf(row.credits)] as const;
  return row.calls === 1 ? say('show_strip_value_one', ...spent) : say('show_strip_value', ...spent, showCredits(row.calls));
}

/** Where a key leads; null for keys that do nothing here. In right-to-left pages days still run from left to right. */
function target(event: KeyboardEvent, from: number, last: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    Home: 0,
    End: last,
  };
  const to = steps[event.key];
  return to === undefined ? null : Math.max(0, Math.min(last, to));
}

function DayTable({ usage }: { usage: Usage }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('show_chart_day')}</th>
          <th scope="col" class="figure">
            {say('show_credits')}
          </th>
          <th scope="col" class="figure">
            {say('show_chart_calls')}
          </th>
        </tr>
      </thead>
      <tbody>
        {usage.rows.toReversed().map((row) => (
          <tr key={row.name}>
            <td>{showDayName(row.name)}</td>
            <td class="figure">
              <Amount credits={row.credits} bare />
            </td>
            <td class="figure">{showCredits(row.calls)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
