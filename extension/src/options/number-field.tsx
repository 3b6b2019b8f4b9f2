import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { say } from '../say.ts';
import { readNumber } from './read-typed.ts';

/**
 * A number that is kept as soon as it can be read, with its unit behind it. What cannot be read is kept nowhere, and said below.
 * `label` is for those who listen; the words around the field say it to the others.
 */
export function NumberField(given: {
  value: number;
  least: number;
  most: number;
  label: string;
  unit: string;
  disabled?: boolean;
  onKeep: (value: number) => void;
}): JSX.Element {
  const { value, least, most, label, unit, disabled = false, onKeep } = given;
  const [text, setText] = useState(String(value));
  const field = useRef<HTMLInputElement>(null);
  const errorId = useId();
  const wrong = readNumber(text, least, most) === undefined;
  // What another page of ours set shows here, but never under the fingers of who is typing.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(String(value));
  }, [value]);
  return (
    <span class="number-field">
      <input
        ref={field}
        inputMode="decimal"
        value={text}
        disabled={disabled}
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={wrong ? errorId : undefined}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          const read = readNumber(currentTarget.value, least, most);
          if (read !== undefined && read !== value) onKeep(read);
        }}
        onBlur={() => setText(String(value))}
      />
      <span class="unit"> {unit}</span>
      {wrong ? (
        <span id={errorId} class="field-error" role="alert">
          {say('options_number_wrong', least, most, value)}
        </span>
      ) : null}
    </span>
  );
}
