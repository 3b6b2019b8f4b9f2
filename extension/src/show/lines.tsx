import type { JSX } from 'preact';
import { say } from '../say.ts';
import type { Receipt } from '../messages.ts';
import { Amount } from './amount.tsx';

type Line = Pick<Receipt['lines'][number], 'arithmetic' | 'credits'> & { free?: string | undefined };

/** The arithmetic, a line for each rate, each to its last decimal; `total` is what they come to, in credits. */
export function Lines({ lines, total }: { lines: readonly Line[]; total: number | null }): JSX.Element {
  return (
    <table class="arithmetic">
      <caption class="unseen">{say('show_receipt_lines')}</caption>
      <tbody>
        {lines.map((line, place) => (
          <tr key={place}>
            <td dir="auto">
              {line.arithmetic}
              {line.free === undefined ? null : <span class="muted"> {say('show_receipt_free_line', line.free)}</span>}
            </td>
            <td class={line.free === undefined ? 'figure' : 'figure free'}>{showAll(line.credits)}</td>
          </tr>
        ))}
      </tbody>
      {total === null ? null : (
        <tfoot>
          <tr>
            <th scope="row">{say('show_receipt_charge')}</th>
            <td class="figure">
              <Amount credits={total} exact bare />
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** Decimal text as it is, with the separators of the locale; it can have more decimals than a number keeps. */
function showAll(decimal: string): string {
  const format = new Intl.NumberFormat(undefined, { maximumFractionDigits: 20 });
  return /^-?\d+(?:\.\d+)?$/.test(decimal) ? format.format(decimal as `${number}`) : decimal;
}
