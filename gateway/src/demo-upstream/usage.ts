// What is told about usage: the truth, or the lie that was asked for by the faults `no-usage` and `usage=…`.
import type { Faults } from './faults.ts';

/** JSON has no NaN, yet some servers write one; this mark becomes a bare NaN on the wire. */
const NAN_MARK = '\u0001NaN';

export type Usage = Readonly<Record<string, unknown>>;

/**
 * The reports to send in place of one true report: none, one, or two that disagree.
 * @param fields the top-level fields that a lie is about: the dear ones.
 */
export function tellings(usage: Usage, faults: Faults, fields: readonly string[]): readonly Usage[] {
  if (faults.has('no-usage')) return [];
  const lie = faults.get('usage');
  if (lie === undefined) return [usage];
  if (lie === 'twice') return [usage, bend(usage, fields, (value) => value * 2 + 1)];
  return [bend(usage, fields, (value) => lieAbout(lie, value))];
}

/** The text of an answer with its usage: the key stands twice where two reports were asked for. */
export function withUsage(body: object, reports: readonly Usage[], key = 'usage'): string {
  const members = reports.map((report) => `,${JSON.stringify(key)}:${wire(report)}`);
  return `${wire(body).slice(0, -1)}${members.join('')}}`;
}

/** JSON text, with a bare NaN where a lie wants one. */
export function wire(value: unknown): string {
  return JSON.stringify(value).replaceAll(JSON.stringify(NAN_MARK), 'NaN');
}

/** One number as the asked lie has it. */
function lieAbout(lie: string, truth: number): unknown {
  if (lie === 'negative') return -truth - 1;
  if (lie === 'text') return `${truth} or so`;
  if (lie === 'nan') return NAN_MARK;
  if (lie === 'huge') return 1e18;
  return Number.isFinite(Number(lie)) && lie !== '' ? Number(lie) : truth;
}

function bend(usage: Usage, fields: readonly string[], how: (value: number) => unknown): Usage {
  const bent: Record<string, unknown> = { ...usage };
  for (const field of fields) {
    const value = bent[field];
    if (typeof value === 'number') bent[field] = how(value);
  }
  return bent;
}
