// A table by a request field: `by: body.model, is: { … }, absent: …, unknown: …`.
import type { Scalar } from '../facts.ts';
import type { PricingRefusal } from '../pricing.ts';
import { resolved, type FieldRules, type Inputs } from './field.ts';
import { didYouMean } from './nearest.ts';
import type { Place, Report } from './parse.ts';

export interface Choice<T> {
  field: string;
  values: readonly T[];
  most: T;
  /** The row for these inputs; an unknown value is refused or charged as another row, as the card says (rule 16). */
  pick(inputs: Inputs): Picked<T> | PricingRefusal;
  /** The row, or the dearest one where `pick` would refuse: for calls that are priced again under another card. */
  pickAnyway(inputs: Inputs): Picked<T>;
}

export interface Picked<T> {
  value: T;
  /** The key in the table. */
  key: string;
  known: boolean;
}

/**
 * @param rows at least one row.
 * @param above whether a is more than b.
 */
export function compileChoice<T>(
  source: { by: string; absent?: Scalar | undefined; unknown?: Scalar | undefined },
  rows: ReadonlyMap<string, T>,
  above: (a: T, b: T) => boolean,
  rules: FieldRules,
  report: Report,
  place: Place,
): Choice<T> {
  const picked = new Map([...rows].map(([key, value]) => [key, { value, key, known: true }]));
  const [start, ...others] = [...picked.values()];
  if (start === undefined) throw new RangeError('a table without rows was compiled');
  const dearest = others.reduce((most, row) => (above(row.value, most.value) ? row : most), start);
  const absent = rowNamed(source.absent, 'absent', picked, report, place);
  const unknown = String(source.unknown ?? 'refuse');
  const fallback =
    unknown === 'most' ? dearest : unknown === 'refuse' ? undefined : rowNamed(unknown, 'unknown', picked, report, place);
  const standIn = rules.get(source.by)?.absent ?? null;
  if (standIn !== null && absent === undefined && fallback === undefined && !picked.has(String(standIn))) {
    report.problem(place, `${source.by} counts as ${String(standIn)} where it is absent, and that is not in this table; add it.`);
  }

  const pick = (inputs: Inputs): Picked<T> | PricingRefusal => {
    const value = resolved(source.by, inputs, rules);
    if (value === null) return absent ?? missing(source.by, [...rows.keys()]);
    const row = picked.get(String(value));
    if (row !== undefined) return row;
    return fallback === undefined ? unknownValue(source.by, value, [...rows.keys()]) : { ...fallback, known: false };
  };
  return {
    field: source.by,
    values: [...rows.values()],
    most: dearest.value,
    pick,
    pickAnyway: (inputs) => {
      const row = pick(inputs);
      return 'key' in row ? row : { ...dearest, known: false };
    },
  };
}

function rowNamed<T>(
  name: Scalar | undefined,
  what: string,
  rows: ReadonlyMap<string, Picked<T>>,
  report: Report,
  place: Place,
): Picked<T> | undefined {
  if (name === undefined) return undefined;
  const row = rows.get(String(name));
  if (row === undefined) {
    const more = what === 'unknown' ? 'refuse, most, or ' : '';
    report.problem(
      [...place, what],
      `"${String(name)}" is not in the table; ${more}one of ${[...rows.keys()].join(', ')} would be right.`,
    );
  }
  return row;
}

/** A message is for reading; `known` has all of them. */
const NAMED_MOST = 20;

function unknownValue(field: string, value: Scalar, known: readonly string[]): PricingRefusal {
  const some = known.length > NAMED_MOST ? `${known.slice(0, NAMED_MOST).join(', ')} and others` : known.join(', ');
  const found = `${field} is ${JSON.stringify(value)}, which has no price`;
  return { code: 'value_unknown', field, message: `${found}; known are ${some}.${didYouMean(String(value), known)}`, known };
}

function missing(field: string, known: readonly string[]): PricingRefusal {
  if (field === 'plan') {
    const message = `The price goes by the plan, and the organization has none; one of ${known.join(', ')} would be right.`;
    return { code: 'field_invalid', field, message };
  }
  return {
    code: 'field_invalid',
    field,
    message: `${field} is missing and decides the price; one of ${known.join(', ')} would be right.`,
  };
}
