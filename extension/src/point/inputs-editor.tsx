import type { JSX } from 'preact';
import type { TagInputs } from '@tollgate/shared/rate-card/tag';
import type { Taggable } from '@tollgate/shared/tags-contract';
import { say } from '../say.ts';
import { InputEditor, type ReadNow } from './input-editor.tsx';
import { inputRows } from './input-rows.ts';

/** Maps each field that decides the price: left out, typed, or read from the page. Without `onPoint` there is no page to point at. */
export function InputsEditor(given: {
  operation: Taggable;
  inputs: TagInputs;
  onChange: (inputs: TagInputs) => void;
  onPoint?: (name: string) => void;
  /** What the page gives now, by name. */
  now?: ReadNow;
}): JSX.Element {
  const { operation, inputs, onChange, onPoint, now } = given;
  const rows = inputRows(operation, inputs);
  if (rows.length === 0) return <p class="muted">{say('point_inputs_none')}</p>;
  return (
    <fieldset class="inputs">
      <legend>{say('point_inputs')}</legend>
      {rows.map((row) => (
        <InputEditor
          key={row.name}
          row={row}
          now={now?.[row.name]}
          {...(onPoint === undefined ? {} : { onPoint: () => onPoint(row.name) })}
          onChange={(source) => {
            const { [row.name]: _before, ...others } = inputs;
            onChange(source === undefined ? others : { ...others, [row.name]: source });
          }}
        />
      ))}
    </fieldset>
  );
}
