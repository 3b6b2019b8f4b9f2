import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { say } from '../say.ts';
import { readNumber } from './read-typed.ts';
import { showCount } from './show-count.ts';

/**
 * A number that is kept once it is typed, with its unit behind it: what stands there on the way to it means nothing. What cannot be read is kept
 * nowhere, and said below. `label` is for those who listen; the words around the field say it to the others.
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
  const [isWrong, setWrong] = useState(false);
  const errorId = useId();
  // What is kept, here or by another page of ours, is what stands here.
  useEffect(() => {
    setText(String(value));
    setWrong(false);
  }, [value]);
  return (
    <span class="number-field">
      <input
        inputMode="decimal"
        value={text}
        disabled={disabled}
        aria-label={label}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? errorId : undefined}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onChange={({ currentTarget }) => {
          const read = readNumber(currentTarget.value, least, most);
          setWrong(read === undefined);
          if (read === undefined) return;
          setText(String(read));
          if (read !== value) onKeep(read);
        }}
      />
      <span class="unit"> {unit}</span>
      {isWrong ? (
        <span id={errorId} class="field-error" role="alert">
          {say('options_number_wrong', showCount(least), showCount(most), showCount(value))}
        </span>
      ) : null}
    </span>
  );
}
