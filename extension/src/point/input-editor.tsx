import type { JSX } from 'preact';
import type { InputSource } from '@tollgate/shared/rate-card/tag';
import { say, type Message } from '../say.ts';
import { givenOf, readOf, shortened, translate, typedValue, type Given, type InputRow, type Scalar } from './input-rows.ts';

/** What an input gives now, and what else its field offers; by name. */
export type ReadNow = Readonly<Record<string, { value: Scalar | null; offered: readonly string[] }>>;

type Read = NonNullable<ReturnType<typeof readOf>>['read'];
const READS: readonly (readonly [Read, Message])[] = [
  ['value', 'point_read_value'],
  ['text', 'point_read_text'],
  ['number', 'point_read_number'],
  ['checked', 'point_read_checked'],
  ['length', 'point_read_length'],
  ['rows', 'point_read_rows'],
  ['columns', 'point_read_columns'],
  ['count', 'point_read_count'],
];

export function InputEditor(given: {
  row: InputRow;
  now: ReadNow[string] | undefined;
  onPoint?: () => void;
  onChange: (source: InputSource | undefined) => void;
}): JSX.Element {
  const { row, now, onPoint, onChange } = given;
  const { name, words, absent, source } = row;
  const how = givenOf(source);
  // A quantity that nobody tells is estimated from past calls.
  const leftOut =
    absent !== null
      ? say('point_input_absent', String(absent))
      : say(row.isQuantity ? 'point_input_learnt' : 'point_input_left_out');

  function choose(next: Given): void {
    if (next === 'absent') onChange(undefined);
    else if (next === 'typed') onChange({ value: row.values?.[0] ?? '' });
    else onPoint?.();
  }

  return (
    <div class="input" data-input={name}>
      <label class="labelled">
        <span title={name}>{words}</span>
        <select onChange={({ currentTarget }) => choose(currentTarget.value as Given)}>
          <option value="absent" selected={how === 'absent'}>
            {leftOut}
          </option>
          <option value="typed" selected={how === 'typed'}>
            {say('point_input_typed')}
          </option>
          {how === 'page' || onPoint !== undefined ? (
            <option value="page" selected={how === 'page'}>
              {say('point_input_page')}
            </option>
          ) : null}
        </select>
      </label>
      {how === 'typed' ? <Typed row={row} onChange={onChange} /> : null}
      {how === 'page' && source !== undefined ? (
        <FromPage row={row} source={source} now={now} onPoint={onPoint} onChange={onChange} />
      ) : null}
    </div>
  );
}

function Typed({ row, onChange }: { row: InputRow; onChange: (source: InputSource) => void }): JSX.Element {
  const { words, values, source } = row;
  const value = typeof source === 'object' && 'value' in source ? String(source.value) : '';
  const label = say('point_input_value_of', words);
  if (values === null)
    return (
      <input
        aria-label={label}
        value={value}
        maxLength={1_000}
        inputMode={row.isQuantity ? 'decimal' : 'text'}
        onInput={({ currentTarget }) => onChange({ value: typedValue(currentTarget.value) })}
      />
    );
  return (
    <select aria-label={label} onChange={({ currentTarget }) => onChange({ value: currentTarget.value })}>
      {values.map((one) => (
        <option key={one} selected={one === value}>
          {one}
        </option>
      ))}
    </select>
  );
}

function FromPage(given: {
  row: InputRow;
  source: InputSource;
  now: ReadNow[string] | undefined;
  onPoint: (() => void) | undefined;
  onChange: (source: InputSource) => void;
}): JSX.Element | null {
  const { row, source, now, onPoint, onChange } = given;
  const read = readOf(source);
  if (read === undefined) return null;
  const { values } = row;
  // What the page calls it, where the API has another word for it.
  const foreign = values === null ? [] : foreignWords(now, values, Object.keys(read.is ?? {}));
  return (
    <div class="from-page">
      <p class="found">
        <code dir="ltr">{read.from ?? say('point_input_itself')}</code>
        {onPoint === undefined ? null : (
          <button type="button" class="plain" onClick={onPoint}>
            {say('point_input_again')}
            <span class="unseen"> {row.words}</span>
          </button>
        )}
      </p>
      <select
        aria-label={say('point_input_read', row.words)}
        onChange={({ currentTarget }) => onChange(shortened({ ...read, read: currentTarget.value as Read }))}
      >
        {READS.map(([kind, words]) => (
          <option key={kind} value={kind} selected={read.read === kind}>
            {say(words)}
          </option>
        ))}
      </select>
      {now === undefined ? null : (
        <p class="muted" role="status">
          {now.value === null ? say('point_input_nothing') : say('point_input_now', String(now.value))}
        </p>
      )}
      {foreign.map((word) => (
        <label key={word} class="translated">
          <span>{say('point_input_means', word)}</span>
          <select onChange={({ currentTarget }) => onChange(translate(read, word, currentTarget.value))}>
            <option value="">{say('point_input_means_itself')}</option>
            {(values ?? []).map((one) => (
              <option key={one} value={one} selected={String(read.is?.[word] ?? '') === one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

function foreignWords(
  now: ReadNow[string] | undefined,
  values: readonly string[],
  translated: readonly string[],
): readonly string[] {
  const seen = now === undefined ? [] : [...now.offered, ...(now.value === null ? [] : [String(now.value)])];
  return [...new Set([...translated, ...seen])]
    .filter((word) => word !== '' && (translated.includes(word) || !values.includes(word)))
    .slice(0, 20);
}
