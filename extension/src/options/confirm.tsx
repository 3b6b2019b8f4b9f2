import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../say.ts';

/** What will happen, in place, before something that cannot be taken back. Escape keeps all as it is. */
export function Confirm(given: {
  doing: string;
  busy: boolean;
  onDo: () => void;
  onKeep: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const { doing, busy, onDo, onKeep, children } = given;
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  useEffect(() => {
    const look = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onKeep();
    };
    document.addEventListener('keydown', look);
    return () => document.removeEventListener('keydown', look);
  }, [onKeep]);
  return (
    <div class="confirm" role="group" aria-label={doing}>
      <div>{children}</div>
      <p class="actions">
        <button type="button" class="main" aria-disabled={busy} onClick={() => (busy ? undefined : onDo())}>
          {doing}
        </button>
        <button ref={keep} type="button" onClick={onKeep}>
          {say('options_keep')}
        </button>
      </p>
    </div>
  );
}
