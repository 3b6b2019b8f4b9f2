// What a tag's inputs are made of, for the form that maps them: one row for each field that decides the price, one for each quantity that
// can be told beforehand, one for whatever else the tag names.
import type { InputSource, TagInputs } from '@tollgate/shared/rate-card/tag';
import type { Taggable } from '@tollgate/shared/tags-contract';
import type { PickedElement } from './point-messages.ts';

export type Scalar = string | number | boolean;

export interface InputRow {
  /** As it is, or would be, in the tag: `body.performance`, `quantity.rows`. */
  name: string;
  /** The word that stands before it: `performance`. */
  words: string;
  /** The only values that have a price. */
  values: readonly string[] | null;
  /** What the API takes where it is left out; null where it must be given, or nobody knows. */
  absent: Scalar | null;
  isQuantity: boolean;
  source: InputSource | undefined;
}

/** How an input is given: left out, typed, or read from the page. */
export type Given = 'absent' | 'typed' | 'page';

export function inputRows(
  { fields, quantities }: Pick<Taggable, 'fields' | 'quantities'>,
  inputs: TagInputs,
): readonly InputRow[] {
  const lasts = fields.map(({ name }) => lastOf(name));
  const rows: InputRow[] = fields.map((field) => {
    const words = lastOf(field.name);
    // A bare name is the operation's only field of that last name.
    const isBare = !(field.name in inputs) && words in inputs && lasts.filter((last) => last === words).length === 1;
    const name = isBare ? words : field.name;
    return { name, words, values: field.values, absent: field.absent, isQuantity: false, source: inputs[name] };
  });
  for (const quantity of quantities) {
    const name = `quantity.${quantity}`;
    rows.push({ name, words: quantity, values: null, absent: null, isQuantity: true, source: inputs[name] });
  }
  for (const [name, source] of Object.entries(inputs)) {
    if (!rows.some((row) => row.name === name))
      rows.push({ name, words: name, values: null, absent: null, isQuantity: name.startsWith('quantity.'), source });
  }
  return rows;
}

export function givenOf(source: InputSource | undefined): Given {
  if (source === undefined) return 'absent';
  return typeof source === 'object' && 'value' in source ? 'typed' : 'page';
}

/** What was typed, as the API would get it: numbers and yes or no in their own type. */
export function typedValue(text: string): Scalar {
  const plain = text.trim();
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(plain)) return Number(plain);
  return plain === 'true' || plain === 'false' ? plain === 'true' : text;
}

/** An element that was pointed at, read as it is by default. */
export function sourceOf({ selector, read }: Pick<PickedElement, 'selector' | 'read'>): InputSource {
  return read === 'value' ? selector : { from: selector, read };
}

type Read = Extract<InputSource, { read: unknown }>;

/** A source that is read from the page, written out; undefined for one that is typed. */
export function readOf(source: InputSource): Read | undefined {
  if (typeof source === 'string') return { from: source, read: 'value' };
  return 'value' in source ? undefined : source;
}

/** In the shortest form that means the same. */
export function shortened(source: Read): InputSource {
  const { from, read, ...more } = source;
  const others = Object.entries(more).filter(([name, value]) => value !== undefined && !(name === 'is' && isEmpty(value)));
  return others.length === 0 && read === 'value' && from !== undefined
    ? from
    : { ...(from === undefined ? {} : { from }), read, ...Object.fromEntries(others) };
}

/** What is read as `found` means `value` to the API; an empty value takes the translation away. */
export function translate(source: Read, found: string, value: string): InputSource {
  const is = Object.fromEntries(Object.entries({ ...source.is, [found]: typedValue(value) }).filter(([, to]) => to !== ''));
  return shortened({ ...source, is });
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
