import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Taggable } from '@tollgate/shared/tags-contract';
import { say } from '../say.ts';

// More than one can read through; a word or two finds the others.
const MOST = 60;

/** The operations of a rate card, found by what they are called, do or where they are called. */
export function OperationPicker(given: {
  operations: readonly Taggable[];
  chosen: string;
  onChoose: (operation: Taggable) => void;
}): JSX.Element {
  const { operations, chosen, onChoose } = given;
  const [find, setFind] = useState('');
  const [isOpen, setOpen] = useState(chosen === '');
  const [name, fieldId] = [useId(), useId()];
  const words = find
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = operations.filter(({ id, service, reason, path, method }) => {
    const text = `${id} ${service} ${reason} ${method} ${path}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const now = operations.find(({ id }) => id === chosen);
  const choose = (operation: Taggable): void => {
    setOpen(false);
    onChoose(operation);
  };
  // Who chose by keyboard goes on from where the list was.
  const other = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    if (wasOpen.current && !isOpen) other.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (!isOpen && now !== undefined)
    return (
      <div class="chosen">
        <span>
          <span class="code">{now.id}</span>
          <span class="muted example">{now.reason}</span>
        </span>
        <button ref={other} type="button" class="plain" onClick={() => setOpen(true)}>
          {say('point_operation_other')}
        </button>
      </div>
    );
  return (
    <fieldset class="operations">
      <legend>
        <label for={fieldId}>{say('point_operation')}</label>
      </legend>
      <input
        id={fieldId}
        type="search"
        value={find}
        placeholder={say('point_operation_find')}
        onInput={({ currentTarget }) => setFind(currentTarget.value)}
        onKeyDown={(event) => {
          // Enter takes the first, as in every search; the form is not sent.
          const [first] = found;
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (first !== undefined) choose(first);
        }}
      />
      <div class="choices">
        {found.slice(0, MOST).map((operation) => (
          <label key={operation.id} class="choice operation">
            <input
              type="radio"
              name={name}
              checked={operation.id === chosen}
              onChange={() => onChoose(operation)}
              // Arrow keys only go through the list; a click, or Enter, has chosen.
              onClick={({ detail }) => (detail > 0 ? choose(operation) : undefined)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                choose(operation);
              }}
            />
            <span class="code">{operation.id}</span>
            <span class="muted example" dir="auto">{`${operation.reason} · ${operation.method} ${operation.path}`}</span>
          </label>
        ))}
      </div>
      <p class="muted" role="status">
        {found.length === 0 && operations.length > 0 ? say('point_operation_none') : ''}
        {found.length > MOST ? say('point_operation_more', MOST, found.length) : ''}
      </p>
    </fieldset>
  );
}
