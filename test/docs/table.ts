// The worked examples of docs/credits.md: tables that read like statements, each under the plans that the text before it shows.

export interface Example {
  /** The heading that it stands under, for the name of its test. */
  heading: string;
  /** `plans:` and `packages:` as they are in force. */
  plans: string;
  /** What the columns after the second one show. */
  columns: readonly string[];
  rows: readonly Row[];
}

interface Row {
  /** As it is written, for people who look for a row that is wrong. */
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** In order; a cell may tell several things, one after the other. */
  events: readonly string[];
  /** Empty where nothing is said. */
  cells: readonly string[];
}

const FIRST = 'When (UTC)';

export function examplesIn(text: string): Example[] {
  const examples: Example[] = [];
  let [heading, plans] = ['', ''];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^#{2,3} /.test(line)) heading = line.replace(/^#+ /, '');
    if (line === '```yaml') {
      const end = lines.indexOf('```', index);
      plans = lines.slice(index + 1, end).join('\n');
      index = end;
    } else if (line.startsWith(`| ${FIRST} |`)) {
      const table = lines.slice(
        index,
        lines.findIndex((one, later) => later > index && !one.startsWith('|')),
      );
      examples.push({ heading, plans, columns: cellsOf(line).slice(2), rows: table.slice(2).map(rowOf) });
      index += table.length;
    }
  }
  return examples;
}

function rowOf(text: string): Row {
  const [time = '', what = '', ...cells] = cellsOf(text);
  const at = Date.parse(`${time.replace(' ', 'T')}:00Z`);
  if (Number.isNaN(at)) throw new Error(`${text}\n${time} is not a time such as 2026-11-02 09:00`);
  return { text, at, events: what.split('; ').filter((event) => event !== ''), cells };
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim().replaceAll('`', ''));
}
